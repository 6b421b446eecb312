"""Packages that only some tasks need."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def import_for(task: str, package: str, installed_by: str) -> Any:
    """Import a package that a task needs; where it is absent, say which command installs it.

    Parameters
    ----------
    task : str
        What needs it, as the subject of a sentence with its verb: "a formula needs".
    package : str
        The package or one of its modules, as in an import.
    installed_by : str
        What ``pip install`` installs it by, such as ``equipoise[formula]``.

    Raises
    ------
    ImportError
        If the package cannot be imported.

    Examples
    --------
    >>> import_for("a formula needs", "no_such_package", "equipoise[formula]")
    Traceback (most recent call last):
    ImportError: a formula needs no_such_package: pip install "equipoise[formula]"
    """
    try:
        return import_module(package)
    except ImportError:
        name = package.partition(".")[0]
        raise ImportError(f'{task} {name}: pip install "{installed_by}"') from None
