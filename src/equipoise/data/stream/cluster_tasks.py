"""Tasks for the workers of any cluster: apply a function to a piece where it lies, and join the results."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from equipoise.data.stream.piece import Piece

T = TypeVar("T")

FAN_IN = 8  # results that a task joins at a time (Dask), or tasks of the first of two rounds (Spark)


def run_or_catch(function: Callable[[Piece], T], piece: Piece) -> T | Exception:
    """Return what a function makes of a piece, or the error by which it refuses the piece.

    Raised on a worker, the error's message would be buried in the worker's traceback.
    """
    try:
        return function(piece)
    except (ValueError, TypeError, OSError, ImportError) as error:
        return error


def merge(join: Callable[[T, T], T], some: T | Exception, others: T | Exception) -> T | Exception:
    """Join two results, or return the error that one of them is."""
    if isinstance(some, Exception):
        return some
    return others if isinstance(others, Exception) else join(some, others)


def unwrap(result: T | Exception) -> T:
    """Return a result, or raise the error that it is."""
    if isinstance(result, Exception):
        raise result
    return result
