"""Coefficients along a path as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.public import public
from equipoise.results.path.from_estimator import cross_validation_of
from equipoise.results.path.path_file import knows_events
from equipoise.results.path.text import predictor_of, strength_name
from equipoise.show.labels import LITERAL, name_ends, note
from equipoise.show.plots import GREY, Display, axes_for, keep_axes, over_strength, stroke
from equipoise.show.strengths import mark_strengths

if TYPE_CHECKING:
    from equipoise.results.event import Event
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]

# Finding all events takes about a second up to these numbers of features, and of features ever in the model;
# with an l2 the path is curved, and each event takes a root search.
FEW_FEATURES, FEW_IN, FEW_IN_CURVED = 500, 120, 60


@public
class PathDisplay(Display):
    """Coefficients against the strength of the penalty, with the exact strengths at which features enter.

    The features whose coefficients grow largest, in standard deviations of the feature, are drawn in colour
    and named where their lines end; the others are grey. Make one with ``from_path``, ``from_estimator`` or
    ``Path.plot``; it holds its data, and ``plot`` draws them again.

    Parameters
    ----------
    strengths : (m,) array
        Strengths of the penalty.
    coef : (m, k) array
        Coefficients in original units, of the features that are non-zero at some strength.
    features : sequence of k str
        Names of these features.
    sd : (k,) array, optional
        Standard deviations of these features: the largest |coef|·sd are named; 1 by default.
    events : sequence of Event, optional
        Exact entries and exits; None if they are not known.
    total : int, optional
        Number of all features, those that are zero at every strength included; k by default.
    strength_name : str
        Label of the axis of strengths.
    predictor : str, optional
        What coefficients are of where that is not y itself, such as "log-odds of y = yes".

    Attributes
    ----------
    ax_, figure_ : matplotlib axes and figure
        What it was drawn on.
    lines_ : dict of str to matplotlib line
        The line of each feature in colour, with its exact entries and exits as points, and NaN where it
        stays at zero.
    rest_ : matplotlib LineCollection or None
        The lines of the other features.
    entries_, exits_ : dict of str to matplotlib line
        Marks at zero where features in colour enter (full) and leave (hollow).
    marks_ : dict of str to matplotlib line
        Vertical lines at the strengths marked.
    labels_ : list of matplotlib text
        The names.
    note_ : matplotlib text
        How many features are named, and what the marks mean.

    References
    ----------
    Efron, Hastie, Johnstone & Tibshirani (2004), *Ann. Statist.* 32, figure 1.

    Examples
    --------
    >>> import equipoise as eq
    >>> from matplotlib.figure import Figure
    >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False)
    >>> display = eq.PathDisplay.from_path(path, ax=Figure().subplots())
    >>> [float(x) for x in display.entries_["x2"].get_xdata()]
    [3.0]
    """

    def __init__(
        self,
        *,
        strengths: ArrayLike,
        coef: ArrayLike,
        features: Sequence[str],
        sd: ArrayLike | None = None,
        events: Sequence[Event] | None = None,
        total: int | None = None,
        strength_name: str = "strength of the penalty",
        predictor: str | None = None,
    ) -> None:
        self.strengths = np.asarray(strengths, dtype=np.float64)
        self.coef = np.asarray(coef, dtype=np.float64)
        self.lines_: dict[str, Any] = {}
        self.entries_: dict[str, Any] = {}
        self.exits_: dict[str, Any] = {}
        self.features = tuple(features)
        self.sd = np.ones(len(self.features)) if sd is None else np.asarray(sd, dtype=np.float64)
        self.events = None if events is None else tuple(events)
        self.total = len(self.features) if total is None else total
        self.strength_name, self.predictor = strength_name, predictor
        if self.coef.shape != (len(self.strengths), len(self.features)):
            raise ValueError(
                f"coef has shape {self.coef.shape} but there are {len(self.strengths)} strengths and "
                f"{len(self.features)} features: pass one row per strength and one column per feature"
            )

    @classmethod
    def from_path(
        cls,
        path: Path,
        *,
        ax: Any = None,
        events: bool | Literal["auto"] = "auto",
        top: int = 10,
        mark: float | Mapping[str, float] | None = None,
        per_sd: bool = False,
    ) -> PathDisplay:
        """Draw a path.

        Parameters
        ----------
        path : Path
            What ``equipoise.path`` returned.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        events : bool or "auto", default "auto"
            Whether to mark exact entries and exits. "auto" does so if they are known already, or if finding
            them takes about a second at most: with up to 500 features, of which up to 120 (60 with an l2) are
            ever in the model.
        top, mark, per_sd
            As in ``plot``.

        Returns
        -------
        PathDisplay
            The picture.
        """
        return cls._of(path, events, strength_name(path.asked)).plot(ax, top=top, mark=mark, per_sd=per_sd)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any = None,
        y: Any = None,
        *,
        ax: Any = None,
        events: bool | Literal["auto"] = "auto",
        top: int = 10,
        mark: float | Mapping[str, float] | None = None,
        per_sd: bool = False,
        **params: Any,
    ) -> PathDisplay:
        """Draw the path of a cross-validated estimator, against scikit-learn's alpha, its choice marked.

        Parameters
        ----------
        estimator : LassoCV or ElasticNetCV
            A fitted estimator of equipoise.
        X : (n, p) array or data frame, optional
            The training data; needed only for an unpickled estimator, which does not hold them.
        y : (n,) array, optional
            The training response.
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        events : bool or "auto", default "auto"
            As in ``from_path``.
        top, mark, per_sd
            As in ``plot``; ``mark`` is the chosen alpha by default.
        **params : dict
            What the fit was passed beside X and y, such as ``sample_weight``, where they are needed.

        Returns
        -------
        PathDisplay
            The picture.
        """
        cv, names = cross_validation_of(estimator, X, y, display=cls.__name__, **params)
        display = cls._of(cv.path, events, "alpha")
        # The estimator's path was fitted on an array: its features have default names.
        display.features = tuple(names[j] for j in cv.path.ever)
        if display.events is not None:
            known = dict(zip(cv.path.features, names, strict=True))
            display.events = tuple(replace(event, feature=known[event.feature]) for event in display.events)
        chosen = {"alpha_": float(estimator.alpha_)} if mark is None else mark
        return display.plot(ax, top=top, mark=chosen, per_sd=per_sd)

    @classmethod
    def _of(cls, path: Path, events: bool | Literal["auto"], name: str) -> PathDisplay:
        ever, count = path.ever, len(path.features)
        if events not in (True, False, "auto"):
            raise ValueError(f"events is {events!r}: pass True, False or 'auto'")
        curved = bool(np.any(np.asarray(path.asked.l2) > 0))
        few = count <= FEW_FEATURES and len(ever) <= (FEW_IN_CURVED if curved else FEW_IN)
        quick = knows_events(path) or (few and path.kept is None)
        wanted = events is True or (events == "auto" and quick)
        return cls(
            strengths=path.strengths,
            coef=path.values,
            features=[path.features[j] for j in ever],
            sd=path.sd,
            events=path.events if wanted else None,
            total=count,
            strength_name=name,
            predictor=predictor_of(path),
        )

    def plot(
        self,
        ax: Any = None,
        *,
        top: int = 10,
        mark: float | Mapping[str, float] | None = None,
        per_sd: bool = False,
    ) -> PathDisplay:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        top : int, default 10
            How many features to draw in colour and to name; fewer are named where there is no room.
        mark : float or dict of str to float, optional
            A strength to mark with a line, or several by name.
        per_sd : bool, default False
            Whether to draw coefficients times the standard deviation of their feature, which makes features
            of different units comparable.

        Returns
        -------
        PathDisplay
            The display itself.
        """
        if top < 0:
            raise ValueError(f"top is {top}: pass how many features to name, 0 or more")
        unit = self.sd if as_flag(per_sd, "per_sd") else np.ones(len(self.sd))
        values = self.coef * unit
        order = np.argsort(-np.abs(self.coef * self.sd).max(axis=0, initial=0.0), kind="stable")
        named, others = order[:top], order[top:]
        ax = axes_for(ax, size=(7.4, max(4.2, 0.19 * min(top, len(order)) + 1.0)))
        keep_axes(self, ax)
        over_strength(ax, self.strengths, self.strength_name)
        per = f"{self.predictor or 'y'} per unit of x"
        if per_sd:
            per = f"{self.predictor} per sd of x" if self.predictor else "units of y"
        ax.set_ylabel(f"coefficient{' × sd of its feature' if per_sd else ''} ({per})", **LITERAL)
        ax.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
        self.rest_ = self._draw_rest(values, others)
        self.lines_, self.entries_, self.exits_ = {}, {}, {}
        for place, j in reversed(list(enumerate(named.tolist()))):
            self._draw_line(place, j, values[:, j])
        ends = self.strengths.max(), self.strengths.min()
        if ends[0] > ends[1]:
            ax.set_xlim(*ends)
        self._set_heights(values)
        self.marks_ = mark_strengths(ax, mark)
        weakest = int(np.argmin(self.strengths)) if len(self.strengths) else 0
        names = [self.features[j] for j in named]
        styles = [stroke(place) for place in range(len(named))]
        self.note_ = note(ax, " ")
        self.labels_ = name_ends(ax, values[weakest, named] if len(named) else np.empty(0), names, styles)
        self.note_.set_text(self._note(len(self.labels_)))
        return self

    def _set_heights(self, values: Array) -> None:
        """Set the limits of the y axis: all coefficients and zero, with a margin."""
        low, high = min(0.0, values.min(initial=0.0)), max(0.0, values.max(initial=0.0))
        margin = 0.04 * (high - low) or 1.0
        self.ax_.set_ylim(low - margin, high + margin)

    def _draw_rest(self, values: Array, others: NDArray[np.intp]) -> Any:
        """Draw the lines of features that are not named."""
        if not len(others):
            return None
        from matplotlib.collections import LineCollection

        order = np.argsort(-self.strengths, kind="stable")
        segments = [np.column_stack([self.strengths[order], _touching(values[order, j])]) for j in others]
        # Many lines are thin and pale, so that the ones in colour stay in front.
        many = len(others) > 50
        rest = LineCollection(
            segments, colors=GREY, linewidths=0.5 if many else 0.8, alpha=0.35 if many else 0.6, zorder=1.5
        )
        rest.set_rasterized(len(others) > 500)
        return self.ax_.add_collection(rest)

    def _draw_line(self, place: int, j: int, value: Array) -> None:
        """Draw one feature in colour, with exact points where it enters and leaves."""
        name, style = self.features[j], stroke(place)
        own = [e for e in self.events or () if e.feature == name and e.kind in ("enters", "leaves")]
        at = np.concatenate([self.strengths, [e.strength for e in own]])
        heights = np.concatenate([value, np.zeros(len(own))])
        order = np.argsort(-at, kind="stable")
        at, heights = at[order], _touching(heights[order])
        (self.lines_[name],) = self.ax_.plot(at, heights, linewidth=1.6, zorder=2, **style)
        for kind, marks, fill in (
            ("enters", self.entries_, style["color"]),
            ("leaves", self.exits_, "white"),
        ):
            places = [e.strength for e in own if e.kind == kind]
            if places:
                (marks[name],) = self.ax_.plot(
                    places,
                    np.zeros(len(places)),
                    "o",
                    color=style["color"],
                    markerfacecolor=fill,
                    markersize=4.5,
                    zorder=3,
                    clip_on=False,
                )

    def _note(self, written: int) -> str:
        """How many features are named, and what the marks of entries and exits mean."""
        shown, parts = len(self.features), []
        if written < self.total:
            ever = f", {shown:,} ever in the model" if shown < self.total else ""
            parts.append(f"{written:,} of {self.total:,} features named{ever}")
        if self.events is not None and self.entries_:
            parts.append("● where a feature enters" + (", ○ leaves" if self.exits_ else ""))
        return "; ".join(parts)


def _touching(values: Array) -> Array:
    """The values with NaN in place of zeros between zeros: a line is not drawn where it stays at zero."""
    still = values == 0.0
    before, after = np.append(True, still[:-1]), np.append(still[1:], True)
    return np.where(still & before & after, np.nan, values)
