"""What all tests share: how they run at once, helpers as importable modules, and how hypothesis runs."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Each process below has a core: more threads of BLAS than cores wait for each other. Set before NumPy
# is loaded, and handed down to every process that a test starts.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# --import-mode=importlib leaves sys.path alone, so a helper beside the tests has to be put on it.
sys.path.insert(0, str(Path(__file__).parent))

# Compiling and importing on first use is slow at times: no deadline. In CI the examples never change.
settings.register_profile(
    "equipoise",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("equipoise")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Share the tests out over the cores, by pytest-xdist, unless told otherwise (``-n 0``, ``--pdb``).

    A file alone is done sooner in one process.
    """
    options = config.option
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    alone = len(config.args) == 1 and ".py" in config.args[0]
    told = getattr(options, "numprocesses", 0) is not None or hasattr(config, "workerinput")
    if cores > 1 and not (told or alone or options.usepdb or options.collectonly):
        # Each process takes neighbours, which share fixtures; whichever is done first takes from the other.
        options.numprocesses, options.dist = min(cores, 8), "worksteal"
