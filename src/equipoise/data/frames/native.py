"""Results as frames of the data frame library that the user's data came in."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.data.arguments.messages import quoted
from equipoise.data.arguments.named import NamedArray
from equipoise.data.frames.columns import is_frame, is_series, library_of

EAGER_LIBRARIES = ("pandas", "polars", "pyarrow", "modin", "cudf")


def to_native_frame(columns: Mapping[str, Sequence[object]], like: object = None) -> Any:
    """Return columns as a data frame of a given library.

    Parameters
    ----------
    columns : dict of str to sequence
        The columns by name.
    like : data frame, series, array, str or None
        A frame or series of the wanted library, or the library's name; for anything else the first of pandas,
        polars and pyarrow that is installed.

    Returns
    -------
    data frame
        A frame with these columns.

    Raises
    ------
    ImportError
        If the library named is not installed, or none is.
    ValueError
        If `like` names no library.

    Examples
    --------
    >>> to_native_frame({"feature": ["age", "bmi"], "coef": [0.5, 2.0]}, like="pandas")
      feature  coef
    0     age   0.5
    1     bmi   2.0
    """
    import narwhals as nw

    backend: Any = like if isinstance(like, str) else _eager_library(like)
    if backend not in EAGER_LIBRARIES:
        raise ValueError(f"like is '{backend}': pass one of {quoted(EAGER_LIBRARIES)}, or a frame")
    try:
        return nw.from_dict(dict(columns), backend=backend).to_native()
    except ModuleNotFoundError:
        raise ImportError(f"a {backend} frame needs {backend}: pip install {backend}") from None


def frame_of_named(X: NamedArray) -> Any:
    """Return an array with names as a data frame of the first library that is installed.

    Parameters
    ----------
    X : NamedArray of shape (n, p)
        The columns.
    """
    return to_native_frame(dict(zip(X.names, np.asarray(X).T, strict=True)))


def _eager_library(like: Any) -> str:
    """The library of a frame or series; for anything else the first one that is installed."""
    from importlib.util import find_spec

    native = library_of(like.to_native() if library_of(like) == "narwhals" else like)
    if (is_frame(like) or is_series(like)) and native in EAGER_LIBRARIES:
        return native
    for name in EAGER_LIBRARIES[:3]:
        if find_spec(name) is not None:
            return name
    raise ImportError("a data frame needs a data frame library: pip install pandas")
