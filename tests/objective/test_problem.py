"""What every problem shares: units, nulls and what is refused."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

INF = np.inf
X = np.array([[1.0, 0.0], [2.0, 16.0], [3.0, 8.0], [4.0, 0.0]])
Y = np.array([0.0, 2.0, 1.0, 3.0])


def built(X=X, l1=(1.0, 2.0), l2=(0.5, 0.0), lower=(-INF, -INF), upper=(INF, INF), **asked):
    penalty = Penalty(*(np.array(a, dtype=float) for a in (l1, l2, lower, upper)))
    return Curved.build(Dense(np.asarray(X)), Y, penalty, read_loss("poisson"), **asked)


def test_units():
    """A coefficient w is v = scale·w: l1 is divided by the scale, l2 by its square; and back again."""
    problem = built()
    scale = problem.view.scale
    assert (np.log2(scale) % 1 == 0).all()
    assert problem.penalty.l1.tolist() == (np.array([1.0, 2.0]) / scale).tolist()
    assert problem.penalty.l2.tolist() == (np.array([0.5, 0.0]) / scale**2).tolist()
    assert problem.limits.tolist() == [1.0, 2.0]
    assert problem.ridge.tolist() == [0.5, 0.0]
    sd = X.std(axis=0)
    assert built(standardize=True).limits == pytest.approx([1.0, 2.0] * sd)


def test_held_columns():
    """Constant and excluded ones are held at zero, and ``asked`` has the box that was asked for."""
    problem = built(np.column_stack([np.full(4, 3.0), X[:, 1]]), l1=(1.0, INF))
    assert problem.penalty.moving.tolist() == [False, False]
    assert problem.asked.moving.tolist() == [True, True]


def test_null_model_beside_a_bound():
    """The penalty of a feature that cannot be zero counts."""
    problem = built(lower=(0.25, -INF))
    v = 0.25 * problem.view.scale[0]
    assert not problem.null_is_zero
    assert problem.penalty.null.tolist() == [v, 0.0]
    strengths = np.array([2.0, 1.0])
    assert problem.null_penalty(strengths) == pytest.approx(strengths * (1.0 * 0.25 + 0.5 * 0.25**2))
    assert problem.null_value(strengths) - problem.null_penalty(strengths) == pytest.approx(
        np.full(2, problem.value(problem.null.eta))
    )


def test_under_keeps_what_the_data_say():
    """Another penalty: the model of the intercept alone is not worked out again."""
    problem = built()
    bare = problem.bare
    other = problem.under(problem.penalty.at(3.0))
    assert other.bare is bare
    assert other.penalty.l1.tolist() == (3 * problem.penalty.l1).tolist()


@pytest.mark.parametrize(
    ("X", "asked", "told"),
    [
        (X * [1.0, 1e200], {}, "X column 'x2' holds values whose squares exceed float64: divide"),
        (X * [1e-200, 1.0], {}, "X column 'x1' holds values whose squares vanish in float64: multiply"),
        (X * [1e-100, 1.0], {"l2": (1e200, 0.0)}, "l2 of feature 'x1' is 1e.200, too large"),
        (X * [1e-100, 1.0], {"l1": (1e300, 0.0)}, "l1 of feature 'x1' is 1e.300, too large"),
    ],
)
def test_refused(X, asked, told):
    """In a sentence with the column and the remedy."""
    with pytest.raises(ValueError, match=told):
        built(X, **asked)
