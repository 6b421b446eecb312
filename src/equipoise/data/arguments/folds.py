"""The argument `folds`: a number of folds, or anything else that says which rows are held out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.bool_ | np.intp]
"""Some of the rows: a mask, (n,), or how often each of them stands, (n,), where one stands more than once."""


def fold_count(folds: Any) -> int | None:
    """Return the number of folds if that is what was passed, else None.

    Parameters
    ----------
    folds : object
        A number, a splitter, (train, test) pairs, a fold id for each row, the name of a column, or None.

    Examples
    --------
    >>> fold_count(5), fold_count("site"), fold_count([0, 1, 0])
    (5, None, None)
    """
    if isinstance(folds, int | np.integer) and not isinstance(folds, bool):
        return int(folds)
    return None
