"""Run the tests of scikit-learn, and of Celer where it is installed, with our names in the place of theirs.

``python tests/peers/run.py`` prints a table: how many tests of each file pass, how many fail for which reason
of ``expected.toml``, and how many fits were ours. It exits with 1 if anything is not as that list says, and
names it. ``python tests/peers/run.py ridge celer`` runs the files whose name holds one of these words.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from lenient import FREEDOMS

HERE = Path(__file__).parent
RELEASE = "1.9"  # of scikit-learn, for which the list is made: another one has other tests
COLUMNS = ("passed", *FREEDOMS, "skipped", "failed", "our fits", "their fits")

# The files of scikit-learn's tests in which our classes are fitted, by folder; the longest first.
FILES = """
    linear_model: ridge coordinate_descent sparse_coordinate_descent least_angle common sag sgd bayes huber
    linear_model._glm: glm
    linear_model: logistic
    model_selection: classification_threshold validation search
    .: calibration
    ensemble: bagging stacking voting common
    decomposition: dict_learning sparse_pca
    impute: impute
    .: metaestimators_metadata_routing multioutput multiclass metaestimators pipeline kernel_ridge
    preprocessing: target_encoder
    feature_selection: from_model rfe
    inspection: permutation_importance
    semi_supervised: self_training
    frozen: frozen
    metrics: score_objects
    metrics._plot: common_curve_display confusion_matrix_display det_curve_display precision_recall_display
    metrics._plot: roc_curve_display predict_error_display
    utils: plotting response sparse
    utils._repr_html: estimator
"""
# Of Celer's, the tests of models that we have. Not run: those that give n_alphas to scikit-learn's LassoCV or
# ElasticNetCV, where it is gone, and one of a constructor that refuses numbers, as ours does in fit.
CELER = {
    "celer.tests.test_lasso": "not logreg and not LassoCV",
    "celer.tests.test_enet": "not raise_errors and not ElasticNetCV",
    "celer.tests.test_mtl": "GroupLasso_Lasso_equivalence",
}


def main(words):
    """Run the files, print the table, and return the exit code."""
    found = version("scikit-learn")
    if not found.startswith(f"{RELEASE}."):
        print(f"scikit-learn {found} is installed, and the list is made for {RELEASE}: nothing is run")
        return 0
    chosen = [one for one in modules() if not words or any(word in one for word in words)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        outcomes = dict(zip(chosen, pool.map(lambda one: run(one, Path(folder)), chosen), strict=True))
    rows = [[name, *told["counts"].values()] for name, told in outcomes.items()]
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    print_table([["", *COLUMNS], *rows, ["all", *sums]])
    unexpected = [one for told in outcomes.values() for one in told["unexpected"]]
    idle = [(name, "no fit is ours") for name, told in outcomes.items() if not told["counts"]["our fits"]]
    for test, why in unexpected + idle:
        print(f"{test}: {why}")
    return 1 if unexpected or idle else 0


def modules():
    """The modules of tests, as Python names them."""
    found = []
    for line in FILES.strip().splitlines():
        room, names = line.strip().split(": ")
        folder = ".".join(filter(None, ["sklearn", room.strip("."), "tests"]))
        found += [f"{folder}.test_{name}" for name in names.split()]
    return found + (list(CELER) if find_spec("celer") else [])


def run(module, folder):
    """Run one module in a process of its own: counts by column, and what was not expected."""
    outcome = folder / f"{module}.json"
    paths = [str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        "PYTHONPATH": os.pathsep.join(paths),
        "PEER": module.partition(".")[0],
        "SKLEARN_TESTS_GLOBAL_RANDOM_SEED": "42",  # it stands in the names of tests
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-c", os.devnull, "--rootdir", str(folder)]
    # Before what is installed beside the peer stands what PYTHONPATH says, in processes of its own, too.
    command += ["--import-mode=append"]
    command += ["-p", "expected", "-p", "switched", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["--expected", str(HERE / "expected.toml"), "--outcome", str(outcome)]
    command += ["-o", "consider_namespace_packages=true", "--pyargs", module]  # Celer's tests are no package
    # Arrays of other libraries come back as NumPy's from ours.
    command += ["-k", CELER.get(module, "not array_api")]
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    print(".", end="", file=sys.stderr, flush=True)
    if not outcome.exists():
        told = {"counts": {}, "fits": {}, "unexpected": [(module, (done.stdout + done.stderr)[-2000:])]}
    else:
        told = json.loads(outcome.read_text("utf-8"))
    counts = Counter(told["counts"]) + Counter({f"{whose} fits": n for whose, n in told["fits"].items()})
    return {"counts": {name: counts[name] for name in COLUMNS}, "unexpected": told["unexpected"]}


def print_table(rows):
    widths = [max(len(str(one)) for one in column) for column in zip(*rows, strict=True)]
    print()
    for name, *numbers in rows:
        cells = [f"{number or '·':>{width}}" for number, width in zip(numbers, widths[1:], strict=True)]
        print("  ".join([f"{name:<{widths[0]}}", *cells]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
