"""Confidence intervals and p-values, with a statement of what they condition on and assume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.inference.text import intervals_sentence, intervals_summary
from equipoise.results.plain import Tabular, to_frame, to_plain

if TYPE_CHECKING:
    from equipoise.show.plots import Display

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class Intervals(Tabular):
    """Confidence intervals and p-values of some of the coefficients.

    Parameters
    ----------
    features : tuple of str
        Names of the k features with an interval.
    estimate : (k,) array
        For "debiased" the corrected coefficient, for "selective" that of least squares in the selected model.
    lower, upper : (k,) arrays
        Ends of the intervals, in original units; with "selective" they may be infinite.
    standard_error : (k,) array
        Standard deviation of the estimate; for "selective", without conditioning on the selection.
    p_value : (k,) array
        Two-sided p-values of a zero coefficient, not corrected for the number of tests.
    level : float
        The coverage of each interval.
    variance : float
        σ² of the noise.
    variance_from : str
        Source of the variance: "given", "scaled lasso" or "full least squares".
    method : str
        "debiased" or "selective".
    coef : (k,) array
        Coefficients of the lasso.
    limits : (k,) array
        l1 of each feature, times its standard deviation if the fit is standardised.
    truncation : (k, 2) array or None
        For "selective", V⁻ and V⁺: between them the estimate may move without changing the selection.
    copies : tuple of k tuples of str, optional
        For "selective", the features left out that are copies of each feature: on them the lasso could have
        put the coefficient as well, and the interval is that of what they have in common.
    unique : bool, default True
        For "selective", whether the lasso's solution is proved to be the only one, copies aside: if not,
        another selection may be as good, and the intervals condition on the one that was found.
    frame : object, optional
        The data frame that X came in; ``to_frame`` returns one of the same library.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 4))
    >>> intervals = eq.selective_intervals(X, X[:, 0] + rng.normal(size=50), l1=15.0)
    >>> intervals.features, bool(intervals.lower[0] < 1 < intervals.upper[0])
    (('x1',), True)
    """

    features: tuple[str, ...]
    estimate: Array
    lower: Array
    upper: Array
    standard_error: Array
    p_value: Array
    level: float
    variance: float
    variance_from: str
    method: str
    coef: Array
    limits: Array
    truncation: Array | None = None
    copies: tuple[tuple[str, ...], ...] = ()
    unique: bool = True
    frame: object = None

    @property
    def statement(self) -> str:
        """A sentence about what each interval covers, conditions on and assumes."""
        return intervals_sentence(self)

    def to_dict(self) -> dict[str, Any]:
        """All attributes and the statement, JSON-able; infinities become None."""
        return {
            "features": list(self.features),
            "estimate": to_plain(self.estimate),
            "lower": to_plain(self.lower),
            "upper": to_plain(self.upper),
            "standard_error": to_plain(self.standard_error),
            "p_value": to_plain(self.p_value),
            "level": self.level,
            "variance": self.variance,
            "variance_from": self.variance_from,
            "method": self.method,
            "coef": to_plain(self.coef),
            "limits": to_plain(self.limits),
            "truncation": to_plain(self.truncation),
            "copies": to_plain(self.copies),
            "unique": self.unique,
            "statement": self.statement,
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, estimate, lower, upper, standard_error, p_value), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns: dict[str, list[Any]] = {"feature": list(self.features)}
        for name in ("estimate", "lower", "upper", "standard_error", "p_value"):
            columns[name] = getattr(self, name).tolist()
        return to_frame(columns, like, self.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw a line for each interval, with the lasso's own coefficient beside the estimate.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.inference.intervals_plot import draw_intervals
        from equipoise.show.plots import Drawing

        return Drawing(draw_intervals, self).plot(ax)

    def _shown(self) -> list[str]:
        return intervals_summary(self)
