"""What all tests share: the oracles of ``oracle.py`` as an importable module, and how hypothesis runs."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

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
