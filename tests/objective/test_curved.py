"""A problem of any loss: its sums by hand and in mpmath, rows of weight 0, and its null model."""

import exact_losses as exact
import mpmath as mp
import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

INF = np.inf
LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


def built(X, y, name="poisson", l1=1.0, lower=-INF, upper=INF, **asked):
    k = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), k).copy() for a in (l1, 0.0, lower, upper))
    )
    return Curved.build(Dense(X), np.asarray(y, dtype=float), penalty, read_loss(name), **asked)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("intercept", [True, False])
def test_pulls_and_values(name, intercept):
    """Of centred columns, weights in; a column's mean of 1e5 costs no digits."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(15, 2)) + np.array([0.0, 1e5])
    y = rng.choice([0.0, 1.0], 15) if name == "binomial" else np.ceil(rng.gamma(2, 1, 15))
    s, o = rng.random(15), rng.normal(size=15)
    problem = built(X, y, name, weights=s, offset=o, intercept=intercept)
    view = problem.view
    coef = np.array([0.5, -0.25 if intercept else 1e-6]) * view.scale
    place = problem.at(coef, 0.3 if intercept else 0.0)
    own, slope = exact.phi(problem.kind), exact.slope(problem.kind)
    with mp.workdps(40):
        centre = [mp.mpf(m) if intercept else mp.mpf(0) for m in view.mean]
        z = [[(mp.mpf(a) - c) / mp.mpf(k) for a, c, k in zip(x, centre, view.scale, strict=True)] for x in X]
        eta = [
            mp.mpf(a) + mp.mpf(place.level) + mp.fdot(row, map(mp.mpf, coef))
            for a, row in zip(o, z, strict=True)
        ]
        r = [-mp.mpf(w) * slope(mp.mpf(a), e)[0] for w, a, e in zip(s, y, eta, strict=True)]
        h = [mp.mpf(w) * slope(mp.mpf(a), e)[1] for w, a, e in zip(s, y, eta, strict=True)]
        value = sum(
            mp.mpf(w) * (own(mp.mpf(a), e) - exact.smallest(problem.kind, a))
            for w, a, e in zip(s, y, eta, strict=True)
        )
        pull = [float(mp.fdot([row[j] for row in z], r)) for j in range(2)]
        extent = [float(max(abs(row[j]) for row in z)) for j in range(2)]
    assert place.eta == pytest.approx(np.array(eta, dtype=float), abs=1e-11)
    assert problem.residual(place.eta) == pytest.approx(np.array(r, dtype=float), abs=1e-11)
    assert problem.curvature(place.eta) == pytest.approx(np.array(h, dtype=float), rel=1e-10)
    assert problem.value(place.eta) == pytest.approx(float(value), rel=1e-11)
    assert problem.pull(problem.residual(place.eta)) == pytest.approx(
        pull, abs=1e-10 * max(1.0, abs(pull[1]))
    )
    assert problem.extent(np.array([1, 0])) == pytest.approx(extent[::-1], rel=1e-12)
    w, b = coef / view.scale, problem.intercepts((coef / view.scale)[None], np.array([place.level]))
    assert problem.level_of(w, float(b[0])) == pytest.approx(place.level, abs=1e-10)


def test_rows_of_weight_0_do_not_count():
    """As if they were not there, even where their loss is infinite."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(12, 2)), rng.poisson(2, 12)
    s, o = np.array([0.0, *np.ones(11)]), np.array([1e5, *np.zeros(11)])
    X[0] = 50.0
    with np.errstate(all="ignore"):
        whole = built(X, y, weights=s, offset=o)
        part = built(X[1:], y[1:])
        assert whole.null_pull / whole.view.scale**0 == pytest.approx(
            part.null_pull * part.view.scale / whole.view.scale, rel=1e-12
        )
        assert whole.null_value(np.ones(1)) == pytest.approx(part.null_value(np.ones(1)), rel=1e-12)
        assert whole.extent(np.arange(2)) * whole.view.scale == pytest.approx(
            part.extent(np.arange(2)) * part.view.scale
        )
    assert whole.weigh(np.full(12, INF))[0] == 0


def test_null_model():
    """The logarithm of the mean count; with a group unpenalised, that of each group; at a bound, given it."""
    group = np.array([0.0, 0, 0, 1, 1, 1])
    other = np.array([1.0, -1, 2, 0, 3, 1])
    X, y = np.column_stack([group, other]), np.array([1.0, 2, 3, 7, 8, 9])
    assert built(X, y).bare.level == pytest.approx(np.log(5))
    grouped = built(X, y, l1=[0.0, 1.0])
    assert grouped.null.eta == pytest.approx(np.log([2.0, 2, 2, 8, 8, 8]))
    assert grouped.alone[0] == 0
    assert grouped.alone[1] * grouped.view.scale[1] == pytest.approx(other @ (y - [2, 2, 2, 8, 8, 8]))
    bound = built(X, y, lower=[-INF, 0.25])
    rate = np.exp(0.25 * other)
    mean = rate * y.sum() / rate.sum()
    assert bound.null.eta == pytest.approx(np.log(mean))
    assert bound.null_pull[0] * bound.view.scale[0] == pytest.approx(group @ (y - mean))
    assert bound.without_penalised.eta == pytest.approx(np.full(6, np.log(5)))
