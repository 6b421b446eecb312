import re
import subprocess
import sys
from functools import cache

import scipy

import equipoise as eq

# `import numpy, scipy.linalg` loads none of these (SciPy before 1.17: but scipy.sparse); scipy.stats or
# scikit-learn alone cost 2 to 3 times it.
HEAVY = {
    "duckdb",
    "matplotlib",
    "narwhals",
    "pandas",
    "polars",
    "pyarrow",
    "rich",
    "scipy.interpolate",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "sklearn",
    "threadpoolctl",
    "typer",
}

FIT_ON_NUMPY = """
import numpy as np
import equipoise as eq

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
fit = eq.fit(X, np.array([3.0, 2.0, 1.0]), l1=1.0)
str(fit.certificate)
fit.predict(X)
"""


@cache
def loaded_by(code: str) -> frozenset[str]:
    """The modules that a fresh interpreter has loaded after some code."""
    code = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return frozenset(run.stdout.split())


def heavy_packages_loaded_by(code: str) -> frozenset[str]:
    return loaded_by(code) & HEAVY


def test_the_probe_sees_a_heavy_import():
    assert {"scipy.stats", "scipy.sparse"} <= heavy_packages_loaded_by("import scipy.stats")


def test_numpy_and_linalg_alone_load_none_of_them():
    older = tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 17)
    assert heavy_packages_loaded_by("import numpy, scipy.linalg") <= ({"scipy.sparse"} if older else set())


def test_import_is_light():
    assert heavy_packages_loaded_by("import equipoise") == set()


def test_every_public_name_is_listed_once_and_before_it_is_loaded():
    code = "import equipoise as eq\nbefore = dir(eq)\neq.datasets, eq.strength, eq.learn, eq.fit"
    listed = "print(*before)\nprint(*dir(eq))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{listed}"], capture_output=True, text=True, timeout=120
    )
    before, after = map(str.split, run.stdout.splitlines())
    for names in (before, after):
        assert len(names) == len(set(names))
        assert set(eq.__all__) <= set(names)


def test_a_fit_on_numpy_input_is_light():
    assert heavy_packages_loaded_by(FIT_ON_NUMPY) <= heavy_packages_loaded_by("import numpy, scipy.linalg")


def test_a_fit_loads_nothing_that_draws():
    loaded = loaded_by(FIT_ON_NUMPY)
    assert "equipoise.results.fit.result" in loaded
    assert not [
        name for name in loaded if re.fullmatch(r"matplotlib|equipoise\..*(display|plots|_plot)", name)
    ]
