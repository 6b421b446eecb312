"""The version of the library."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version() -> str:
    """Return the library's version."""
    try:
        return version_of("equipoise")
    except PackageNotFoundError:
        return "of a source tree"
