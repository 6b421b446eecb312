"""Points and certificates of any loss by one door."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.evaluate import certify, evaluate, stored
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints
from equipoise.solve.path import solve_point

X = np.array([[1.0, 0.0], [2.0, 1.0], [3.0, 1.0], [4.0, 0.0], [5.0, 5.0]])
Y = np.array([0.0, 2.0, 1.0, 3.0, 5.0])
PENALTY = Penalty(np.ones(2), np.zeros(2), np.full(2, -np.inf), np.full(2, np.inf))


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (Squares.build(Dense(X), Y, PENALTY), SquaresPoints),
        (Curved.build(Dense(X), Y, PENALTY, read_loss("poisson")), CurvedPoints),
    ],
    ids=["squared", "poisson"],
)
def test_by_the_loss(problem, kind):
    """A solution evaluated is one, at the stored intercept, too; a worse intercept is found to be worse."""
    found = solve_point(problem)
    w, b = found.original()
    again = evaluate(problem, np.ones(1), found.coef, b)
    assert isinstance(again, kind)
    assert again.certify(found=False).optimal
    off = evaluate(problem, np.ones(1), found.coef, b + 0.1)
    assert not off.certify(found=False).optimal
    assert off.objective()[0] > again.objective()[0]
    kept, measures = stored(problem, np.ones(1), w, np.arange(2), b, found.measure())
    assert kept == pytest.approx(b, abs=1e-15)
    assert certify(problem, 1.0, found.coef[0], float(kept[0]), measures, 0).optimal
