"""Chord steps: to the solution of the columns they are given, or to nothing."""

import numpy as np
import pytest
from loss_oracle import slopes, worst_violation
from solve.newton.test_path import build, data, response

from equipoise.solve.newton.rounds import balance
from equipoise.solve.newton.working import Working


def started(loss="binomial"):
    X, signal, rng = data(80, 6)
    y = response(loss, signal, rng)
    problem = build(loss, X, y)
    working = Working(problem, np.arange(6))
    coef = np.concatenate([[problem.null.level], np.zeros(6)])
    rows = working.rows(coef[None])
    floor = working.rounding(rows.eta[0], rows.curved[0])
    return X, y, problem, working, coef, rows, floor


def balanced(working, strengths, coef, rows, floor):
    hessian = working.hessian(rows.curved[0])
    kernel = working.kernel(hessian, floor)
    return balance(working, kernel, strengths, coef, hessian, float(rows.curved.sum()), floor)


@pytest.mark.parametrize("loss", ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(1.5)"])
def test_it_reaches_the_solutions_from_the_null_model(loss):
    X, y, problem, working, coef, rows, floor = started(loss)
    strengths = np.abs(problem.null_pull).max() * np.array([0.9, 0.8, 0.7])
    found = balanced(working, strengths, np.tile(coef, (3, 1)), rows, floor)
    for t, w in zip(strengths, found.coef, strict=True):
        coef = w[1:] / problem.view.scale
        told = worst_violation(loss, X, y, coef, w[0] - coef @ problem.view.mean, l1=t)
        assert told <= 1.0


def test_it_gives_up_where_numbers_are_not_finite():
    *_, working, coef, rows, floor = started("poisson")
    far = np.tile(coef, (2, 1))
    far[:, 0] = 1e4
    with np.errstate(all="ignore"):
        assert balanced(working, np.array([2.0, 1.0]), far, rows, floor) is None


def test_it_gives_up_where_curvature_has_vanished():
    *_, working, coef, rows, floor = started("binomial")
    far = np.tile(coef, (2, 1))
    far[:, 0] = 800.0
    with np.errstate(all="ignore"):
        assert balanced(working, np.array([2.0, 1.0]), far, rows, floor) is None


@pytest.mark.parametrize("loss", ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(1.5)"])
def test_the_level_is_balanced_to_rounding_though_rounds_do_not_ask_it(loss):
    X, y, problem, working, coef, rows, floor = started(loss)
    strengths = np.abs(problem.null_pull).max() * np.array([0.5, 0.3])
    assert working.loose(floor, 1.0)[0] > 100 * working.rooms(floor)[0]
    found = balanced(working, strengths, np.tile(coef, (2, 1)), rows, floor)
    for w in found.coef:
        eta = np.longdouble(w[0]) + ((X - X.mean(axis=0)) / problem.view.scale).astype(np.longdouble) @ w[1:]
        residual, _, terms = slopes(loss, y, eta)
        assert abs(residual.sum()) <= 16 * np.finfo(float).eps * terms.sum()
