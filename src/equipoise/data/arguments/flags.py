"""Arguments that are true or false."""

from __future__ import annotations

import numpy as np


def as_flag(value: object, name: str) -> bool:
    """Return True or False; text such as "no", which Python holds to be true, is refused.

    Parameters
    ----------
    value : bool
        Python's or NumPy's.
    name : str
        What the error message calls the argument.

    Raises
    ------
    TypeError
        If it is anything else.

    Examples
    --------
    >>> as_flag(True, "intercept")
    True
    """
    if value is True or value is False:
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    raise TypeError(f"{name} is {value!r}: pass True or False")
