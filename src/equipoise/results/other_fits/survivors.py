"""The survivors of a fit: what it costs to forbid each, and the features that would stand in for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue
from equipoise.explain.balance import BalanceColumns
from equipoise.explain.forbidden import forbid_each
from equipoise.objective.points import Points
from equipoise.results.other_fits.text import survivors_text
from equipoise.results.plain import Tabular, fields_of, to_frame

if TYPE_CHECKING:
    from equipoise.show.plots import Display


@public
@dataclass(frozen=True, slots=True, eq=False)
class Survivor(ByValue):
    """One feature of a model, and what happens if it is forbidden.

    Parameters
    ----------
    feature : str
        Name of the feature.
    coef : float
        Coefficient in original units.
    limit : float
        The largest pull that its penalty holds at its coefficient.
    killed_by : float
        The smallest l1_j of its own at which it would be zero, in the units of ``limit`` and with all other
        penalties unchanged: its pull when it is forbidden.
    cost : float
        Rise of the objective when it is forbidden.
    relative_cost : float
        ``cost`` ÷ the objective of the null model less that of the fit.
    stand_ins : tuple of str
        Features that enter in its place, or are in the model and take over a tenth of its coefficient (times
        the column's norm); the one that takes most first.
    correlations : tuple of float
        Correlations of the stand-ins with the feature.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
    >>> survivor = fit.survivors()["x1"]
    >>> survivor.killed_by, survivor.stand_ins
    (4.75, ('x2',))
    """

    feature: str
    coef: float
    limit: float
    killed_by: float
    cost: float
    relative_cost: float
    stand_ins: tuple[str, ...]
    correlations: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return fields_of(self)


@public
@dataclass(frozen=True, slots=True, eq=False)
class Group(ByValue):
    """Features that may stand in for each other at next to no cost.

    Parameters
    ----------
    features : tuple of str
        The features, those of the model first.
    kept : tuple of str
        Those of the features that are in the model.
    relative_cost : float
        The largest relative cost of forbidding a feature of the model whose stand-ins formed the group.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> x = np.arange(20.0) % 7
    >>> X = np.column_stack([x, x + 1e-3 * (np.arange(20) % 3), np.arange(20) % 2])
    >>> [group.features for group in eq.fit(X, x, l1=5).survivors().groups()]
    [('x1', 'x2')]
    """

    features: tuple[str, ...]
    kept: tuple[str, ...]
    relative_cost: float

    def to_dict(self) -> dict[str, Any]:
        """All fields, JSON-able."""
        return fields_of(self)


@public
@dataclass(frozen=True, eq=False, repr=False)
class Survivors(Sequence[Survivor], Tabular):
    """The cost of forbidding each survivor: a sequence of :class:`Survivor`, by position or feature name.

    Parameters
    ----------
    rows : tuple of Survivor
        The most expensive to forbid first.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.

    Examples
    --------
    >>> import equipoise as eq
    >>> print(eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).survivors())
    feature  coef  limit  killed by  cost  of the gain  stand-ins
    x1       0.75    3.5       4.75   0.5  88.9 %       x2 (0.5)
    <BLANKLINE>
    killed by: the limit at which the feature would be zero, all other penalties unchanged; cost: the
    rise of the objective when it is forbidden, and its share of what the model gains over the null
    model; stand-ins: the features that enter or take over when it is forbidden, and their correlations
    with it (small where it enters only because the others change)
    """

    rows: tuple[Survivor, ...]
    frame: object = None

    @classmethod
    def of(
        cls,
        features: tuple[str, ...],
        points: Points,
        frame: object,
        progress: Callable[[int], None] | None = None,
    ) -> Survivors:
        """Forbid every survivor of a solution in turn.

        Parameters
        ----------
        features : tuple of str
            Names of the p features.
        points : Points
            The solution: a single point.
        frame : object
            The frame that X came in.
        progress : callable, optional
            Called with the number of features done.
        """
        columns = BalanceColumns(points)
        gain = float(points.problem.null_value(points.strengths)[0] - points.objective()[0])
        rows = [
            Survivor(
                features[found.feature],
                float(columns.coef[found.feature]),
                float(columns.limit[found.feature]),
                found.threshold,
                found.cost,
                found.cost / gain if gain > 0 else 0.0,
                tuple(features[k] for k in found.stand_ins.tolist()),
                tuple(found.alike.tolist()),
            )
            for found in forbid_each(points, progress)
        ]
        return cls(tuple(sorted(rows, key=lambda row: -row.cost)), frame)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Survivor]:
        return iter(self.rows)

    def __getitem__(self, feature: Any) -> Any:
        if not isinstance(feature, str):
            return self.rows[feature]
        for row in self.rows:
            if row.feature == feature:
                return row
        from equipoise.data.arguments.messages import suggestion

        names = [row.feature for row in self.rows]
        raise ValueError(f"{feature!r} is no survivor: {suggestion(feature, names, 'survivor')}")

    def groups(self, tolerance: float = 0.01, correlation: float = 0.7) -> tuple[Group, ...]:
        """Find groups of features that may stand in for each other.

        Parameters
        ----------
        tolerance : float, default 0.01
            Largest relative cost of forbidding a survivor at which it forms a group with its stand-ins.
            Groups with a feature in common are merged.
        correlation : float, default 0.7
            Smallest absolute correlation with the survivor at which a stand-in joins its group.

        Returns
        -------
        tuple of Group
            Groups of at least two features, the cheapest first.

        Raises
        ------
        ValueError
            If one of the two is not between 0 and 1.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> x = np.arange(20.0) % 7
        >>> X = np.column_stack([x, x + 1e-3 * (np.arange(20) % 3), np.arange(20) % 2])
        >>> eq.fit(X, x, l1=5).survivors().groups()[0].kept
        ('x1',)
        """
        if not 0 <= tolerance <= 1:
            raise ValueError(f"tolerance is {tolerance}: pass a share from 0 to 1")
        if not 0 <= correlation <= 1:
            raise ValueError(f"correlation is {correlation}: pass a number from 0 to 1")
        found: list[tuple[set[str], float]] = []
        for row in self.rows:
            pairs = zip(row.stand_ins, row.correlations, strict=True)
            alike = {name for name, size in pairs if abs(size) >= correlation}
            if not alike or row.relative_cost > tolerance:
                continue
            members, cost = {row.feature, *alike}, row.relative_cost
            for group in [group for group in found if group[0] & members]:
                found.remove(group)
                members, cost = members | group[0], max(cost, group[1])
            found.append((members, cost))
        kept = [row.feature for row in self.rows]
        groups = []
        for members, cost in sorted(found, key=lambda group: group[1]):
            inside = tuple(name for name in kept if name in members)
            groups.append(Group((*inside, *sorted(members - {*inside})), inside, cost))
        return tuple(groups)

    def to_dict(self) -> dict[str, Any]:
        """``{"survivors": [row, …], "groups": [group, …]}``, JSON-able."""
        return {
            "survivors": [row.to_dict() for row in self.rows],
            "groups": [group.to_dict() for group in self.groups()],
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per survivor, as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        names = ("feature", "coef", "limit", "killed_by", "cost", "relative_cost")
        columns: dict[str, list[Any]] = {name: [getattr(row, name) for row in self.rows] for name in names}
        columns["stand_ins"] = [", ".join(row.stand_ins) for row in self.rows]
        return to_frame(columns, like, self.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw what it costs to forbid each survivor, with the limit that would kill it.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.other_fits.survivors_plot import draw_survivors
        from equipoise.show.plots import Drawing

        return Drawing(draw_survivors, self).plot(ax)

    def _shown(self) -> list[str]:
        return survivors_text(self)
