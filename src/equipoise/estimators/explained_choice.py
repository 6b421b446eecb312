"""What a cross-validated estimator shows: how its alpha was chosen, and the model that it chose."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from equipoise.estimators.explained import Explained

if TYPE_CHECKING:
    from equipoise.results.choice.display import CrossValidationDisplay


class ExplainedChoice(Explained):
    """An estimator with a cross-validation, whose picture and report are of the choice."""

    choice: str
    alpha_: float

    def plot(
        self,
        ax: Any = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        folds: bool = False,
        **params: Any,
    ) -> CrossValidationDisplay:
        """Draw the mean loss over alpha, with its standard error and the alphas that it suggests.

        ``explain().plot()`` draws why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        X, y, sample_weight, offset, target
            As in :meth:`explain`; after pickling the cross-validation is run again.
        folds : bool, default False
            Whether to draw the loss of every fold, too.
        **params : dict
            Passed to the splitter, such as ``groups``, if the cross-validation is run again.

        Returns
        -------
        CrossValidationDisplay
            The picture, with ``ax_`` and ``figure_``.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> from matplotlib.figure import Figure
        >>> X = np.arange(24.0).reshape(8, 3) % 5
        >>> model = eq.LassoCV(cv=4).fit(X, X[:, 0])
        >>> bool(model.plot(Figure().subplots()).chosen["best"] == model.alpha_)
        True
        """
        from equipoise.results.choice.display import CrossValidationDisplay

        self._fit_of("plot", X, y, sample_weight, offset, target)
        given = {"sample_weight": sample_weight, "offset": offset, **params}
        return CrossValidationDisplay.from_estimator(self, X, y, ax=ax, folds=folds, **given)

    def report(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        **params: Any,
    ) -> str | None:
        """Tell everything about this model and its choice on one page, with a slider over alpha.

        Parameters
        ----------
        path : str or path, optional
            The file to write; an existing one is replaced at once or left alone.
        X, y, sample_weight, offset, target
            As in :meth:`explain`; after pickling the cross-validation is run again.
        **params : dict
            Passed to the splitter, such as ``groups``, if the cross-validation is run again.

        Returns
        -------
        str or None
            The page as HTML where no file is named.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> X = np.arange(24.0).reshape(8, 3) % 5
        >>> "4-fold cross-validation" in eq.LassoCV(cv=4).fit(X, X[:, 0]).report()
        True
        """
        from equipoise.results.choice.about import about_choice
        from equipoise.results.fit.about import solution_of
        from equipoise.results.path.from_estimator import cross_validation_of
        from equipoise.results.report.pages import write_report

        self._fit_of("report", X, y, sample_weight, offset, target)
        given = {"sample_weight": sample_weight, "offset": offset, **params}
        cv, _ = cross_validation_of(self, X, y, display=type(self).__name__, **given)
        fit = cv.path.at(self.alpha_)
        subject = about_choice(cv, self.choice.replace("_", "-"))
        if subject.folds is not None and self.choice == "best":  # a tie may be settled by rounding
            folds = replace(subject.folds, best_strength=self.alpha_)
            subject = replace(subject, **solution_of(fit), folds=folds)
        return write_report(self._told(subject, fit, target), path)
