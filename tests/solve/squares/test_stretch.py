"""A stretch of a path: its points, its rates and the distances to its ends, by hand and in fractions."""

from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq
from equipoise.solve.squares.stretch import Dependent, Stretch
from equipoise.solve.squares.working_set import WorkingSet


def stretch_of(X, y, side, **options) -> Stretch:
    problem = eq.path(X, y, count=2, intercept=False, **options).setup.problem
    side = np.array(side, dtype=np.int8)
    return Stretch(problem, WorkingSet(problem), problem.penalty.moving, side, np.zeros(len(side)))


def test_the_three_rows_by_hand():
    # X'X = [[2, 1], [1, 2]], X'y = (5, 4); with x1 alone w = (5 − t)/2, and x2 is pulled with 4 − w.
    stretch = stretch_of([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [1, 0])
    scale = stretch.problem.view.scale
    stretch.go(4.0)
    np.testing.assert_allclose(stretch.coef / scale, [0.5, 0.0], rtol=1e-15)
    np.testing.assert_allclose(stretch.pull * scale, [4.0, 3.5], rtol=1e-15)
    np.testing.assert_allclose(stretch.rate / scale, [0.5, 0.0], rtol=1e-15)
    np.testing.assert_allclose(stretch.fall * scale, [1.0, 0.5], rtol=1e-15)
    margin, close = stretch.margins()
    np.testing.assert_allclose(margin[:, 1] * scale[1], [7.5, 0.5], rtol=1e-15)
    np.testing.assert_allclose(close[:, 1] * scale[1], [1.5, 0.5], rtol=1e-15)
    assert margin[0, 0] / scale[0] == pytest.approx(0.5, rel=1e-15)
    assert close[0, 0] / scale[0] == pytest.approx(-0.5, rel=1e-15)
    assert margin[1, 0] == np.inf
    assert close[1, 0] == 0.0


@pytest.mark.parametrize("spread", [1.0, 1e-5, 1e-8])
def test_of_near_copies_with_an_l2_in_fractions(spread):
    rng = np.random.default_rng(3)
    z = rng.normal(size=8)
    X = np.column_stack([z, z + spread * rng.normal(size=8)])
    y = z + rng.normal(size=8)
    stretch = stretch_of(X, y, [1, 1], l2=0.25)
    t = 0.5
    stretch.go(t)
    (a, b), c = (
        [[sum(Fraction(u) * Fraction(v) for u, v in zip(p, q, strict=True)) for q in X.T] for p in X.T],
        [sum(Fraction(u) * Fraction(v) for u, v in zip(p, y, strict=True)) for p in X.T],
    )
    ridge = Fraction(2 * t * 0.25)
    one, two, cross, right = a[0] + ridge, b[1] + ridge, a[1], [v - Fraction(t) for v in c]
    det = one * two - cross**2
    w = [(right[0] * two - right[1] * cross) / det, (one * right[1] - cross * right[0]) / det]
    np.testing.assert_allclose(stretch.coef / stretch.problem.view.scale, [float(v) for v in w], rtol=1e-12)


def test_ends_are_bounds_and_zero():
    stretch = stretch_of(np.eye(3), [3.0, -2.0, 1.0], [1, -1, 0], lower=[-1.0, -0.5, 0.0], upper=2.0)
    scale = stretch.problem.view.scale
    stretch.go(1.75)
    margin, close = stretch.margins()
    np.testing.assert_allclose(margin[:, 0] / scale[0], [1.25, 0.75], rtol=1e-15)
    np.testing.assert_allclose(margin[:, 1] / scale[1], [0.25, 0.25], rtol=1e-15)
    np.testing.assert_allclose(close[:, 1] / scale[1], [1.0, -1.0], rtol=1e-15)
    # x3 cannot fall below zero, whatever pulls on it.
    assert margin[0, 2] == np.inf
    assert margin[1, 2] * scale[2] == pytest.approx(0.75, rel=1e-15)


def test_columns_that_depend_on_each_other_are_refused():
    X = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 0.0], [3.0, 6.0, 1.0]])
    with pytest.raises(Dependent):
        stretch_of(X, [1.0, 2.0, 4.0], [1, 1, 0]).go(0.1)
    stretch_of(X, [1.0, 2.0, 4.0], [1, 1, 0], l2=1e-3).go(0.1)
