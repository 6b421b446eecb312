"""Real numbers of any type and shape as float64, and descriptions of what is wrong with them."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.integers import beyond_float64, refuse_merged
from equipoise.data.arguments.messages import MissingValues, count
from equipoise.data.arguments.sparse import is_sparse

FLOAT = np.dtype(np.float64)


def as_floats(value: object, name: str) -> NDArray[np.float64]:
    """Return real numbers of any shape as float64; an array that is float64 already is not copied."""
    if type(value) is np.ndarray and value.dtype == FLOAT:
        return value
    if is_sparse(value):
        raise TypeError(f"{name} is sparse, but is needed as a dense array here: pass {name}.toarray()")
    if isinstance(value, np.ndarray) and hasattr(value, "mask"):
        masked = int(np.count_nonzero(value.mask))
        if masked:
            raise MissingValues.of(f"{name} holds {count(masked, 'masked value')}", *policies_for(name))
    try:
        array = np.asarray(value)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(f"{name} is ragged: give every row the same number of values") from None
    if array.dtype == FLOAT:
        return array
    if array.dtype.kind not in "biuf":
        raise TypeError(not_numeric(array, value, name))
    with np.errstate(over="ignore"):
        floats = array.astype(FLOAT)
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8 and beyond_float64(floats):
        refuse_merged(array, floats, name)
    return floats


def policies_for(name: str) -> tuple[str, ...]:
    """The policies that do something about missing values in an argument of a verb."""
    if name == "X":
        return ("drop", "mean")
    role = name in ("y", "offset", "exposure", "sample_weight") or name.startswith("target '")
    return ("drop",) if role else ()


def mask_to_nan(value: Any) -> Any:
    """Return a numeric masked array with NaN for what is masked; anything else is returned unchanged."""
    if isinstance(value, np.ma.MaskedArray) and value.dtype.kind in "biuf":
        return np.ma.filled(value.astype(np.float64), np.nan)
    return value


def all_finite(array: NDArray[np.float64]) -> bool:
    """Tell whether every entry is finite, by the sum of squares and only if it overflows by each entry."""
    with np.errstate(all="ignore"):
        flat = array.ravel(order="K") if array.flags.forc else array
        total = flat.dot(flat) if flat.ndim == 1 else np.einsum("ij,ij->", flat, flat)
    # The squares of finite entries beyond 1e154 overflow, so an infinite sum proves nothing yet.
    return math.isfinite(total) or bool(np.isfinite(array).all())


def describe_gaps(missing: NDArray[np.bool_], infinite: NDArray[np.bool_], *, nulls: bool = False) -> str:
    """Describe how many entries of a column are missing or infinite, and where the first one is.

    ``nulls=True`` is for a column of a frame, in which null and NaN both mean missing.
    """
    gaps, infinities = int(np.count_nonzero(missing)), int(np.count_nonzero(infinite))
    kinds = []
    if gaps:
        kinds.append(count(gaps, "missing value") if nulls else f"{gaps} NaN")
    if infinities:
        kinds.append(count(infinities, "infinite value"))
    note = "NaN or null; " if nulls and gaps else ""
    first = int((missing | infinite).argmax())
    return f"holds {' and '.join(kinds)} ({note}first at row {first}, counting from 0)"


def not_numeric(array: NDArray[Any], value: object, name: str) -> str:
    """Say what an array holds that is no real number, and what to do about it.

    Parameters
    ----------
    array : ndarray
        The array.
    value : object
        What was passed for it.
    name : str
        What the sentence calls it.
    """
    kind = array.dtype.kind
    if kind == "c":
        return f"{name} holds complex numbers: pass real and imaginary parts as columns of their own"
    if kind in "OV" and array.ndim == 0:
        return f"{name} is not numeric: it is of type {type(value).__name__}; pass an array of numbers"
    encode = "pass a data frame to have text encoded" if name == "X" else "encode it as numbers first"
    if kind in "UST":
        example = f" such as {str(array.flat[0])!r}" if array.size else ""
        return f"{name} is not numeric: it holds text{example}; {encode}"
    if kind in "mM":
        return f"{name} is not numeric: it holds dates or durations; turn them into numbers first"
    if kind == "O":
        return (
            f"{name} is not numeric: it is an array of Python objects; if they are numbers, pass "
            f"np.asarray({name}, dtype=float), else {encode}"
        )
    return f"{name} is not numeric: its data type is {array.dtype}; pass an array of numbers"
