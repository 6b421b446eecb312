"""How often repetitions of a cross-validation made each choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.results.choice.text import frequency_summary
from equipoise.results.plain import Tabular, to_frame, to_plain
from equipoise.select.one_standard_error import best_and_one_se, known, mean_loss, standard_error

if TYPE_CHECKING:
    from equipoise.results.path.result import Path
    from equipoise.show.plots import Display

Array = NDArray[np.float64]


@public
@dataclass(frozen=True, eq=False, repr=False)
class ChoiceFrequency(Tabular):
    """What each repetition of a cross-validation would have chosen by itself.

    It shows only how a choice depends on the assignment of rows to folds: all fits are on all rows. How it
    depends on the rows themselves, ``stability_selection`` shows.

    Parameters
    ----------
    path : Path
        The path on all rows.
    best_strength, one_se_strength : (repetitions,) arrays
        The two choices of every repetition.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> frequency = eq.cross_validate(X, X[:, 0], folds=3, repeats=4, count=5).frequency
    >>> len(frequency.best_strength), frequency.kept_at_best[0]
    (4, np.float64(1.0))
    """

    path: Path
    best_strength: Array
    one_se_strength: Array

    @classmethod
    def of(cls, path: Path, loss: Array, weight: Array, repetition: NDArray[np.intp]) -> ChoiceFrequency:
        """Choose in every repetition by its own folds.

        Parameters
        ----------
        path : Path
            The path on all rows.
        loss : (m, folds) array
            Held-out loss of every fold at every strength.
        weight : (folds,) array
            Σ s of the held-out rows of each fold.
        repetition : (folds,) index array
            The repetition that each fold belongs to.
        """
        choices = []
        for r in np.unique(repetition):
            own = repetition == r
            mean, error = mean_loss(loss[:, own], weight[own]), standard_error(loss[:, own], weight[own])
            best_at, one_se_at = best_and_one_se(path.strengths, mean, error)
            choices.append((best_at, known(one_se_at)))
        best, one_se = np.array(choices).T
        return cls(path, path.strengths[best], path.strengths[one_se])

    @cached_property
    def best_share(self) -> Array:
        """Share of the repetitions that find each strength best, (m,)."""
        return self._share(self.best_strength)

    @cached_property
    def one_se_share(self) -> Array:
        """Share of the repetitions in which each strength is the one-standard-error choice, (m,)."""
        return self._share(self.one_se_strength)

    @cached_property
    def kept_at_best(self) -> Array:
        """Share of the repetitions whose best fit keeps each feature, (p,)."""
        return self.best_share @ self._kept

    @cached_property
    def kept_at_one_se(self) -> Array:
        """Share of the repetitions whose one-standard-error fit keeps each feature, (p,)."""
        return self.one_se_share @ self._kept

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the p features."""
        return self.path.features

    @cached_property
    def _kept(self) -> Array:
        return np.asarray(self.path.coef != 0, dtype=np.float64)

    def _share(self, chosen: Array) -> Array:
        # If the grid holds a strength twice, its first entry counts as chosen.
        first = np.array([np.flatnonzero(self.path.strengths == t)[0] for t in chosen])
        return np.bincount(first, minlength=len(self.path.strengths)) / len(chosen)

    def to_dict(self) -> dict[str, Any]:
        """The choices of the repetitions, and all shares, JSON-able."""
        choices = ("best_strength", "one_se_strength")
        shares = ("best_share", "one_se_share", "kept_at_best", "kept_at_one_se")
        return {
            "features": list(self.features),
            "strengths": to_plain(self.path.strengths),
            **{name: to_plain(getattr(self, name)) for name in (*choices, *shares)},
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature (feature, kept_at_best, kept_at_one_se), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        columns = {
            "feature": list(self.features),
            "kept_at_best": self.kept_at_best.tolist(),
            "kept_at_one_se": self.kept_at_one_se.tolist(),
        }
        return to_frame(columns, like, self.path.asked.frame)

    def plot(self, ax: Any = None) -> Display:
        """Draw how often each feature is kept at the two choices.

        Parameters
        ----------
        ax : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        Display
            The picture, with ``ax_`` and ``figure_``.
        """
        from equipoise.results.choice.plots import draw_frequency
        from equipoise.show.plots import Drawing

        return Drawing(draw_frequency, self).plot(ax)

    def _shown(self) -> list[str]:
        return frequency_summary(self)
