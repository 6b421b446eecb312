"""How much each feature of a model matters: standardised coefficients, and what is lost without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.explain.forbidden import forbid_each
from equipoise.explain.otherwise import solve_otherwise
from equipoise.objective.measures import FLOOR
from equipoise.objective.points import Points
from equipoise.objective.squares import Squares
from equipoise.results.other_fits.text import importance_text
from equipoise.results.plain import Tabular, fields_of, to_frame
from equipoise.setup.setup import PerFeature, Setup

if TYPE_CHECKING:
    from equipoise.show.plots import Display

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Importance(Tabular):
    """How much each of the k features of a model matters, those with the largest |coef·sd| first.

    Standard deviations are weighted by the sample weights and divide by Σs, as those of ``standardize=True``.
    A share is measured by an exact solution without the feature, every penalty as it was:

        (objective without the feature − objective) ÷ (objective of the null model − objective)

    The null model has the intercept and the unpenalised features, fitted, and no other; so a share lies
    between 0 (others stand in at no cost) and 1 (nothing else is of use). Shares need not add up to 1:
    features that stand in for each other have small ones, features that need each other large ones.

    Parameters
    ----------
    features : tuple of str
        Names of the k features with a non-zero coefficient.
    coef : (k,) array
        Coefficients in original units.
    sd : (k,) array
        Standard deviations of the features.
    effect : (k,) array
        coef·sd: the change of the linear predictor (the prediction, the log-odds, the logarithm of the mean)
        when the feature rises by one standard deviation.
    standardized : (k,) array
        coef·sd ÷ ``response_sd``: the standardised coefficient; NaN where y is the same in all rows. Under
        another loss than the squared one, whose linear predictor is not in units of y, coef·sd itself.
    share : (k,) array
        Share of the objective's gain over the null model that is lost when the feature is forbidden. NaN for
        a feature that the null model has too: without a penalty, or with bounds that forbid zero.
    response_sd : float or None
        Standard deviation of y (of y − offset, where there is one); None under another loss.
    columns : dict of str to float
        The share that is lost without all features of a column of text at once, for each such column with
        several features of which some are in the model.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.
    called : str or None
        What e to an effect is, "odds ratio" or "rate ratio"; None where it is nothing.

    Examples
    --------
    >>> import equipoise as eq
    >>> print(eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).importance())
    feature      coef        sd  coef × sd  standardised  of the gain
    x1        1.66667  0.471405   0.785674       0.96225       48.1 %
    x2       0.666667  0.471405    0.31427        0.3849       7.69 %
    <BLANKLINE>
    standardised: coef × sd ÷ 0.816497, the standard deviation of y (less any offset); of the gain: the
    share of what the model gains over the null model that is lost without the feature
    """

    features: tuple[str, ...]
    coef: Array
    sd: Array
    effect: Array
    standardized: Array
    share: Array
    response_sd: float | None
    columns: Mapping[str, float] = field(default_factory=dict)
    frame: object = None
    called: str | None = None

    @property
    def ratio(self) -> Array | None:
        """The odds or rate ratio of one standard deviation, e to each effect, (k,); None without one."""
        return None if self.called is None else np.exp(self.effect)

    @classmethod
    def of(
        cls,
        setup: Setup,
        points: Points,
        l1: PerFeature,
        l2: PerFeature,
        progress: Callable[[int], None] | None = None,
    ) -> Importance:
        """Measure the importance of every feature of a solution, with an exact solution for each.

        Parameters
        ----------
        setup : Setup
            The data and the arguments of the fit.
        points : Points
            The solution: a single point.
        l1, l2 : float or (p,) array
            Its penalty, as passed.
        progress : callable, optional
            Called after each feature with the number of features done.
        """
        problem = points.problem
        coef = points.coef[0] / problem.view.scale
        effect = coef * problem.view.sd
        gain = float(problem.null_value(points.strengths)[0] - points.objective()[0])
        share = np.full(len(coef), np.nan)
        if gain > 0:
            for found in forbid_each(points, progress):
                share[found.feature] = found.cost / gain
        kept = np.flatnonzero(coef)
        kept = kept[np.argsort(-np.abs(effect[kept]), kind="stable")]
        response_sd = _response_sd(problem) if isinstance(problem, Squares) else None
        return cls(
            tuple(setup.features[j] for j in kept.tolist()),
            coef[kept],
            problem.view.sd[kept],
            effect[kept],
            _standardized(effect[kept], response_sd),
            share[kept],
            response_sd,
            _by_column(setup, points, l1, l2, share),
            setup.frame,
            problem.loss.words.ratio,
        )

    def to_dict(self) -> dict[str, Any]:
        """All attributes but ``frame``, JSON-able."""
        record = {name: value for name, value in fields_of(self).items() if name not in ("frame", "called")}
        return record if self.ratio is None else {**record, "ratio": self.ratio.tolist()}

    def to_frame(self, like: object = None) -> Any:
        """One row per feature of the model (feature, coef, sd, effect, standardized, share), as a data frame.

        Under a loss with odds or rate ratios it has a column ``ratio``, too.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns: dict[str, list[Any]] = {"feature": list(self.features)}
        for name in ("coef", "sd", "effect", "standardized", "share"):
            columns[name] = getattr(self, name).tolist()
        if self.ratio is not None:
            columns["ratio"] = self.ratio.tolist()
        return to_frame(columns, like, self.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw the standardised coefficients as bars, each with its share of the gain.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.other_fits.importance_plot import draw_importance
        from equipoise.show.plots import Drawing

        return Drawing(draw_importance, self).plot(ax)

    def _shown(self) -> list[str]:
        return importance_text(self)


def _response_sd(problem: Squares) -> float:
    """Standard deviation of y − offset, 0 where it is rounding."""
    yy, weight = float(problem.moments.yy), problem.moments.weight
    level = yy + weight * problem.moments.mean_y**2
    return 0.0 if yy <= FLOOR**2 * level else float(np.sqrt(yy / weight))


def _standardized(effect: Array, response_sd: float | None) -> Array:
    """Effects per standard deviation of the response, NaN where it has none; as they are without one."""
    if response_sd is None:
        return effect
    return effect / response_sd if response_sd else np.full(len(effect), np.nan)


def _by_column(
    setup: Setup, points: Points, l1: PerFeature, l2: PerFeature, share: Array
) -> dict[str, float]:
    """The share of each column of text that has several features, some of them in the model."""
    shares = {}
    place = {feature: j for j, feature in enumerate(setup.features)}
    for column in getattr(setup.encoding, "columns", ()):
        # A formula's columns need not have features of their own.
        places = [place[feature] for feature in column.features if feature in place]
        active = [j for j in places if points.coef[0, j] != 0]
        if len(places) > 1 and active and not np.isnan(share[active]).any():
            change = solve_otherwise(setup, points, l1, l2, [setup.features[j] for j in places])[2]
            shares[column.name] = max(change.objective_after - change.objective_before, 0.0) / change.gain
    return shares
