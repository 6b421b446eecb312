"""What the workers of any cluster do: look at pieces where they lie, and join what they found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

from equipoise.data.pieces import Piece, Source

T = TypeVar("T")

TOGETHER = 8  # results that are joined in one task of a tree, at least


def open_cluster(source: Any, client: Any = None) -> Source | None:
    """Say how a frame of a cluster is read; None for anything else.

    Parameters
    ----------
    source : dask.dataframe.DataFrame, pyspark.sql.DataFrame or anything else
        The frame.
    client : distributed.Client, optional
        Whose workers do it, for Dask.
    """
    package = type(source).__module__.partition(".")[0]
    if package == "dask" and "dask.dataframe" in sys.modules and hasattr(source, "to_delayed"):
        from equipoise.data.on_dask import DaskFrame

        return DaskFrame(client, source)
    if package == "pyspark" and hasattr(source, "mapInArrow"):
        from equipoise.data.on_spark import SparkFrame

        return SparkFrame(source)
    return None


def tried(function: Callable[[Piece], T], piece: Piece) -> T | Exception:
    """What a function returns of a piece, or the sentence that it refuses it with.

    A sentence travels as a value, for raised on a worker it would be buried in that worker's trace.
    """
    try:
        return function(piece)
    except (ValueError, TypeError, OSError, ImportError) as error:
        return error


def joined(join: Callable[[T, T], T], some: T | Exception, others: T | Exception) -> T | Exception:
    """What is known of two sets of pieces, or the sentence that one of them was refused with."""
    if isinstance(some, Exception):
        return some
    return others if isinstance(others, Exception) else join(some, others)


def told(result: T | Exception) -> T:
    """What was found, where it came back; a sentence is raised."""
    if isinstance(result, Exception):
        raise result
    return result
