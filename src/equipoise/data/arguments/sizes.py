"""Numbers of things that would not fit into memory."""

from __future__ import annotations

import numpy as np

MOST_BYTES = 8_000_000_000


def refuse_many(name: str, number: object, each: int, what: str) -> None:
    """Refuse a whole number of things, ``each`` of which takes so many bytes, that come to over 8 GB.

    Parameters
    ----------
    name : str
        The argument.
    number : object
        Its value; what is no whole number is left to other checks.
    each : int
        Bytes that one more takes at least.
    what : str
        What takes them, as the subject of "take".

    Examples
    --------
    >>> refuse_many("count", 10**9, 170, "solutions for 10 features")
    Traceback (most recent call last):
    ValueError: count is 1000000000: so many solutions for 10 features take 170 GB; pass at most 47058823
    """
    most = MOST_BYTES // max(each, 1)
    if isinstance(number, int | np.integer) and number > most:
        size = int(number) * each / 1e9
        raise ValueError(f"{name} is {number}: so many {what} take {size:.3g} GB; pass at most {most}")
