"""What a fit says of other fits: without some of its features, or under another penalty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from numpy.typing import ArrayLike

from equipoise.results.fit.again import asked_on

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.other_fits.importance import Importance
    from equipoise.results.other_fits.survivors import Survivors
    from equipoise.results.other_fits.what_if import WhatIf


class Alternatives:
    """A model that compares itself with others on the same data."""

    def what_if(
        self,
        *,
        without: str | Sequence[str] = (),
        l1: ArrayLike | Mapping[Any, float] | None = None,
        l2: ArrayLike | Mapping[Any, float] | None = None,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        exposure: Any = None,
    ) -> WhatIf:
        """Solve exactly without some features or under another penalty, and compare the two fits.

        Parameters
        ----------
        without : sequence of str, optional
            Features to forbid, or columns of text and so all their features.
        l1, l2 : float, (p,) array or dict of str to float, optional
            Another penalty, as passed to :func:`fit`; what a dict does not name stays as it is.
        X, y, sample_weight, offset, exposure : optional
            The data, for a model that was loaded from a file, as :func:`fit` takes them.

        Returns
        -------
        WhatIf
            Both fits, the features that entered and left, and the change of loss and objective.

        Raises
        ------
        ValueError
            If a feature is unknown or its bounds forbid zero.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
        >>> fit.what_if(without=["x1"]).entered, fit.what_if(l1=2.0).entered
        (('x2',), ('x2',))
        """
        from equipoise.explain.otherwise import solve_otherwise
        from equipoise.results.other_fits.what_if import WhatIf

        fit = cast("Fit", self)
        setup, points = asked_on(fit, X, y, sample_weight, offset, exposure)
        l1, l2 = fit.l1 if l1 is None else l1, fit.l2 if l2 is None else l2
        after, forbidden, change = solve_otherwise(setup, points, l1, l2, without)
        return WhatIf(fit, fit.of(*after), forbidden, *change)

    def survivors(
        self,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        exposure: Any = None,
        progress: Callable[[int], None] | None = None,
    ) -> Survivors:
        """Forbid every feature of the model in turn: its cost, what penalty would kill it, its stand-ins.

        This takes one exact solution for each penalised feature of the model, started at the fit.

        Parameters
        ----------
        X, y, sample_weight, offset, exposure : optional
            The data, for a model that was loaded from a file, as :func:`fit` takes them.
        progress : callable, optional
            Called with the number of features done, of the penalised ones in the model.

        Returns
        -------
        Survivors
            One row per penalised feature of the model whose bounds allow zero, and groups of features that
            may stand in for each other.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
        >>> [(row.feature, row.killed_by) for row in fit.survivors()]
        [('x1', 4.75)]
        """
        from equipoise.results.other_fits.survivors import Survivors

        fit = cast("Fit", self)
        setup, points = asked_on(fit, X, y, sample_weight, offset, exposure)
        return Survivors.of(fit.features, points, setup.frame, progress)

    def importance(
        self,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        exposure: Any = None,
        progress: Callable[[int], None] | None = None,
    ) -> Importance:
        """Tell how much each feature of the model matters: standardised, and by what is lost without it.

        This takes one exact solution for each penalised feature of the model, started at the fit.

        Parameters
        ----------
        X, y, sample_weight, offset, exposure : optional
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
        setup, points = asked_on(fit, X, y, sample_weight, offset, exposure)
        return Importance.of(setup, points, fit.l1, fit.l2, progress)
