"""Arrow record batches made of arrays."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.data.arguments.arrays import default_names
from equipoise.data.arguments.floats import mask_to_nan
from equipoise.data.arguments.optional import import_for


def batch_of_arrays(matrix: Any, extra: Mapping[str, Any], names: Sequence[str] | None = None) -> Any:
    """Return an Arrow record batch of the columns of a matrix and further columns.

    Parameters
    ----------
    matrix : (n, p) array
        The first columns; what is masked in an array becomes NaN.
    extra : dict of str to (n,) array
        The further columns by name.
    names : sequence of p str, optional
        Names of the first columns; x1 … xp by default.
    """
    pa = import_for("reading batches needs", "pyarrow", "equipoise[cli]")
    names = [*(default_names(matrix.shape[1]) if names is None else names), *extra]
    vectors = [*np.asarray(mask_to_nan(matrix)).T, *(np.asarray(mask_to_nan(v)) for v in extra.values())]
    return pa.RecordBatch.from_arrays([pa.array(np.ascontiguousarray(v)) for v in vectors], names=names)


def is_dask_array(source: Any) -> bool:
    """Tell whether a source is an array of Dask, without importing Dask.

    Parameters
    ----------
    source : object
        Anything.
    """
    return "dask.array" in sys.modules and isinstance(source, sys.modules["dask.array"].Array)
