import importlib.util
import subprocess
import sys

import pytest

# `import numpy, scipy.linalg` loads none of these; scipy.stats or scikit-learn alone cost 2 to 3 times it.
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
    "typer",
}

EDITABLE = "editable" in type(getattr(importlib.util.find_spec("equipoise"), "loader", None)).__module__

FIT_ON_NUMPY = """
import numpy as np
import equipoise as eq

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
fit = eq.fit(X, np.array([3.0, 2.0, 1.0]), l1=1.0)
fit.certificate
fit.predict(X)
"""


def printed_by(code: str) -> list[str]:
    """What a fresh interpreter prints, word by word."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def heavy_packages_loaded_by(code: str) -> set[str]:
    return HEAVY.intersection(printed_by(f"{code}\nimport sys\nprint(*sys.modules)"))


def seconds(*steps: str) -> list[float]:
    """The time at which each step is done, in a fresh interpreter that takes them one after the other."""
    clock = "\nprint(perf_counter() - start)\n"
    code = "from time import perf_counter\nstart = perf_counter()\n" + clock.join([*steps, ""])
    return [float(time) for time in printed_by(code)]


def test_the_probe_sees_a_heavy_import():
    assert {"scipy.stats", "scipy.sparse"} <= heavy_packages_loaded_by("import scipy.stats")


def test_numpy_and_linalg_alone_load_none_of_them():
    assert heavy_packages_loaded_by("import numpy, scipy.linalg") == set()


def test_import_is_light():
    assert heavy_packages_loaded_by("import equipoise") == set()


def test_a_fit_on_numpy_input_is_light():
    assert heavy_packages_loaded_by(FIT_ON_NUMPY) == set()


@pytest.mark.skipif(EDITABLE, reason="an editable install rebuilds the kernel on import")
def test_import_and_first_fit_are_fast():
    # The shortest of several times is the code's own; the rest is whatever else the machine was doing.
    numpy = imported = fitted = float("inf")
    for attempt in range(15):
        numpy = min(numpy, *seconds("import numpy, scipy.linalg"))
        times = seconds("import equipoise", FIT_ON_NUMPY)
        imported, fitted = min(imported, times[0]), min(fitted, times[1])
        if attempt >= 2 and imported <= 1.3 * numpy and fitted <= 1.8 * numpy:
            return
    pytest.fail(f"import: {imported:.3f} s, first fit: {fitted:.3f} s; numpy, scipy.linalg: {numpy:.3f} s")
