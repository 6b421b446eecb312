"""Paths of every smooth loss: each point the solution at its strength, in extended precision."""

import numpy as np
import pytest
from loss_oracle import worst_violation
from scipy.sparse import csc_array

from equipoise.design.dense import Dense
from equipoise.design.sparse import Sparse
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import largest_strength, solve_path, solve_point

INF = np.inf


def build(loss, X, y, l1=1.0, l2=0.0, lower=-INF, upper=INF, intercept=True, design=Dense, **rest):
    p = X.shape[1]
    penalty = Penalty(*(np.full(p, a) if np.ndim(a) == 0 else np.asarray(a) for a in (l1, l2, lower, upper)))
    return Curved.build(design(X), y, penalty, read_loss(loss), intercept=intercept, **rest)


def assert_solved(loss, X, y, points, *, l1=1.0, l2=0.0, lower=-INF, upper=INF, intercept=True, **rest):
    """Every point meets the conditions at its own strength."""
    dense = X if isinstance(X, np.ndarray) else X.toarray()
    for batch in points:
        coef, levels = batch.whole().original()
        for t, w, b in zip(batch.strengths, coef, levels, strict=True):
            scaled = np.where(np.isinf(l1), INF, t * np.where(np.isinf(l1), 0.0, l1))
            told = worst_violation(
                loss, dense, y, w, b, l1=scaled, l2=t * np.asarray(l2), lower=lower, upper=upper,
                weights=rest.get("weights"), offset=rest.get("offset"), centred=intercept,
            )  # fmt: skip
            assert told <= 1.0, (t, told)


def solved_path(loss, X, y, ratio=1e-3, count=25, **kinds):
    """A path from the largest strength on, checked."""
    problem = build(loss, X, y, **kinds)
    kinds.pop("design", None)
    strengths = largest_strength(problem) * np.geomspace(1.0, ratio, count)
    points = list(solve_path(problem, strengths))
    assert np.array_equal(np.concatenate([batch.strengths for batch in points]), strengths)
    assert_solved(loss, X, y, points, **kinds)
    return points


def data(n, p, seed=0):
    rng = np.random.default_rng(seed)
    X = np.asfortranarray(rng.normal(size=(n, p)) + 0.5 * rng.normal(size=(n, 1)) + rng.normal(size=p))
    signal = X[:, : min(3, p)] @ np.array([1.0, -0.7, 0.4])[: min(3, p)]
    return X, signal - signal.mean(), rng


def response(loss, signal, rng):
    n = len(signal)
    name = loss.partition("(")[0]
    return {
        "binomial": lambda: (rng.random(n) < 1 / (1 + np.exp(-signal))) * 1.0,
        "poisson": lambda: rng.poisson(np.exp(0.5 * signal)) * 1.0,
        "gamma": lambda: rng.gamma(2.0, np.exp(0.5 * signal)) + 1e-3,
        "tweedie": lambda: np.maximum(rng.normal(size=n) + signal, 0.0),
        "negative_binomial": lambda: rng.poisson(np.exp(0.5 * signal) * rng.gamma(1.0, 1.0, n)) * 1.0,
    }[name]()


LOSSES = ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(1.5)"]
L1 = np.array([1.0, 0.0, 2.0, INF, 1.0, 1.0, 0.5, 1.0])
LOWER = np.array([-INF, -INF, -INF, -INF, 0.05, -0.1, 0.0, -INF])
KINDS = {
    "plain": {},
    "no intercept": {"intercept": False},
    "elastic net": {"l2": 0.5},
    "non-negative": {"lower": 0.0},
    "box": {"lower": -0.1, "upper": 0.15},
    "factors, unpenalised, excluded, bounds": {"l1": L1, "lower": LOWER, "l2": 0.01},
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_point_is_the_solution(loss, kind):
    X, signal, rng = data(80, 8)
    solved_path(loss, X, response(loss, signal, rng), **KINDS[kind])


@pytest.mark.parametrize("loss", LOSSES)
def test_with_weights_of_zero_and_an_offset(loss):
    X, signal, rng = data(90, 7)
    weights, offset = rng.random(90) * (rng.random(90) < 0.8), rng.normal(size=90)
    solved_path(loss, X, response(loss, signal, rng), weights=weights, offset=offset)


@pytest.mark.parametrize("loss", LOSSES)
def test_many_more_columns_than_rows(loss):
    X, signal, rng = data(50, 400)
    points = solved_path(loss, X, response(loss, signal, rng), ratio=0.02)
    assert 10 < np.count_nonzero(points[-1].coef[-1]) < 60


def test_wide_with_factors_bounds_and_unpenalised_columns():
    X, signal, rng = data(60, 300)
    l1, lower = np.ones(300), np.full(300, -INF)
    l1[7], l1[9], lower[30], lower[50:] = 0.0, INF, 0.02, -0.05
    solved_path("binomial", X, response("binomial", signal, rng), l1=l1, lower=lower, l2=0.01, ratio=0.05)


@pytest.mark.parametrize("p", [30, 400])
def test_sparse_columns(p):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(120, p)) * (rng.random((120, p)) < 0.05)
    X[:, 4] = rng.normal(size=120) + 20.0  # a full one, far from zero
    y = (rng.random(120) < 1 / (1 + np.exp(-2 * X[:, :3].sum(axis=1)))) * 1.0
    weights = rng.integers(0, 3, 120) * 1.0
    points = solved_path("binomial", csc_array(X), y, ratio=0.05, design=Sparse, weights=weights)
    dense = solved_path("binomial", np.asfortranarray(X), y, ratio=0.05, weights=weights)
    a, b = (np.concatenate([batch.original()[0] for batch in found]) for found in (points, dense))
    np.testing.assert_allclose(a, b, atol=1e-7)


def test_a_weight_of_two_is_a_row_twice():
    X, signal, rng = data(60, 6)
    y, weights = response("poisson", signal, rng), rng.integers(0, 4, 60)
    strengths = np.geomspace(30.0, 0.1, 12)
    once = build("poisson", X, y, weights=weights * 1.0)
    twice = build("poisson", np.repeat(X, weights, axis=0), np.repeat(y, weights))
    a, b = (
        np.concatenate([batch.whole().coef / problem.view.scale for batch in solve_path(problem, strengths)])
        for problem in (once, twice)
    )
    np.testing.assert_allclose(a, b, atol=1e-8)


def test_without_a_penalty_it_is_the_maximum_of_the_likelihood():
    # Against scikit-learn's own Newton solver at its tightest.
    from sklearn.linear_model import LogisticRegression, PoissonRegressor

    X, signal, rng = data(200, 5)
    for loss, peer in (
        ("binomial", LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13)),
        ("poisson", PoissonRegressor(alpha=0.0, solver="newton-cholesky", tol=1e-13)),
    ):
        y = response(loss, signal, rng)
        (coef,), (intercept,) = solve_point(build(loss, X, y), 0.0).original()
        peer.fit(X, y)
        np.testing.assert_allclose(coef, np.ravel(peer.coef_), rtol=1e-8)
        np.testing.assert_allclose(intercept, np.ravel(peer.intercept_)[0], rtol=1e-8)


def corner(name):
    """Loss, X, y and the rest of a problem that breaks what is not safeguarded."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(200, 10))
    even = (rng.random(200) < 0.5) * 1.0
    counts = rng.poisson(np.exp(X[:, 0])) * 1.0
    sign = np.sign(rng.normal(size=200))
    first = np.arange(200) == 0
    return {
        "separable": ("binomial", X, (X[:, 0] + 0.2 * X[:, 1] > 0) * 1.0, {}),
        "one event": ("binomial", X, first * 1.0, {}),
        "offset 30": ("binomial", X, even, {"offset": 30 * sign}),
        "offset 800": ("binomial", X, even, {"offset": 800 * sign}),
        "weights 1e±8": ("binomial", X, even, {"weights": 10.0 ** rng.uniform(-8, 8, 200)}),
        "fractions": ("binomial", X, rng.integers(0, 6, 200) / 5.0, {"weights": np.full(200, 5.0)}),
        "counts of 1e6": ("poisson", X, np.round(1e6 * np.exp(X[:, 0])), {}),
        "one count of 1000": ("poisson", np.c_[X, first], first * 1e3, {}),
        "exposures": ("poisson", X, counts, {"offset": np.linspace(-13, 13, 200)}),
        "steep": ("poisson", 20 * X, np.round(np.exp(np.clip(8 * X[:, 0], -20, 20))), {}),
        "saturated": ("poisson", rng.normal(size=(30, 250)), rng.poisson(3, 30) * 1.0, {}),
        "saturated yes/no": ("binomial", rng.normal(size=(30, 150)), even[:30], {}),
        "scales of 1e±6": ("binomial", X * 10.0 ** np.linspace(-6, 6, 10), even, {}),
        "means of 1e6": ("binomial", X + 1e6, even, {}),
        "copies and mirrors": ("binomial", np.c_[X, X[:, 0], -X[:, 1]], even, {}),
        "a group without counts": (
            "poisson",
            np.c_[X, np.arange(200) < 100],
            counts * (np.arange(200) >= 100),
            {},
        ),
    }[name]


CORNERS = [
    "separable", "one event", "offset 30", "offset 800", "weights 1e±8", "fractions", "counts of 1e6",
    "one count of 1000", "exposures", "steep", "saturated", "saturated yes/no", "scales of 1e±6",
    "means of 1e6", "copies and mirrors", "a group without counts",
]  # fmt: skip


@pytest.mark.parametrize("name", CORNERS)
def test_corners(name):
    loss, X, y, rest = corner(name)
    solved_path(loss, np.asfortranarray(X), y, ratio=1e-4, count=15, **rest)


@pytest.mark.parametrize("p", [8, 250])
def test_a_batch_is_no_longer_than_asked(p):
    X, signal, rng = data(60, p)
    problem = build("binomial", X, response("binomial", signal, rng))
    strengths = largest_strength(problem) * np.geomspace(1.0, 0.05, 20)
    points = list(solve_path(problem, strengths, 2))
    assert max(len(batch.strengths) for batch in points) <= 2
    assert np.array_equal(np.concatenate([batch.strengths for batch in points]), strengths)


def test_a_strength_given_twice_and_one_of_zero():
    X, signal, rng = data(80, 5)
    y = response("binomial", signal, rng)
    problem = build("binomial", X, y)
    strengths = largest_strength(problem) * np.array([2.0, 1.0, 0.5, 0.5, 0.1, 0.0])
    assert_solved("binomial", X, y, list(solve_path(problem, strengths)))
