"""Missing values in frames: rows left out, and the record of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import listed
from equipoise.data.frames.columns import find_gaps, is_frame, open_frame

Flags = NDArray[np.bool_]


POLICIES = ("error", "drop", "mean")


@dataclass(frozen=True, slots=True)
class Missing:
    """What was done about missing values.

    Parameters
    ----------
    policy : {"drop", "mean"}
        Rows left out, or values replaced by the means of their features.
    rows : int
        Rows given.
    dropped : int
        Rows left out.
    counts : tuple of (str, int)
        The columns with missing values (also y, offset, sample_weight), and how many each has.
    means : tuple of p float, default ()
        What replaces a missing value of each feature, at the fit and in predictions.

    Examples
    --------
    >>> Missing.from_dict(Missing("drop", 442, 2, (("bmi", 2),)).to_dict()).dropped
    2
    """

    policy: str
    rows: int
    dropped: int
    counts: tuple[tuple[str, int], ...]
    means: tuple[float, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as a dict that JSON can hold."""
        return {
            "policy": self.policy,
            "rows": self.rows,
            "dropped": self.dropped,
            "counts": [list(pair) for pair in self.counts],
            "means": list(self.means),
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Missing:
        """Return the record that `to_dict` wrote.

        Parameters
        ----------
        record : dict
            What `to_dict` returned, perhaps through JSON.

        Returns
        -------
        Missing
            An equal record.
        """
        if record["policy"] not in POLICIES[1:]:
            raise ValueError(f"missing values were treated by {record['policy']!r}: save the model again")
        return cls(
            record["policy"],
            int(record["rows"]),
            int(record["dropped"]),
            tuple((str(name), int(number)) for name, number in record["counts"]),
            tuple(map(float, record["means"])),
        )


def drop_frame_rows(frame: Any, columns: Mapping[str, Any]) -> tuple[Any, Flags, Missing]:
    """Leave out the rows of a frame in which one of some columns is missing.

    Parameters
    ----------
    frame : data frame
        Of any library.
    columns : dict of str to series
        Those of its columns that count.

    Returns
    -------
    frame : data frame
        In the library it came in.
    kept : (n,) bool array
        Which of the rows these are.
    record : Missing
        What was left out.
    """
    found = [(name, find_gaps(series)[0]) for name, series in columns.items()]
    found = [(name, missing) for name, missing in found if missing.any()]
    kept, record = complete_rows(len(open_frame(frame)), found)
    return (take_rows(frame, kept) if record.dropped else frame), kept, record


def complete_rows(rows: int, found: Sequence[tuple[str, Flags]]) -> tuple[Flags, Missing]:
    """Return which rows miss no value, and the record of those that are dropped.

    Parameters
    ----------
    rows : int
        How many there are.
    found : sequence of (str, (rows,) bool array)
        The columns with missing values, and where each has them.

    Raises
    ------
    ValueError
        If no row is complete.
    """
    kept = np.ones(rows, dtype=bool)
    for _, missing in found:
        kept &= ~missing
    counts = tuple((name, int(missing.sum())) for name, missing in found)
    if not kept.any():
        raise ValueError(
            f"missing='drop' leaves no row, for every one misses a value ({listed(counts)}): "
            "drop such columns, or pass missing='mean'"
        )
    return kept, Missing("drop", rows, int(rows - kept.sum()), counts)


def take_rows(X: Any, kept: Flags) -> Any:
    """Return some of the rows of a frame, in its own library, or of an array.

    Parameters
    ----------
    X : data frame or (n, p) array
        The table.
    kept : (n,) bool array
        The rows to keep.
    """
    if not is_frame(X):
        return X[kept]
    return open_frame(X)[np.flatnonzero(kept).tolist(), :].to_native()
