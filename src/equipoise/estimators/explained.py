"""What an estimator says of its fits: the proof, why each coefficient is zero, and what would change that."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Number
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from equipoise.data.arguments.messages import count
from equipoise.data.arguments.sparse import is_sparse, refuse_invalid
from equipoise.estimators.calls import tell_calls
from equipoise.estimators.frames import checked_rows, refuse_categories
from equipoise.estimators.sparse_coef import as_dense
from equipoise.objective.certificate import Certificate
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.fit.again import asked_on
from equipoise.results.fit.result import Fit
from equipoise.setup.setup import under_strength

if TYPE_CHECKING:
    from equipoise.results.balance.display import BalanceDisplay
    from equipoise.results.choice.display import CrossValidationDisplay
    from equipoise.results.other_fits.importance import Importance
    from equipoise.results.other_fits.survivors import Survivors
    from equipoise.results.other_fits.what_if import WhatIf
    from equipoise.results.report.subject import Subject
    from equipoise.show.plots import Drawing

Array = NDArray[np.float64]


class Explained:
    """An estimator that explains itself, in terms of alpha; each answer is that of the fit of one target."""

    fits_: tuple[Fit, ...]
    coef_: Array
    _alphas: Sequence[float]
    _called: ClassVar[str] = "alpha"  # what the penalty's strength is called

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__module__.startswith("equipoise."):
            tell_calls(cls)

    @property
    def certificate_(self) -> Certificate | list[Certificate]:
        """The certificate of the fit; if y has several targets, a list with one for each."""
        found = [fit.certificate for fit in self._fits()]
        return found[0] if len(found) == 1 else found

    def _fits(self) -> tuple[Fit, ...]:
        """The fits, if the coefficients are still theirs."""
        check_is_fitted(self)
        fits: tuple[Fit, ...] = getattr(self, "fits_", ())
        coef = np.atleast_2d(as_dense(self.coef_))
        if coef.shape[0] != len(fits) or any(
            not np.array_equal(fit.coef, own) for fit, own in zip(fits, coef, strict=True)
        ):
            # Also an AttributeError: hasattr and scikit-learn's HTML ask for certificate_, and go on without.
            raise NotFittedError(
                "coef_ was set by hand, so that nothing is proved or explained: fit the model again, or pass "
                "the coefficients to equipoise.audit"
            )
        return fits

    def explain(
        self,
        feature: str | None = None,
        X: Any = None,
        y: Any = None,
        *,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
    ) -> BalanceSheet | str:
        """Explain every coefficient, or one of them as a sentence.

        Parameters
        ----------
        feature : str, optional
            Name of the feature to explain (x1, x2, … if X had no names); all by default.
        X : (n, p) array or data frame, optional
            The training data, needed only after pickling, which leaves them out.
        y : (n,) or (n, targets) array, optional
            The response, needed with `X`.
        sample_weight, offset : array, optional
            As in the fit, with `X`.
        target : int, default 0
            Index of the target, if y had several.

        Returns
        -------
        BalanceSheet or str
            See :meth:`equipoise.Fit.explain`. Pulls and limits are sums over rows, as there; the penalties at
            which features enter are alphas.

        Examples
        --------
        >>> import equipoise as eq
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> model.explain("x2")[-47:]
        '3.5. It would enter at alpha = 1, a limit of 3.'
        """
        fit = self._fit_of("explain", X, y, sample_weight, offset, target)
        sheet = self._sheet(fit, target)
        return sheet if feature is None else sheet.sentence(feature)

    def what_if(
        self,
        *,
        without: str | Sequence[str] = (),
        alpha: float | None = None,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
    ) -> WhatIf:
        """Solve exactly without some features or with another alpha, and compare the two fits.

        Parameters
        ----------
        without : sequence of str, optional
            Features to forbid.
        alpha : float, optional
            Another alpha; the model's by default.
        X, y, sample_weight, offset, target
            As in :meth:`explain`.

        Returns
        -------
        WhatIf
            See :meth:`equipoise.Fit.what_if`.

        Raises
        ------
        ValueError
            If a feature is unknown, its bounds forbid zero, or the model was fitted with alpha=0 and another
            alpha is asked for.

        Examples
        --------
        >>> import equipoise as eq
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> model.what_if(without=["x1"]).entered, model.what_if(alpha=0.5).entered
        (('x2',), ('x2',))
        """
        called, fit = self._called, self._fit_of("what_if", X, y, sample_weight, offset, target)
        before = self._alpha_of(target)
        after = before if alpha is None else float(alpha)
        if not 0 <= after < np.inf:
            raise ValueError(f"alpha is {alpha!r}: pass a finite number, at least 0")
        if after == before:
            return replace(fit.what_if(without=without), alphas=(before, before), called=called)
        if before == 0:
            raise ValueError(
                "this model was fitted with alpha=0, of which no other alpha is a multiple: fit another "
                f"model, with alpha={after:g}"
            )
        l1, l2 = (under_strength(after / before, penalty) for penalty in (fit.l1, fit.l2))
        return replace(fit.what_if(without=without, l1=l1, l2=l2), alphas=(before, after), called=called)

    def survivors(
        self,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> Survivors:
        """Forbid every feature of the model in turn: its cost, what penalty would kill it, its stand-ins.

        Parameters
        ----------
        X, y, sample_weight, offset, target
            As in :meth:`explain`.
        progress : callable, optional
            Called with the number of features done, of the penalised ones in the model.

        Returns
        -------
        Survivors
            See :meth:`equipoise.Fit.survivors`. ``killed_by`` is a limit on sums over rows, as in the balance
            sheet: divided by ``n·alpha·l1_ratio``, and by the standard deviation if it counts, it is the
            ``penalty_factor`` that would kill the feature.

        Examples
        --------
        >>> import equipoise as eq
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> [(row.feature, row.killed_by) for row in model.survivors()]
        [('x1', 4.75)]
        """
        return self._fit_of("survivors", X, y, sample_weight, offset, target).survivors(progress=progress)

    def importance(
        self,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> Importance:
        """Tell how much each feature of the model matters: standardised, and by what is lost without it.

        Parameters
        ----------
        X, y, sample_weight, offset, target
            As in :meth:`explain`.
        progress : callable, optional
            Called after each feature with the number of features done.

        Returns
        -------
        Importance
            See :meth:`equipoise.Fit.importance`.

        Examples
        --------
        >>> import equipoise as eq
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> model.importance().share.round(3)
        array([0.889])
        """
        return self._fit_of("importance", X, y, sample_weight, offset, target).importance(progress=progress)

    def plot(
        self,
        ax: Any = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
    ) -> BalanceDisplay | CrossValidationDisplay | Drawing:
        """Draw every pull against the dead zone of the penalty: why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        X, y, sample_weight, offset, target
            As in :meth:`explain`.

        Returns
        -------
        BalanceDisplay
            The picture, with ``ax_`` and ``figure_``; ``explain().plot()`` draws it with other options.

        Examples
        --------
        >>> import equipoise as eq
        >>> from matplotlib.figure import Figure
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> [float(x) for x in model.plot(Figure().subplots()).pulls_["killed"].get_xdata()]
        [3.25]
        """
        return self._fit_of("plot", X, y, sample_weight, offset, target).plot(ax)

    def report(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
    ) -> str | None:
        """Tell everything about this model on one page that works offline, with a slider over alpha.

        Parameters
        ----------
        path : str or path, optional
            The file to write; an existing one is replaced at once or left alone.
        X, y, sample_weight, offset, target
            As in :meth:`explain`.

        Returns
        -------
        str or None
            The page as HTML where no file is named.

        Examples
        --------
        >>> import equipoise as eq
        >>> model = eq.Lasso(alpha=7 / 6, fit_intercept=False).fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1])
        >>> "It would enter at alpha = 1" in model.report()
        True
        """
        from equipoise.results.fit.about import about_fit
        from equipoise.results.report.pages import write_report

        fit = self._fit_of("report", X, y, sample_weight, offset, target)
        return write_report(self._told(about_fit(fit), fit, target), path)

    def _fit_of(self, verb: str, X: Any, y: Any, sample_weight: Any, offset: Any, target: int) -> Fit:
        """The fit of a target, with its own data or, where X is passed, with these."""
        fits = self._fits()
        if not 0 <= target < len(fits):
            raise ValueError(f"target is {target} but y had {count(len(fits), 'target')}, counted from 0")
        fit = fits[target]
        if X is None:
            if fit.setup is None:
                raise ValueError(
                    "this model was pickled, which leaves the training data behind: pass them again, "
                    f"{verb}(X=…, y=…)"
                )
            return fit
        if is_sparse(X):
            refuse_invalid(X)
        refuse_categories(X)
        X = checked_rows(self, X, "csc")
        if isinstance(sample_weight, Number):
            sample_weight = np.full(X.shape[0], sample_weight)
        y, offset = (_column(values, target) for values in (y, offset))
        y, sample_weight = self._as_fitted(y, sample_weight)
        setup, points = asked_on(fit, X, y, sample_weight, offset)
        return replace(fit, setup=replace(setup, names=fit.features), points=points)

    def _as_fitted(self, y: Any, sample_weight: Any) -> tuple[Any, Any]:
        """The response and the weights as the fit took them."""
        return y, sample_weight

    def _chosen(self) -> str | None:
        """How alpha was chosen, as the end of a sentence; None if the report tells it, or nothing chose."""
        return None

    def _alpha_of(self, target: int) -> float:
        """Alpha of the fit of a target."""
        alphas = np.ravel(self.alpha_ if hasattr(self, "alpha_") else self._alphas)
        return float(alphas[target if len(alphas) > 1 else 0])

    def _per_strength(self, fit: Fit, target: int) -> float | None:
        """Alpha where the strength of a fit's penalty is 1; None if alpha is 0 at every strength."""
        strength = 1.0 if fit.points is None else float(fit.points.strengths[0])
        return self._alpha_of(target) / strength if strength > 0 else 1.0

    def _sheet(self, fit: Fit, target: int) -> BalanceSheet:
        """The balance sheet of a fit, its strengths told as alphas."""
        unit = self._per_strength(fit, target)
        sheet = fit.explain()
        return sheet if not unit else replace(sheet, unit=unit, called=self._called)

    def _told(self, subject: Subject, fit: Fit, target: int) -> Subject:
        """The subject of a report, its strengths told as alphas, and with the estimator's own recipe."""
        setup = subject.setup
        known = {"sample_weight": setup.weights, "offset": setup.offset}
        passed = "".join(f", {name}=…" for name, value in known.items() if value is not None)
        which = f", target={target}" if len(self.fits_) > 1 else ""
        code = re.sub(r"\b(inf|array)\b", r"np.\1", repr(self))
        return replace(
            subject,
            sheet=self._sheet(fit, target),
            source="a data frame" if hasattr(self, "feature_names_in_") else subject.source,
            why=self._chosen() or subject.why,
            per_strength=self._per_strength(fit, target) or None,
            recipe=f"model = eq.{code}.fit(X, y{passed})\nmodel.report('report.html'{which})",
        )


def _column(values: Any, target: int) -> Any:
    """The values of one target: a column of a table, or all of them."""
    if np.ndim(values) < 2:
        return values
    table = np.asarray(values)
    return table[:, min(target, table.shape[1] - 1)]


tell_calls(Explained)
