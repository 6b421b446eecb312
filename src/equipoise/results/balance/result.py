"""The balance sheet: for each feature its pull, its limit, and why its coefficient is zero or is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.by_name import features_named
from equipoise.data.arguments.messages import quoted
from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue
from equipoise.explain.balance import BalanceColumns
from equipoise.results.balance.text import close_sentence, feature_sentence, sheet_summary
from equipoise.results.event import Event, event_of
from equipoise.results.plain import Tabular, fields_of, to_frame

if TYPE_CHECKING:
    from equipoise.results.balance.display import BalanceDisplay

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, slots=True, eq=False)
class Balance(ByValue):
    """One feature's balance of forces, all pulls signed and in the same units.

    Parameters
    ----------
    feature : str
        Name of the feature.
    coef : float
        Coefficient in original units.
    pull : float
        ``x_jᵀ S r`` at the solution.
    limit : float
        Largest pull that the penalty holds: l1_j + 2·l2_j·|w_j|.
    slack : float
        limit − |pull|; 0 for an active feature.
    alone : float
        The pull with intercept and unpenalised columns fitted and no other feature in the model.
    status : str
        "active", "killed", "at bound", "unpenalised", "constant" or "excluded".
    reason : str or None
        Why a killed feature is zero: "weak", "explained away" or "duplicate". An unpenalised feature that is
        a combination or a copy of other unpenalised ones has the second or the third; None for the others.
    absorbed_by : dict of str to float
        The part of ``alone − pull`` that each feature in the model took; the parts add up to all of it.
    enters_at : float or None
        For a zero the largest penalty below the present one at which it becomes non-zero, for an active
        feature the smallest entry above it; in the units of l1, or a multiple of the present penalty where
        l1 is an array. None for a zero whose entry is not known, or that has none: see ``searched_to``.
    sd : float or None
        Standard deviation of the feature, if the fit is standardised: ``coef·sd``, ``pull/sd`` and
        ``limit/sd`` are those of the feature scaled to standard deviation 1.
    copy_of : tuple of str
        The unpenalised features that it is a linear combination of beside the intercept, or the feature of
        the model that a duplicate is a copy of; usually none.
    searched_to : float or None
        For a zero without ``enters_at``, in the same units: the penalty down to which it does not enter, and
        below which nobody looked; 0 where it enters at no penalty (a constant column, an infinite penalty,
        bounds that leave no room, a combination of unpenalised features). None for all others.

    Examples
    --------
    >>> import equipoise as eq
    >>> row = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).explain()["x2"]
    >>> row.alone, row.pull, row.limit, row.slack
    (4.0, 3.25, 3.5, 0.25)
    """

    feature: str
    coef: float
    pull: float
    limit: float
    slack: float
    alone: float
    status: str
    reason: str | None
    absorbed_by: dict[str, float] = field(repr=False)  # of as many as the model has
    enters_at: float | None
    sd: float | None = None
    copy_of: tuple[str, ...] = ()
    searched_to: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return fields_of(self)


@public
@dataclass(frozen=True, eq=False, repr=False)
class BalanceSheet(Tabular):
    """Why every coefficient is what it is: one row per feature.

    A sheet is a sequence of :class:`Balance` rows, by position or feature name; each field of a row is also
    an attribute of the sheet, for all features at once.

    Parameters
    ----------
    features : tuple of str
        Names of the features, in the order of the rows.
    unit : float or None
        The l1 at strength 1, or what is ``called`` otherwise; None where l1 is an array.
    columns : BalanceColumns
        The pulls, limits and verdicts of all features.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.
    standardized : bool, default False
        Whether the penalty applies to features scaled to standard deviation 1.
    encoding : object, optional
        How columns became features: a column of text goes by its name, too.
    called : str, default "l1"
        What ``unit`` and ``enters_at`` count: "alpha" in the sheet of an estimator.
    response : str, default "y"
        What odds or a mean are of: the event, such as "y = yes", or the name of y.

    Examples
    --------
    >>> import equipoise as eq
    >>> sheet = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).explain()
    >>> sheet["x2"].status, sheet["x2"].reason, round(sheet["x2"].absorbed_by["x1"], 12)
    ('killed', 'explained away', 0.75)
    """

    features: tuple[str, ...]
    unit: float | None
    columns: BalanceColumns
    frame: object = None
    standardized: bool = False
    encoding: object = None
    called: str = "l1"
    response: str = "y"

    def __len__(self) -> int:
        return len(self.features)

    def __iter__(self) -> Iterator[Balance]:
        entries, _ = self.enters_at, self.columns.shares  # of all at once
        return (self._row(j, entries[j]) for j in range(len(self)))

    def __getitem__(self, feature: int | str) -> Balance:
        j = self._position(feature)
        entry = self.columns.entry_of(j)
        return self._row(j, None if entry is None else entry * self._entry_unit)

    def _row(self, j: int, entry: float | None) -> Balance:
        b = self.columns
        return Balance(
            self.features[j],
            float(b.coef[j]),
            float(b.pull[j]),
            float(b.limit[j]),
            float(b.slack[j]),
            float(b.alone[j]),
            b.status[j],
            b.reason[j],
            self._shares(j),
            entry,
            None if self.sd is None else float(self.sd[j]),
            tuple(self.features[k] for k in b.copies.get(j, ())),
            self._searched(j, entry),
        )

    def _searched(self, j: int, entry: float | None) -> float | None:
        found = None if entry is not None else self.columns.searched(j)
        return None if found is None else found * self._entry_unit

    @property
    def feature(self) -> tuple[str, ...]:
        """Names of the features; the same as ``features``."""
        return self.features

    @property
    def coef(self) -> Array:
        """Coefficients, (p,)."""
        return self.columns.coef

    @property
    def pull(self) -> Array:
        """Pulls at the solution, (p,)."""
        return self.columns.pull

    @property
    def sd(self) -> Array | None:
        """Standard deviations of the features, (p,), where the fit is standardised."""
        return self.columns.problem.view.sd if self.standardized else None

    @property
    def limit(self) -> Array:
        """Largest pulls that the penalty holds, (p,)."""
        return self.columns.limit

    @property
    def slack(self) -> Array:
        """Limit − |pull|, (p,)."""
        return self.columns.slack

    @property
    def alone(self) -> Array:
        """Pulls with no other feature in the model, (p,)."""
        return self.columns.alone

    @property
    def status(self) -> tuple[str, ...]:
        """Each feature's status."""
        return self.columns.status

    @property
    def reason(self) -> tuple[str | None, ...]:
        """Why each killed feature is zero, and which unpenalised ones others determine."""
        return self.columns.reason

    @property
    def absorbed_by(self) -> tuple[dict[str, float], ...]:
        """For each feature the part of its pull that every feature in the model took."""
        self.columns.shares  # noqa: B018  formed once, for all
        return tuple(self._shares(j) for j in range(len(self)))

    @cached_property
    def enters_at(self) -> tuple[float | None, ...]:
        """Penalty at which each feature enters, in the units of l1 (or multiples of the present penalty)."""
        unit = self._entry_unit
        return tuple(None if t is None else t * unit for t in self.columns.entry_strength)

    @cached_property
    def searched_to(self) -> tuple[float | None, ...]:
        """For zeros without an entry the penalty down to which they do not enter; 0: they never do."""
        return tuple(self._searched(j, entry) for j, entry in enumerate(self.enters_at))

    @property
    def _entry_unit(self) -> float:
        return self.unit if self.unit is not None else 1.0 / (self.columns.strength or 1.0)

    def sentence(self, feature: int | str) -> str:
        """Explain one feature's coefficient in a sentence, those of a column of text in a line each.

        Parameters
        ----------
        feature : int or str
            Position or name of the feature, or name of the column.
        """
        return "\n".join(map(self._sentence, self._positions(feature)))

    def _sentence(self, j: int) -> str:
        l1 = None if self.unit is None else self.unit * self.columns.strength
        words = self.columns.problem.loss.words
        return feature_sentence(self[j], l1=l1, called=self.called, words=words, response=self.response)

    def history(self, feature: int | str) -> tuple[Event, ...]:
        """Every entry, exit and change of sign of one feature as all penalties are scaled by one factor.

        Parameters
        ----------
        feature : int or str
            Position or name of the feature.

        Returns
        -------
        tuple of Event
            Events down to a hundredth of the end of the default path, to half of it for losses other than
            squared; strengths in the units of ``enters_at``.

        Examples
        --------
        >>> import equipoise as eq
        >>> sheet = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).explain()
        >>> sheet.history("x2")
        (Event(strength=3.0, feature='x2', kind='enters', sign=1, accuracy=...),)
        """
        j, unit = self._position(feature), self._entry_unit
        return tuple(event_of(event, self.features, unit) for event in self.columns.events_of(j))

    def closest(self, count: int = 3) -> tuple[Balance, ...]:
        """The killed features whose pull comes closest to its limit, closest first.

        Parameters
        ----------
        count : int
            Largest number of features to return.
        """
        return tuple(self[j] for j in self._closest(count))

    def _closest(self, count: int) -> list[int]:
        b = self.columns
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(np.array(b.status) == "killed", np.abs(b.pull) / b.limit, -np.inf)
        order = np.argsort(-share, kind="stable")[:count]
        return [int(j) for j in order if np.isfinite(share[j])]

    def to_dict(self) -> dict[str, Any]:
        """``{"features": [row, …]}``, JSON-able."""
        return {"features": [row.to_dict() for row in self]}

    def to_frame(self, like: object = None) -> Any:
        """One row per feature, as a data frame (``absorbed_by`` as the largest taker and its share).

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        rows = list(self)
        columns: dict[str, list[Any]] = {
            name: [getattr(row, name) for row in rows]
            for name in ("feature", "coef", "pull", "limit", "slack", "alone", "status", "reason")
        }
        takers = [
            max(row.absorbed_by.items(), key=lambda item: abs(item[1]), default=(None, None)) for row in rows
        ]
        columns["largest_taker"] = [name for name, _ in takers]
        columns["largest_share"] = [share for _, share in takers]
        columns["enters_at"] = [row.enters_at for row in rows]
        columns["searched_to"] = [row.searched_to for row in rows]
        if self.sd is not None:
            columns["sd"] = self.sd.tolist()
        return to_frame(columns, like, self.frame)

    def plot(
        self, ax: Any = None, *, relative: bool | Literal["auto"] = "auto", closest: int = 5
    ) -> BalanceDisplay:
        """Draw every pull against the dead zone of the penalty: why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        relative : bool or "auto", default "auto"
            Whether to divide pulls by their limits; "auto" does so where limits differ or are tiny.
        closest : int, default 5
            How many of the closest calls to name, where features are too many to have a row each.

        Returns
        -------
        BalanceDisplay
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.balance.display import BalanceDisplay

        return BalanceDisplay.from_balance_sheet(self, ax=ax, relative=relative, closest=closest)

    def _shown(self) -> list[str]:
        return sheet_summary(self)

    def _call(self, j: int) -> str:
        if self.columns.prepared:
            return self._sentence(j)
        return close_sentence(self.features[j], float(self.pull[j]), float(self.limit[j]))

    def _position(self, feature: int | str) -> int:
        found = self._positions(feature)
        if len(found) > 1:
            names = quoted(self.features[j] for j in found)
            raise ValueError(f"column {feature!r} has {len(found)} features: name one of {names}")
        return found[0]

    def _positions(self, feature: int | str) -> list[int]:
        if not isinstance(feature, str):
            return [range(len(self))[feature]]
        if feature in self._places:
            return [self._places[feature]]
        return features_named([feature], self.features, self.encoding)[feature]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: j for j, name in enumerate(self.features)}

    def _shares(self, j: int) -> dict[str, float]:
        taken = zip(self.columns.takers, self.columns.shares_of(j), strict=True)
        return {self.features[k]: float(share) for k, share in taken if share != 0}
