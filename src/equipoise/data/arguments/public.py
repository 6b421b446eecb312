"""Where public classes live, as far as users and pickles are concerned."""

from __future__ import annotations

from typing import TypeVar

Class = TypeVar("Class", bound=type)


def public(cls: Class) -> Class:
    """Name `equipoise` as the module of a class, so that it can move without breaking a pickle.

    Parameters
    ----------
    cls : type
        A class that `equipoise` exports.
    """
    cls.__module__ = "equipoise"
    return cls
