"""Audit what other packages return at their default settings.

``python -m benchmarks.audit_peers collect`` runs every peer that is installed (scikit-learn, celer, skglm,
adelie, glum, and R with glmnet) and writes tests/strength/stored/audits.json: versions, calls, coefficients.
``python -m benchmarks.audit_peers`` audits what is stored and prints the table of docs/audit.md.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HERE = Path(__file__).resolve().parent.parent
STORED = HERE / "tests" / "strength" / "stored" / "audits.json"
TABLE = ["data", "package", "call", "violation ÷ λ", "wrong zeros", "wrong non-zeros", "objective left"]

# What is called, with what, and in which convention the strength is; {a} is the alpha of the data.
PYTHON = [
    ("scikit-learn", "sklearn.linear_model.Lasso(alpha={a}).fit(X, y)", 1.0),
    ("scikit-learn", "sklearn.linear_model.ElasticNet(alpha={a}).fit(X, y)", 0.5),
    ("scikit-learn", "sklearn.linear_model.LassoCV().fit(X, y)", 1.0),
    ("celer", "celer.Lasso(alpha={a}).fit(X, y)", 1.0),
    ("skglm", "skglm.Lasso(alpha={a}).fit(X, y)", 1.0),
    ("glum", "glum.GeneralizedLinearRegressor(alpha={a}, l1_ratio=1).fit(X, y)", 1.0),
    ("adelie", "adelie.grpnet(X, adelie.glm.gaussian(y), lmda_path=np.array([{a}]))", 1.0),
]
ADELIE_DEFAULT = "adelie"
GLMNET = ["coef(glmnet(X, y), s = {a}, exact = FALSE)", "coef(glmnet(X, y, lambda = {a}))"]


def load(name: str) -> tuple[Array, Array]:
    """Return the data of one name: X and y."""
    if name == "diabetes":
        with (HERE / "examples" / "diabetes.csv").open() as file:
            rows = np.array([list(map(float, row)) for row in list(csv.reader(file))[1:]])
        return rows[:, :-1], rows[:, -1]
    rng = np.random.Generator(np.random.PCG64(6))
    X = np.sqrt(0.95) * rng.standard_normal((100, 1)) + np.sqrt(0.05) * rng.standard_normal((100, 200))
    return X, X[:, :10] @ np.linspace(-3, 3, 10) + rng.standard_normal(100)


ALPHAS = {"diabetes": 1.0, "correlated": 0.01}


def collect() -> dict[str, Any]:
    """Run the peers."""
    import adelie
    import celer
    import glum
    import skglm
    import sklearn.linear_model

    scope = {"adelie": adelie, "celer": celer, "glum": glum, "skglm": skglm, "sklearn": sklearn, "np": np}
    cases = []
    for data, alpha in ALPHAS.items():
        X, y = load(data)
        for package, template, ratio in PYTHON:
            call = template.format(a=alpha)
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                model = eval(call, scope | {"X": np.asfortranarray(X), "y": y})
            if package == ADELIE_DEFAULT:
                coef, intercept = model.betas.toarray()[-1], float(model.intercepts[-1])
            else:
                coef, intercept = model.coef_, float(model.intercept_)
            case = _case(data, package, version(package), call, coef, intercept)
            case["strength"] = {"alpha": float(getattr(model, "alpha_", alpha)), "l1_ratio": ratio}
            case["warned"] = any("onver" in str(warning.message) for warning in said)
            cases.append({**case, "convention": "sklearn"})
        for template in GLMNET:
            call = template.format(a=alpha)
            found, release = _glmnet(X, y, call)
            case = _case(data, "glmnet", release, call, found[1:], float(found[0]))
            cases.append({**case, "convention": "glmnet", "strength": {"lambda": alpha}, "warned": False})
    return {"numpy": np.__version__, "cases": cases}


def _case(data: str, package: str, release: str, call: str, coef: Array, intercept: float) -> dict[str, Any]:
    kept = {f"x{j + 1}": float(w) for j, w in enumerate(coef) if w != 0}
    return {
        "data": data,
        "package": package,
        "version": release,
        "call": call,
        "intercept": intercept,
        "coef": kept,
    }


def _glmnet(X: Array, y: Array, call: str) -> tuple[Array, str]:
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(Path(folder, "data.txt"), np.column_stack([X, y]), fmt="%.17g")
        script = (
            "suppressMessages(library(glmnet)); d <- as.matrix(read.table('data.txt')); p <- ncol(d) - 1; "
            f"X <- d[, 1:p]; y <- d[, p + 1]; found <- {call}; "
            "cat(as.character(packageVersion('glmnet')), sprintf('%.17g', as.numeric(found)), sep = '\\n')"
        )
        done = subprocess.run(
            ["Rscript", "--vanilla", "-e", script], cwd=folder, capture_output=True, text=True, check=True
        )
    release, *numbers = done.stdout.split()
    return np.array(list(map(float, numbers))), release


def show() -> None:
    """Print the table."""
    import equipoise as eq

    print("| " + " | ".join(TABLE) + " |\n|" + "---|" * len(TABLE))
    for case in json.loads(STORED.read_text())["cases"]:
        X, y = load(case["data"])
        coef = np.array([case["coef"].get(f"x{j + 1}", 0.0) for j in range(X.shape[1])])
        found = eq.audit(
            X, y, coef, case["intercept"], convention=case["convention"], strength=case["strength"]
        )
        cells = [
            case["data"],
            f"{case['package']} {case['version']}",
            f"`{case['call']}`",
            "at most 1e-9" if found.optimal else f"{found.violation:.1e}",
            str(len(found.wrong_zeros)),
            str(len(found.wrong_nonzeros)),
            f"{found.lost:.2g} ({found.relative_lost:.0e})",
        ]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        STORED.write_text(json.dumps(collect(), indent=1) + "\n")
    else:
        show()
