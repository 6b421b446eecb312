"""Packages made absent: what is installed here beside what a reader has."""

import os
import subprocess
import sys

PRELUDE = """
import importlib.machinery
import sys

absent, find = set(sys.argv[1:]), importlib.machinery.PathFinder.find_spec


def find_spec(cls, name, *rest, **more):
    return None if name.partition(".")[0] in absent else find(name, *rest, **more)


importlib.machinery.PathFinder.find_spec = classmethod(find_spec)
"""


def run_without(absent, code, cwd=None):
    """What some code prints in an interpreter that finds none of these packages."""
    run = subprocess.run(
        [sys.executable, "-c", PRELUDE + code, *absent],
        cwd=cwd,
        env=os.environ | {"MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout
