"""Where a run took place, and on how many threads."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

VARIABLES = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
]


def limit_threads(threads: int) -> str:
    """Limit the threads of this process and of all that it starts; say what was done.

    One thread is one core as well, where the system can pin: nothing can then hide a second thread.
    """
    cores = os.cpu_count() or 1
    for variable in VARIABLES:
        os.environ[variable] = str(threads)
    os.environ["OMP_WAIT_POLICY"] = "passive"  # threads that have nothing to do must not spin
    pinned = ""
    if threads == 1 and hasattr(os, "sched_setaffinity"):
        core = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
        pinned = f", pinned to core {core}"
    return f"{threads} thread{'s' if threads > 1 else ''} of {cores} cores{pinned}"


def machine() -> dict[str, Any]:
    """Processor, system, time, commit."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "uncommitted": bool(_git("status", "--porcelain", "--", "src")),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


def _git(*words: str) -> str:
    """What git says of this repository; "" where there is none."""
    try:
        run = subprocess.run(
            ["git", *words], cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return run.stdout.strip()


def stale() -> bool:
    """Whether the installed library differs from the sources of this repository."""
    import equipoise

    installed = Path(equipoise.__file__).parent
    sources = Path(__file__).parent.parent / "src" / "equipoise"
    if installed == sources:
        return False
    built = max((file.stat().st_mtime for file in installed.glob("**/*.so")), default=0.0)
    return any(
        not (installed / file.relative_to(sources)).exists()
        or (installed / file.relative_to(sources)).read_bytes() != file.read_bytes()
        for file in sources.rglob("*.py")
    ) or any(file.stat().st_mtime > built for kind in ("pyx", "c") for file in sources.rglob(f"*.{kind}"))
