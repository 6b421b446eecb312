"""Sparse matrices as compressed columns of float64, without duplicate entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.data.arguments.messages import count


def is_sparse(value: object) -> bool:
    """Tell whether a value is a matrix or array of scipy.sparse, without importing scipy.sparse.

    Parameters
    ----------
    value : object
        Anything.

    Examples
    --------
    >>> import numpy as np
    >>> is_sparse(np.eye(2))
    False
    """
    return any(kind.__module__.startswith("scipy.sparse") for kind in type(value).__mro__)


def as_csc(X: Any, name: str = "X", *, finite: bool = True) -> Any:
    """Return a sparse matrix as compressed columns.

    Parameters
    ----------
    X : sparse array or matrix, (n, p)
        In any of SciPy's formats, with 32- or 64-bit indices.
    name : str, default "X"
        What error messages call the argument.
    finite : bool, default True
        Whether NaN and infinities are refused.

    Returns
    -------
    csc_array of shape (n, p)
        Float64 entries, rows ascending within every column, no duplicates. An `X` that is so already is not
        copied.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` is not 2-D, has no rows or columns, or holds NaN or infinite values.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> as_csc(csr_array([[0, 1], [2, 0]])).data
    array([2., 1.])
    """
    from scipy.sparse import csc_array

    if X.dtype.kind not in "buif":
        raise TypeError(f"{name} is sparse and holds {X.dtype}: pass real numbers")
    if X.ndim != 2:
        raise ValueError(f"{name} is sparse and {X.ndim}-D: pass a 2-D table, one row per observation")
    rows, columns = X.shape
    if rows == 0 or columns == 0:
        what = "rows" if rows == 0 else "columns"
        raise ValueError(f"{name} has no {what} (shape {X.shape}): pass at least one")
    found = csc_array(X, dtype=np.float64)
    if not found.has_canonical_format:
        # sum_duplicates works in place, and the arrays may be the caller's own.
        found = found.copy()
        found.sum_duplicates()
    if finite and not np.isfinite(found.data).all():
        wrong = int(np.flatnonzero(~np.isfinite(found.data))[0])
        j = int(np.searchsorted(found.indptr, wrong, side="right")) - 1
        held = found.data[found.indptr[j] : found.indptr[j + 1]]
        nan, infinite = int(np.isnan(held).sum()), int(np.isinf(held).sum())
        said = f"{nan} NaN" if nan else count(infinite, "infinite value")
        raise ValueError(
            f"{name} column 'x{j + 1}' holds {said} (first at row {int(found.indices[wrong])}, counting from "
            "0): drop or impute them first"
        )
    return found
