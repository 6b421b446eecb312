"""Arrow record batches made of arrays."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.data.arguments.arrays import default_names


def batch_of_arrays(matrix: Any, extra: Mapping[str, Any]) -> Any:
    """An Arrow record batch with the columns of a matrix and some more.

    Parameters
    ----------
    matrix : (n, p) array
        Columns x1 … xp.
    extra : dict of str to (n,) array
        The others.
    """
    import pyarrow as pa

    names = [*default_names(matrix.shape[1]), *extra]
    vectors = [*np.asarray(matrix).T, *map(np.asarray, extra.values())]
    return pa.RecordBatch.from_arrays([pa.array(np.ascontiguousarray(v)) for v in vectors], names=names)


def is_dask_array(source: Any) -> bool:
    """Tell whether a source is an array of Dask, without importing it.

    Parameters
    ----------
    source : object
        Anything.
    """
    return "dask.array" in sys.modules and isinstance(source, sys.modules["dask.array"].Array)
