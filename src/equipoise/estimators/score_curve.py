"""The picture of how LogisticRegressionCV chose its C: the mean score of held-out rows over 1/C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.solve.path import solve_path

if TYPE_CHECKING:
    from equipoise.results.choice.display import CrossValidationDisplay


class ScoreCurve:
    """What a classifier draws whose C was chosen by the scores of folds."""

    def plot(
        self: Any,
        ax: Any = None,
        *,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
        target: int = 0,
        folds: bool = False,
    ) -> CrossValidationDisplay:
        """Draw the mean score over 1/C at the l1_ratio chosen, with its standard error and the choice.

        ``explain().plot()`` draws why each coefficient is what it is.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.
        X, y, sample_weight, offset, target
            As in :meth:`explain`.
        folds : bool, default False
            Whether to draw the score of every fold, too.

        Returns
        -------
        CrossValidationDisplay
            The picture, with ``ax_`` and ``figure_``.

        Examples
        --------
        >>> import numpy as np, equipoise as eq
        >>> from matplotlib.figure import Figure
        >>> X = np.arange(60.0).reshape(20, 3) % 7
        >>> model = eq.LogisticRegressionCV(Cs=5, l1_ratios=[1.0]).fit(X, X[:, 0] > 3)
        >>> display = model.plot(Figure().subplots())
        >>> bool(display.mean.max() == model.scores_[True].mean(axis=0).max())
        True
        """
        from equipoise.results.choice.display import CrossValidationDisplay

        fit = self._fit_of("plot", X, y, sample_weight, offset, target)
        chosen = float(np.ravel(self.C_)[0])
        order = np.argsort(self.Cs_)  # the strongest penalty first
        points = solve_path(fit.setup.problem, chosen / np.asarray(self.Cs_)[order])
        scores = self._scores_at_choice()[:, order]
        display = CrossValidationDisplay(
            strengths=1.0 / np.asarray(self.Cs_)[order],
            mean=scores.mean(axis=0),
            standard_error=scores.std(axis=0, ddof=1) / np.sqrt(len(scores)),
            kept=np.concatenate([np.count_nonzero(some.coef, axis=1) for some in points]),
            chosen={"best" if self.choice == "best" else "one SE": 1.0 / chosen},
            fold_loss=scores.T,
            strength_name="1/C",
            scoring=_called(self.scoring),
            loss=_called(self.scoring),
        )
        return display.plot(ax, folds=folds)

    def _scores_at_choice(self: Any) -> Any:
        """Scores of the folds at every C and the l1_ratio that was chosen, (folds, m)."""
        scores = np.asarray(self.scores_[self.classes_[1]] if self.use_legacy_attributes else self.scores_)
        if scores.ndim == 2:
            return scores
        at = int(np.argmin(np.abs(np.asarray(self.l1_ratios_) - np.ravel(self.l1_ratio_)[0])))
        return scores[:, :, at] if self.use_legacy_attributes else scores[:, at]


def _called(scoring: Any) -> str:
    """A scorer in words."""
    if scoring is None:
        return "accuracy"
    return scoring if isinstance(scoring, str) else getattr(scoring, "__name__", "score")
