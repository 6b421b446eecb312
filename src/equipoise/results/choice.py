"""Cross-validation: a path, the loss of every fold, and the two strengths one chooses between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.results.fit import Fit
from equipoise.results.path import Path
from equipoise.results.plain import to_frame, to_plain
from equipoise.show.summaries import choice_summary

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Held-out loss along a path.

    Parameters
    ----------
    path : Path
        The path on all rows.
    fold_loss : (m, folds) array
        Weighted mean squared error of each fold's held-out rows at each strength.
    fold_weight : (folds,) array
        Σ s of the held-out rows.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(12.0).reshape(6, 2) % 5
    >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
    >>> cv.fold_loss.shape
    (5, 3)
    >>> cv.one_se.certificate.optimal
    True
    """

    path: Path
    fold_loss: Array
    fold_weight: Array

    @cached_property
    def mean(self) -> Array:
        """Mean loss over the folds, weighted by their Σ s, (m,)."""
        return np.asarray(self.fold_loss @ self.fold_weight / self.fold_weight.sum())

    @cached_property
    def standard_error(self) -> Array:
        """√(Σ W_k (loss_k − mean)² / ΣW / (K − 1)), (m,)."""
        spread = (self.fold_loss - self.mean[:, None]) ** 2 @ self.fold_weight / self.fold_weight.sum()
        return np.asarray(np.sqrt(spread / (self.fold_loss.shape[1] - 1)))

    @cached_property
    def best_strength(self) -> float:
        """The strength of the smallest mean loss; the largest one of a tie."""
        lowest = self.mean == self.mean.min()
        return float(self.path.strengths[lowest].max())

    @cached_property
    def one_se_strength(self) -> float:
        """The largest strength whose mean loss is within one standard error of the smallest."""
        at = int(np.flatnonzero(self.path.strengths == self.best_strength)[0])
        within = self.mean <= self.mean[at] + self.standard_error[at]
        return float(self.path.strengths[within].max())

    @cached_property
    def best(self) -> Fit:
        """The fit on all rows at the strength of the smallest mean loss."""
        return self.path.at(self.best_strength)

    @cached_property
    def one_se(self) -> Fit:
        """The sparsest fit on all rows that is within one standard error of the best."""
        return self.path.at(self.one_se_strength)

    def to_dict(self) -> dict[str, Any]:
        """Strengths, losses and the two choices, JSON-able."""
        return {
            "strengths": to_plain(self.path.strengths),
            "fold_loss": to_plain(self.fold_loss),
            "mean": to_plain(self.mean),
            "standard_error": to_plain(self.standard_error),
            "best_strength": self.best_strength,
            "one_se_strength": self.one_se_strength,
        }

    def to_frame(self, like: object = None) -> Any:
        """One row a strength (strength, mean, standard_error), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The library to use: a frame of it or its name; default that of X.
        """
        columns = {
            "strength": self.path.strengths.tolist(),
            "mean": self.mean.tolist(),
            "standard_error": self.standard_error.tolist(),
        }
        return to_frame(columns, like if like is not None else self.path._setup.frame)

    def __str__(self) -> str:
        return choice_summary(self)

    def __repr__(self) -> str:
        strengths, folds = self.fold_loss.shape
        return f"<CrossValidation: {folds} folds, {strengths} strengths>"
