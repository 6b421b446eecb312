"""What the workers of any cluster do: look at pieces where they lie, and join what they found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from equipoise.data.stream.piece import Piece

T = TypeVar("T")

FAN_IN = 8  # results that are joined in one task of a tree, at least


def run_or_catch(function: Callable[[Piece], T], piece: Piece) -> T | Exception:
    """What a function returns of a piece, or the sentence that it refuses it with.

    A sentence travels as a value, for raised on a worker it would be buried in that worker's trace.
    """
    try:
        return function(piece)
    except (ValueError, TypeError, OSError, ImportError) as error:
        return error


def merge(join: Callable[[T, T], T], some: T | Exception, others: T | Exception) -> T | Exception:
    """What is known of two sets of pieces, or the sentence that one of them was refused with."""
    if isinstance(some, Exception):
        return some
    return others if isinstance(others, Exception) else join(some, others)


def unwrap(result: T | Exception) -> T:
    """What was found, where it came back; a sentence is raised."""
    if isinstance(result, Exception):
        raise result
    return result
