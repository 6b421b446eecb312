"""Pulls in float64 against mpmath: none is off by more than is allowed for, which is not absurdly much."""

import exact_losses as exact
import mpmath as mp
import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_rows import Rows, unit_rounding, unit_sum
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("mean", [0.0, 3.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 500.0])
def test_no_pull_is_off_by_more(name, mean, offset):
    """With means of 1e6 in the columns, responses of 1e6, offsets of 500 and weights of 0."""
    rng, loss, n, p = np.random.default_rng(0), read_loss(name), 60, 4
    X = rng.normal(size=(n, p)) + mean
    scale = 1.0 if name == "binomial" else 1e6
    y = rng.choice([0.0, 0.3, 1.0], n) if name == "binomial" else np.ceil(scale * rng.gamma(2, 1, n))
    s = np.where(rng.random(n) < 0.2, 0.0, rng.random(n) + 0.5)
    penalty = Penalty(np.ones(p), np.zeros(p), np.full(p, -np.inf), np.full(p, np.inf))
    o = offset + rng.normal(size=n)
    problem = Curved.build(Dense(X), y, penalty, loss, offset=o, weights=s)
    view = problem.view
    coef, level = rng.normal(size=p) * view.scale * 0.5, np.log(scale) - offset
    place = problem.at(coef, level)
    rows = Rows.of(problem, coef[None], np.array([level]), place.eta[None], np.arange(p))
    pull, total = problem.pull(rows.residual[0]), rows.residual[0].sum()
    with mp.workdps(60):
        z = [
            [(mp.mpf(a) - mp.mpf(m)) / mp.mpf(c) for a, m, c in zip(x, view.mean, view.scale, strict=True)]
            for x in X
        ]
        eta = [
            mp.mpf(a) + mp.mpf(level) + mp.fdot(row, map(mp.mpf, coef)) for a, row in zip(o, z, strict=True)
        ]
        slope = exact.slope(loss)
        r = [-mp.mpf(w) * slope(mp.mpf(a), e)[0] for w, a, e in zip(s, y, eta, strict=True)]
        true = [mp.fdot([row[j] for row in z], r) for j in range(p)]
        off = np.array([float(abs(a - b)) for a, b in zip(map(mp.mpf, pull), true, strict=True)])
        off_sum = float(abs(mp.mpf(total) - mp.fsum(r)))
    allowed = rows.size[0] * unit_rounding(problem)
    assert (off <= allowed).all()
    assert off_sum <= unit_sum(problem) * rows.terms[0]
    assert (
        allowed <= 1e-9 * np.sqrt(view.weight) * float(np.max(loss.size(y, place.eta))) * (1 + offset)
    ).all()


def test_rows_of_weight_0_do_not_count():
    """Even where their residuals are infinite."""
    X, y = np.array([[1.0], [2.0], [4.0]]), np.array([1.0, 2.0, 1.0])
    penalty = Penalty(np.ones(1), np.zeros(1), np.full(1, -np.inf), np.full(1, np.inf))
    problem = Curved.build(Dense(X), y, penalty, read_loss("poisson"), weights=np.array([1.0, 1.0, 0.0]))
    with np.errstate(over="ignore", invalid="ignore"):
        rows = Rows.of(problem, np.zeros((1, 1)), np.zeros(1), np.array([[0.0, 0.0, 1e4]]), np.arange(1))
    assert rows.residual.tolist() == [[0.0, 1.0, 0.0]]
    assert rows.terms.tolist() == [2.0 + 3.0]
    assert rows.size[0] == pytest.approx(np.sqrt(4.0 + 9.0))
    assert (rows.steepest[0], rows.flattest[0]) == (1.0, 1.0)
