"""Missing values in frames: dropping incomplete rows, and the record of what was dropped or imputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count, listed
from equipoise.data.frames.columns import find_gaps, is_frame, open_frame

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

POLICIES = ("error", "drop", "mean")


@dataclass(frozen=True, slots=True)
class Missing:
    """What was done about missing values.

    Parameters
    ----------
    policy : {"drop", "mean"}
        Whether incomplete rows were dropped, or values of X replaced by the means of their features.
    rows : int
        Number of rows given.
    dropped : int
        Number of rows dropped.
    counts : tuple of (str, int)
        Each column with missing values, and their number: with "drop" those of y, offset and sample_weight
        too, with "mean" the values that were replaced.
    means : tuple of p float, default ()
        What replaces a missing value of each feature, in the fit and in predictions.
    roles : tuple of (str, int), default ()
        With "mean", the missing values of y, offset and sample_weight, whose rows were dropped.

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
    roles: tuple[tuple[str, int], ...] = ()

    def dropped_text(self) -> str:
        """Say how many rows were dropped, and why."""
        reasons = self.counts if self.policy == "drop" else self.roles
        rows = f"{self.dropped} of {count(self.rows, 'row')}"
        return f"{rows} dropped for missing values ({listed(reasons)})"

    def to_dict(self) -> dict[str, Any]:
        """Return the record as a dict that JSON can hold."""
        return {
            "policy": self.policy,
            "rows": self.rows,
            "dropped": self.dropped,
            "counts": [list(pair) for pair in self.counts],
            "means": list(self.means),
            "roles": [list(pair) for pair in self.roles],
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
            _counts(record["counts"]),
            tuple(map(float, record["means"])),
            _counts(record.get("roles", ())),  # which files of earlier releases do not have
        )


def _counts(record: Sequence[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(number)) for name, number in record)


def drop_frame_rows(frame: Any, columns: Mapping[str, Any]) -> tuple[Any, Flags, Missing]:
    """Drop the rows of a frame in which any of the given columns is missing.

    Parameters
    ----------
    frame : data frame
        A frame of n rows, of any library.
    columns : dict of str to series
        The columns of the frame to look at.

    Returns
    -------
    frame : data frame
        The rows kept, in a frame of the same library.
    kept : (n,) bool array
        Mask of the rows kept.
    record : Missing
        What was dropped.
    """
    found = [(name, np.flatnonzero(find_gaps(series)[0])) for name, series in columns.items()]
    kept, record = complete_rows(len(open_frame(frame)), found, "leave such columns out of the formula")
    return (take_rows(frame, kept) if record.dropped else frame), kept, record


def complete_rows(
    rows: int, found: Sequence[tuple[str, Indices]], remedy: str, policy: str = "drop"
) -> tuple[Flags, Missing]:
    """Return a mask of the rows without missing values, and the record of the other rows.

    Parameters
    ----------
    rows : int
        Number of rows.
    found : sequence of (str, (k,) index array)
        Columns, and the rows in which they are missing.
    remedy : str
        What to do if no row is complete.
    policy : {"drop", "mean"}, default "drop"
        What was asked for.

    Raises
    ------
    ValueError
        If no row is complete.
    """
    kept = np.ones(rows, dtype=bool)
    for _, places in found:
        kept[places] = False
    record = dropped_rows(rows, int(rows - kept.sum()), [(name, len(places)) for name, places in found])
    if not kept.any():
        raise ValueError(no_row_left(record, remedy, policy))
    return kept, record


def dropped_rows(rows: int, dropped: int, counts: Iterable[tuple[str, int]]) -> Missing:
    """Return the record of rows that were dropped.

    Parameters
    ----------
    rows, dropped : int
        Numbers of rows given, and dropped.
    counts : iterable of (str, int)
        Columns and their numbers of missing values, of which there may be none.
    """
    return Missing("drop", rows, dropped, tuple((name, number) for name, number in counts if number))


def no_row_left(record: Missing, remedy: str, policy: str = "drop") -> str:
    """Say that no row is complete; the arguments are those of :func:`complete_rows`."""
    return (
        f"missing={policy!r} leaves no row, for every one misses a value ({listed(record.counts)}): {remedy}"
    )


def take_rows(X: Any, kept: Flags) -> Any:
    """Return some of the rows of an array or csc_array, or of a frame as a frame of the same library.

    Parameters
    ----------
    X : data frame, (n, p) array or csc_array
        The table.
    kept : (n,) bool array
        Mask of the rows to keep.
    """
    if not is_frame(X):
        return X[kept]
    return open_frame(X)[np.flatnonzero(kept).tolist(), :].to_native()
