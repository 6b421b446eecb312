"""The content of a report: one solution, the path that it is on, and how its strength was chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.certificate import Certificate
from equipoise.results.balance.result import BalanceSheet
from equipoise.select.predicted import Predicted
from equipoise.setup.setup import PerFeature, Setup
from equipoise.show.phrases import penalty_text
from equipoise.show.tables import number

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
        The two strengths that the cross-validation suggests; one split of the rows has no second, None.
    loss : str
        The loss, in words.
    """

    mean: Array
    standard_error: Array
    count: int
    best_strength: float
    one_se_strength: float | None
    loss: str


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is about: a solution that is explained in sentences, and the path that it is on.

    Attributes
    ----------
    setup : Setup
        The data and the arguments of the verb.
    target, source : str
        Name of the response, and where the data come from, in words.
    sheet : BalanceSheet
        Balance sheet of the solution.
    certificate : Certificate
        Certificate of the solution.
    strength : float
        Strength of the solution, one of ``strengths``.
    coef, intercept : (p,) array, float
        The solution, in original units.
    l1, l2 : float or (p,) array
        Penalty of the solution, in the units in which it is passed to ``fit``.
    limits : (p,) array
        l1 of each feature at the solution, times its standard deviation if features are standardised.
    why : str
        How the strength was chosen, as the end of a sentence.
    strengths : (m,) array
        Strengths of the path, descending.
    ever, values : (k,) index array, (m, k) array
        The features that are non-zero at some strength, ascending, and their coefficients.
    balanced : int
        Number of strengths at which the solution is certified.
    recipe : str
        Code that reproduces the report.
    folds : FoldLoss or None
        The cross-validation, if one chose the strength.
    grid_of_its_own : bool
        Whether the path was computed for the report, around a single fit.
    explained : str
        R² of the solution and the errors that it compares, as a sentence without its full stop; may be empty.
    held_out : Predicted or None
        What folds predict for the rows that they hold out, at the strength of the solution.
    per_strength : float or None
        alpha at strength 1, if the subject is an estimator's, whose strengths are told as alpha.
    """

    setup: Setup
    target: str
    source: str
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
    explained: str = ""
    held_out: Predicted | None = None
    per_strength: float | None = None

    @property
    def support(self) -> Indices:
        """Indices of the non-zero coefficients."""
        return np.flatnonzero(self.coef)

    @property
    def penalty(self) -> str:
        """The penalty of the solution in words."""
        penalty = penalty_text(self.l1, self.l2)
        if self.per_strength is None:
            return penalty
        return f"{self.sheet.called} = {number(self.strength * self.per_strength)} ({penalty})"
