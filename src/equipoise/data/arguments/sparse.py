"""Sparse matrices as compressed columns of float64, without duplicate entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.integers import beyond_float64, refuse_merged
from equipoise.data.arguments.messages import MissingValues, count


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
    if type(value) is np.ndarray:  # nearly always
        return False
    return any(kind.__module__.startswith("scipy.sparse") for kind in type(value).__mro__)


def columns_of_entries(X: Any) -> NDArray[np.intp]:
    """Return the column of each stored entry of a matrix in compressed columns, in order.

    Parameters
    ----------
    X : csc_array
        The matrix.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> columns_of_entries(csc_array([[0, 1], [2, 3]]))
    array([0, 1, 1])
    """
    return np.repeat(np.arange(X.shape[1]), np.diff(X.indptr))


def as_csc(X: Any, name: str = "X", features: Sequence[str] | None = None, *, finite: bool = True) -> Any:
    """Return a sparse matrix as compressed columns.

    Parameters
    ----------
    X : sparse array or matrix, (n, p)
        In any of SciPy's formats, with 32- or 64-bit indices.
    name : str, default "X"
        What error messages call the argument.
    features : sequence of p str, optional
        What error messages call the columns; x1 … xp by default.
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
        If `X` is not 2-D, has no rows or columns, is not valid, or holds NaN or infinite values.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> as_csc(csr_array([[0, 1], [2, 0]])).data
    array([2., 1.])
    """
    from scipy.sparse import csc_array

    refuse_invalid(X, name)
    if X.dtype.kind not in "buif":
        raise TypeError(f"{name} is sparse and holds {X.dtype}: pass real numbers")
    rows, columns = X.shape
    if rows == 0 or columns == 0:
        what = "rows" if rows == 0 else "columns"
        raise ValueError(f"{name} has no {what} (shape {X.shape}): pass at least one")
    if X.format not in ("csr", "csc", "coo", "bsr"):
        X = X.tocsr()
    if X.dtype.kind in "iu" and X.dtype.itemsize == 8 and beyond_float64(X.data.astype(np.float64)):
        whole = X.tocsc()
        for j in range(columns):
            held = whole.data[whole.indptr[j] : whole.indptr[j + 1]]
            refuse_merged(held, held.astype(np.float64), f"{name} column 'x{j + 1}'")
    if X.dtype.kind != "b":
        X = X.astype(np.float64, copy=False)  # before entries are added up, which int8 might not hold
    found = csc_array(X)
    if not found.has_canonical_format:
        # sum_duplicates works in place, and the arrays may be the caller's own.
        found = found.copy()
        found.sum_duplicates()
    found = found.astype(np.float64, copy=False)
    if finite and not np.isfinite(found.data).all():
        wrong = int(np.flatnonzero(~np.isfinite(found.data))[0])
        j = int(np.searchsorted(found.indptr, wrong, side="right")) - 1
        held = found.data[found.indptr[j] : found.indptr[j + 1]]
        nan, infinite = int(np.isnan(held).sum()), int(np.isinf(held).sum())
        said = f"{nan} NaN" if nan else count(infinite, "infinite value")
        label = f"x{j + 1}" if features is None else features[j]
        row = int(found.indices[wrong])
        raise MissingValues.of(
            f"{name} column '{label}' holds {said} (first at row {row}, counting from 0)",
            *(() if infinite else ("drop", "mean")),
        )
    return found


def refuse_invalid(X: Any, name: str = "X") -> None:
    """Refuse a sparse matrix whose arrays contradict each other, before SciPy's compiled code trusts them.

    Parameters
    ----------
    X : sparse array or matrix
        In any of SciPy's formats.
    name : str, default "X"
        What error messages call the argument.

    Raises
    ------
    ValueError
        If the matrix is not 2-D, or not valid.
    """
    if X.ndim != 2:
        raise ValueError(f"{name} is sparse and {X.ndim}-D: pass a 2-D table, one row per observation")
    if X.format in ("csr", "csc", "bsr"):
        wrong = _wrong_in_compressed(X)
    elif X.format == "coo":
        wrong = _wrong_in_coordinates(X.row, X.col, X.data, X.shape)
    elif X.format == "dok":
        keys = np.array([*X.keys()], dtype=np.int64).reshape(-1, 2)
        wrong = _wrong_in_coordinates(keys[:, 0], keys[:, 1], keys[:, 0], X.shape)
    elif X.format == "lil":
        wrong = _wrong_in_lists(X)
    else:
        wrong = _wrong_in_diagonals(X)
    if wrong:
        raise ValueError(
            f"{name} is no valid sparse matrix: {wrong}; build it anew, scipy.sparse.coo_array((values, "
            "(rows, columns)), shape=(n, p))"
        )


def _wrong_in_compressed(X: Any) -> str:
    """What is wrong with the arrays of a matrix in compressed rows, columns or blocks; "" if nothing."""
    indptr, indices, data = X.indptr, X.indices, X.data
    dimensions = (indptr.ndim, indices.ndim, data.ndim)
    if dimensions != (1, 1, 3 if X.format == "bsr" else 1):
        return f"indptr, indices and data are {dimensions[0]}-, {dimensions[1]}- and {dimensions[2]}-D"
    if indptr.dtype.kind not in "iu" or indices.dtype.kind not in "iu":
        return f"indptr and indices hold {indptr.dtype} and {indices.dtype}, not integers"
    height, width = data.shape[1:] if X.format == "bsr" else (1, 1)
    if not height or not width or X.shape[0] % height or X.shape[1] % width:
        return f"its blocks are {height} × {width}, which does not divide {X.shape[0]} × {X.shape[1]}"
    lines, across = X.shape[0] // height, X.shape[1] // width
    if X.format == "csc":
        lines, across = across, lines
    if len(indptr) != lines + 1:
        return f"indptr has {len(indptr)} entries where {lines + 1} are needed"
    if len(indices) != len(data):
        return f"there are {len(indices)} indices but {len(data)} values"
    if indptr[0] != 0 or indptr[-1] > len(data):
        return f"indptr goes from {indptr[0]} to {indptr[-1]}, but there are {count(len(data), 'value')}"
    falls = np.flatnonzero(indptr[1:] < indptr[:-1])
    if len(falls):
        return f"indptr falls from {indptr[falls[0]]} to {indptr[falls[0] + 1]} at position {falls[0] + 1}"
    return _outside(indices[: indptr[-1]], across, "indices hold")


def _wrong_in_coordinates(rows: Any, columns: Any, values: Any, shape: tuple[int, int]) -> str:
    """What is wrong with the coordinates of a matrix; "" if nothing."""
    if not rows.shape == columns.shape == values.shape == (len(values),):
        return f"there are {rows.size} row and {columns.size} column indices but {values.size} values"
    if rows.dtype.kind not in "iu" or columns.dtype.kind not in "iu":
        return f"row and column indices are {rows.dtype} and {columns.dtype}, not integers"
    return _outside(rows, shape[0], "a row index is") or _outside(columns, shape[1], "a column index is")


def _wrong_in_lists(X: Any) -> str:
    """What is wrong with the lists of a matrix in lists of rows; "" if nothing."""
    if not X.rows.shape == X.data.shape == X.shape[:1]:
        return f"it has lists for {len(X.rows)} rows of indices and {len(X.data)} of values, not {X.shape[0]}"
    for i, (indices, values) in enumerate(zip(X.rows, X.data, strict=True)):
        if len(indices) != len(values):
            return f"row {i} has {len(indices)} indices but {len(values)} values"
        if wrong := _outside(np.asarray(indices), X.shape[1], f"a column index in row {i} is"):
            return wrong
    return ""


def _wrong_in_diagonals(X: Any) -> str:
    """What is wrong with the diagonals of a matrix; "" if nothing."""
    offsets = np.asarray(X.offsets)
    if X.data.ndim != 2 or offsets.shape != (len(X.data),) or len(np.unique(offsets)) < len(offsets):
        return f"it has {len(np.unique(offsets))} different offsets for {len(X.data)} diagonals"
    return ""


def _outside(indices: Any, length: int, what: str) -> str:
    """Say which of the indices is not from 0 to `length` - 1; "" if all are."""
    if not indices.size:
        return ""
    for extreme in (indices.min(), indices.max()):
        if not 0 <= extreme < length:
            return f"{what} {extreme}, which is not from 0 to {length - 1}"
    return ""
