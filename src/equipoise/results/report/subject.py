"""What a report is about: one solution, the path it stands on, and how its strength was chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.results.balance.result import BalanceSheet
from equipoise.setup.setup import PerFeature, Setup

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class FoldLoss:
    """The cross-validation that chose the strength.

    Attributes
    ----------
    mean, standard_error : (m,) arrays
        Mean held-out loss at each strength of the path, and its standard error.
    count : int
        Number of folds, all repetitions together.
    best_strength, one_se_strength : float
        The two choices.
    """

    mean: Array
    standard_error: Array
    count: int
    best_strength: float
    one_se_strength: float


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is about.

    Attributes
    ----------
    setup : Setup
        The data, and what was asked of them.
    sheet : BalanceSheet
        Of the solution that is explained.
    certificate : Certificate
        Its proof.
    strength : float
        Its strength, one of ``strengths``.
    coef, intercept : (p,) array, float
        Its coefficients in original units.
    l1, l2 : float or (p,) array
        Its penalty, in the units in which one is passed.
    limits : (p,) array
        Its l1_j, standardisation applied.
    why : str
        How its strength was chosen, as the end of a sentence.
    strengths : (m,) array
        Of the path, descending.
    ever, values : (k,) index array, (m, k) array
        The features that are non-zero at some strength, ascending, and their coefficients.
    balanced : int
        At how many of the strengths the solution is certified.
    recipe : str
        Code that does it again.
    folds : FoldLoss or None
        The cross-validation, if one chose the strength.
    grid_of_its_own : bool
        Whether the path was drawn for this page, around a single fit.
    """

    setup: Setup
    sheet: BalanceSheet
    certificate: Certificate
    strength: float
    coef: Array
    intercept: float
    l1: PerFeature
    l2: PerFeature
    limits: Array
    why: str
    strengths: Array
    ever: Indices
    values: Array
    balanced: int
    recipe: str
    folds: FoldLoss | None = None
    grid_of_its_own: bool = False

    @property
    def support(self) -> Indices:
        """Indices of the non-zero coefficients."""
        return np.flatnonzero(self.coef)
