"""What a fit says of its features' importance."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from equipoise.results.fit.again import asked_on

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.other_fits.importance import Importance


class Ranking:
    """A model that tells how much each of its features matters."""

    def importance(
        self,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        progress: Callable[[int], None] | None = None,
    ) -> Importance:
        """Tell how much each feature of the model matters: standardised, and by what is lost without it.

        This takes one exact solution for each penalised feature of the model, started at the fit.

        Parameters
        ----------
        X, y, sample_weight, offset : optional
            The data, for a model that was loaded from a file, as :func:`fit` takes them.
        progress : callable, optional
            Called after each feature with the number of features done.

        Returns
        -------
        Importance
            One row per feature of the model: its coefficient, raw and standardised, and the share of the
            objective's gain over the null model that is lost when it is forbidden.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
        >>> found = fit.importance()
        >>> found.features, found.share.round(3)
        (('x1',), array([0.889]))
        """
        from equipoise.results.other_fits.importance import Importance

        fit = cast("Fit", self)
        setup, points = asked_on(fit, X, y, sample_weight, offset)
        return Importance.of(setup, points, fit.l1, fit.l2, progress)
