"""The balance sheet as a picture: the pull on each feature against the limit of its penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.public import public
from equipoise.results.balance.points import draw_points
from equipoise.results.balance.rows import draw_rows
from equipoise.show.plots import GREY, PALE, Display, keep_axes
from equipoise.show.tables import number

if TYPE_CHECKING:
    from equipoise.results.balance.result import BalanceSheet

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

ROWS = 40  # features up to which each has a row of its own
WIDE = 15.0  # largest pull, in limits, that is drawn on a linear scale


@public
class BalanceDisplay(Display):
    """Pulls against the dead zone of the penalty: why each coefficient is zero, or is not.

    A feature whose pull stays inside the dead zone, ±limit, is zero; one in the model is pulled exactly to
    its edge. A hollow mark shows the pull alone, with no other feature in the model, and an arrow leads from
    there to the pull that the others leave. Up to 40 features have a row each; of more, every feature is a
    point, alone across and left over upwards. Make one with ``from_balance_sheet``, ``from_estimator``,
    ``BalanceSheet.plot`` or ``Fit.plot``.

    Parameters
    ----------
    features : sequence of p str
        Names of the features.
    pull, limit, alone : (p,) arrays
        As in a balance sheet, in its units.
    status : sequence of p str
        As in a balance sheet.
    takers : sequence of p dict, optional
        For each feature the part of its pull that each feature in the model took, by name.

    Attributes
    ----------
    ax_, figure_ : matplotlib axes and figure
        What it was drawn on.
    relative_ : bool
        Whether pulls were divided by their limits.
    zone_ : matplotlib patch
        The dead zone.
    pulls_, alone_ : dict of str to matplotlib line
        The marks of each status.
    order_ : (rows,) index array
        Features from top to bottom; where they are points, those that are named, the closest calls last.
    labels_ : list of matplotlib text
        Names, where features are points.
    note_ : matplotlib text
        How many features are named, where they are points.

    Examples
    --------
    >>> import equipoise as eq
    >>> from matplotlib.figure import Figure
    >>> sheet = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).explain()
    >>> display = eq.BalanceDisplay.from_balance_sheet(sheet, ax=Figure().subplots())
    >>> [float(x) for x in display.pulls_["killed"].get_xdata()]
    [3.25]
    """

    relative_: bool
    zone_: Any
    pulls_: dict[str, Any]
    alone_: dict[str, Any]
    order_: Indices
    note_: Any

    def __init__(
        self,
        *,
        features: Sequence[str],
        pull: ArrayLike,
        limit: ArrayLike,
        alone: ArrayLike,
        status: Sequence[str],
        takers: Sequence[dict[str, float]] | None = None,
    ) -> None:
        self.features = tuple(features)
        self.pull = np.asarray(pull, dtype=np.float64)
        self.limit = np.asarray(limit, dtype=np.float64)
        self.alone = np.asarray(alone, dtype=np.float64)
        self.status = np.array(status, dtype=object)
        self.labels_: list[Any] = []
        self.takers = None if takers is None else tuple(takers)
        self._check_lengths(("pull", "limit", "alone", "status"), len(self.features), "features")

    @classmethod
    def from_balance_sheet(
        cls,
        sheet: BalanceSheet,
        *,
        ax: Any = None,
        relative: bool | Literal["auto"] = "auto",
        closest: int = 5,
    ) -> BalanceDisplay:
        """Draw a balance sheet.

        Parameters
        ----------
        sheet : BalanceSheet
            What ``Fit.explain()`` returned.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        relative, closest
            As in ``plot``.

        Returns
        -------
        BalanceDisplay
            The picture.
        """
        return cls._of(sheet).plot(ax, relative=relative, closest=closest)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any = None,
        y: Any = None,
        *,
        ax: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        relative: bool | Literal["auto"] = "auto",
        closest: int = 5,
    ) -> BalanceDisplay:
        """Draw why an estimator's coefficients are what they are.

        Parameters
        ----------
        estimator : Lasso, ElasticNet, Ridge, LassoCV, ElasticNetCV or RidgeCV
            A fitted estimator of equipoise.
        X : (n, p) array or data frame, optional
            The training data; needed only for an unpickled estimator, which does not hold them.
        y : (n,) array, optional
            The training response.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        sample_weight, offset : (n,) array, optional
            As they were at the fit, if X is passed.
        target : int, default 0
            Index of the target, if the estimator was fitted on several.
        relative, closest
            As in ``plot``.

        Returns
        -------
        BalanceDisplay
            The picture.
        """
        from sklearn.utils.validation import check_is_fitted

        if not callable(getattr(estimator, "explain", None)):
            raise TypeError(
                f"BalanceDisplay.from_estimator needs an estimator of equipoise, not "
                f"{type(estimator).__name__}: check others with equipoise.audit"
            )
        check_is_fitted(estimator)
        given = {} if X is None else {"X": X, "y": y, "sample_weight": sample_weight, "offset": offset}
        sheet = estimator.explain(None, target=target, **given)
        return cls._of(sheet).plot(ax, relative=relative, closest=closest)

    @classmethod
    def _of(cls, sheet: BalanceSheet) -> BalanceDisplay:
        return cls(
            features=sheet.features,
            pull=sheet.pull,
            limit=sheet.limit,
            alone=sheet.alone,
            status=sheet.status,
            takers=sheet.absorbed_by if len(sheet) <= ROWS else None,
        )

    def plot(
        self, ax: Any = None, *, relative: bool | Literal["auto"] = "auto", closest: int = 5
    ) -> BalanceDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        relative : bool or "auto", default "auto"
            Whether to divide every pull by its feature's limit, so that one dead zone from −1 to 1 serves
            all. "auto" does so where the limits differ, or where they are so small beside the pulls that the
            axis has to be logarithmic outside the dead zone.
        closest : int, default 5
            How many of the killed features that come closest to their limit to name, where features are
            points.

        Returns
        -------
        BalanceDisplay
            The display itself.
        """
        if relative not in (True, False, "auto"):
            raise ValueError(f"relative is {relative!r}: pass True, False or 'auto'")
        held = self.limit[self._held]
        equal = len(held) > 0 and float(np.ptp(held)) <= 1e-9 * float(held.max())
        if relative is False and not equal:
            raise ValueError(
                "relative is False but the limits of the features differ: one dead zone needs 'auto'"
            )
        self._logs: set[str] = set()
        self._edge = float(held.max()) if equal else 1.0
        far = equal and self._far(np.concatenate([self.pull, self.alone])[np.tile(self._held, 2)])
        self.relative_ = (not equal or far) if relative == "auto" else bool(relative)
        if self.relative_:
            self._edge = 1.0
        if len(self.features) <= ROWS:
            draw_rows(self, ax)
        else:
            draw_points(self, ax, closest)
        return self

    def _draw_zone(self, ax: Any, span: Callable[..., Any]) -> None:
        """Record the axes and draw the dead zone on them, across or upwards as ``span`` does."""
        keep_axes(self, ax)
        edge = self._edge
        self.zone_ = span(-edge, edge, facecolor=PALE, edgecolor=GREY, linewidth=0.8, zorder=0)
        self.zone_.set_visible(self._held.any())
        self.pulls_, self.alone_ = {}, {}

    @property
    def _held(self) -> NDArray[np.bool_]:
        """Which features have a dead zone."""
        return np.isfinite(self.limit) & (self.limit > 0)

    def _shown(self, values: Array) -> Array:
        """Values in the units of the picture; NaN for a feature without a dead zone."""
        unit = self.limit if self.relative_ else np.ones(len(self.limit))
        return np.asarray(np.divide(values, unit, out=np.full(len(values), np.nan), where=self._held))

    def _unit(self, what: str, axis: str) -> str:
        """The label of an axis: quantity, units, dead zone, and whether it is logarithmic."""
        unit = " ÷ its limit" if self.relative_ else " (x times y)"
        scale = ", logarithmic outside" if axis in self._logs else ""
        zone = f"dead zone ±{number(self._edge, 4)}" if self._held.any() else "no dead zone"
        return f"{what}{unit}; {zone}{scale}"

    def _scale_across(self, ax: Any, values: Array) -> None:
        """Scale the x axis: logarithmic outside the dead zone if that would else be too narrow to see."""
        if self._far(values):
            self._logarithmic(ax, "x")
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            ax.set_xlim(min(1.6 * low, -1.6 * self._edge), max(1.6 * high, 1.6 * self._edge))
            return
        ends = np.array([np.nanmin(values, initial=-self._edge), np.nanmax(values, initial=self._edge)])
        margin = 0.05 * (ends[1] - ends[0])
        ax.set_xlim(ends[0] - margin, ends[1] + margin)

    def _far(self, values: Array) -> bool:
        """Whether values reach too many limits far for a linear scale."""
        return float(np.nanmax(np.abs(values), initial=0.0)) > WIDE * self._edge

    def _logarithmic(self, ax: Any, which: str) -> None:
        """Scale an axis logarithmically outside the dead zone, with plain numbers beside the ticks."""
        from matplotlib.ticker import FixedLocator

        scale = ax.set_xscale if which == "x" else ax.set_yscale
        scale("symlog", linthresh=self._edge, linscale=1.0)
        axis = ax.xaxis if which == "x" else ax.yaxis
        tens = [self._edge * 10.0**k for k in range(20)]
        axis.set_major_locator(FixedLocator([*(-end for end in tens), 0.0, *tens]))
        axis.set_major_formatter(lambda value, _: number(value, 4))
        self._logs = {*self._logs, which}
