"""A Hessian bounds those of its neighbours from below, and forces from above."""

import numpy as np
import pytest
from scipy.sparse import csc_array

from equipoise.design.dense import Dense
from equipoise.design.sparse import Sparse
from equipoise.objective.curved import Curved
from equipoise.objective.hessian import Hessian, gathered
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.2)", "negative_binomial(2)")


def problem_of(name, X, y, l2=0.0, **asked):
    p = X.shape[1]
    penalty = Penalty(np.ones(p), np.full(p, l2), np.full(p, -np.inf), np.full(p, np.inf))
    return Curved.build(Dense(X), y, penalty, read_loss(name), **asked)


def sparse_problem(X):
    """Of few columns among many that are nearly empty, lest they all be kept dense."""
    X = np.hstack([X, np.eye(100, 40)])
    penalty = Penalty(*(np.full(X.shape[1], a) for a in (1.0, 0.0, -np.inf, np.inf)))
    y = np.r_[np.ones(50), np.zeros(50)]
    return Curved.build(Sparse(csc_array(X)), y, penalty, read_loss("binomial"))


def steepness(eta):
    return np.exp(-np.abs(eta)) / (1 + np.exp(-np.abs(eta))) ** 2


def test_in_sparse_columns_nothing_is_proved_of_what_cancels():
    """A column is its mean wherever there is curvature: Σh(x − mean)² is what rounding leaves."""
    rng, proved = np.random.default_rng(0), 0
    for unit in rng.random(40):
        x = unit * np.r_[np.ones(10), np.full(10, 9.0), np.zeros(80)]  # of mean ``unit``
        problem = sparse_problem(x[:, None])
        eta = np.where(x == unit, rng.normal(size=100), 44.0)
        found = Hessian.of(problem, np.array([0]), eta, 1.0)
        own = steepness(eta) @ (x - unit) ** 2 / problem.view.scale[0] ** 2  # orthogonal to the intercept
        proved += found is not None
        assert found is None or (found.half.T @ found.half)[1, 1] * found.slack >= (1 - 1e-6) / own
    assert proved == 0


def test_of_sparse_columns():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 2)) * (rng.random((100, 2)) < 0.2)
    problem, eta = sparse_problem(X), rng.normal(size=100)
    z = np.column_stack([np.ones(100), (X - X.mean(axis=0)) / problem.view.scale[:2]])
    found = Hessian.of(problem, np.array([0, 1]), eta, 1.0)
    inverse = np.linalg.inv(z.T @ (steepness(eta)[:, None] * z))
    np.testing.assert_allclose(found.half.T @ found.half, inverse, rtol=1e-9)


def drawn(name, l2=0.0, seed=0, **asked):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, 4)) + np.array([0.0, 5.0, 0.0, 0.0])
    y = rng.choice([0.0, 1.0], 30) if name == "binomial" else rng.gamma(2, 1, 30)
    return problem_of(name, X, y, l2, **asked), rng


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("l2", [0.0, 0.4])
def test_share(name, l2):
    """H(η) − share · H(η₀) has no negative eigenvalue, for steps that all rows make or one alone."""
    problem, rng = drawn(name, l2, weights=np.arange(30.0) % 4)
    columns, eta = np.array([0, 1, 3]), rng.normal(size=30)
    z = gathered(problem, columns)
    ridge = np.diag(np.r_[0, 2 * problem.penalty.l2[columns]])
    base = Hessian.of(problem, columns, eta, 0.5)
    at_base = z.T @ (problem.curvature(eta)[:, None] * z) + 0.5 * ridge
    assert base.half.T @ base.half == pytest.approx(np.linalg.inv(at_base), rel=1e-9)
    for size in (1e-3, 0.5, 3.0):
        for there in (eta + size, eta - size, eta + size * rng.normal(size=30), eta + size * np.eye(30)[5]):
            for t in (0.1, 0.5, 2.0):
                share = base.share(there[None], np.array([t]))[0]
                at_there = z.T @ (problem.curvature(there)[:, None] * z) + t * ridge
                least = np.linalg.eigvalsh(at_there - share * at_base).min()
                assert least >= -1e-12 * np.abs(at_there).max()
    if not l2 and name in ("poisson", "gamma"):  # where all curvatures shrink alike it is exact
        there = eta - 2 if name == "poisson" else eta + 2
        assert base.share(there[None], np.ones(1))[0] == pytest.approx(np.exp(-2), rel=1e-5)


def test_length_and_reach():
    """√(fᵀH⁻¹f) by a solve, no less for any rounding of f; the farthest row by all of them."""
    problem, rng = drawn("poisson")
    columns, eta = np.arange(4), rng.normal(size=30)
    z = gathered(problem, columns)
    inverse = np.linalg.inv(z.T @ (np.exp(eta)[:, None] * z))
    base = Hessian.of(problem, columns, eta, 1.0)
    f, off = rng.normal(size=5), rng.random(5)
    assert base.length(f[None], 0 * f[None])[0] == pytest.approx(np.sqrt(f @ inverse @ f), rel=1e-10)
    most = base.length(f[None], off[None])[0]
    for sign in rng.choice([-1, 1], (32, 5)):
        g = f + sign * off
        assert np.sqrt(g @ inverse @ g) <= most
    assert base.reach == pytest.approx(np.sqrt(np.einsum("ij,jk,ik->i", z, inverse, z).max()), rel=1e-10)


def test_none_where_it_is_not_proved_to_be_invertible():
    """Copies, a copy but for 1e-9, more columns than rows; an l2 mends them."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=20), rng.poisson(2, 20).astype(float)
    for other in (x, x + 1e-9 * rng.normal(size=20)):
        X = np.column_stack([x, other])
        assert Hessian.of(problem_of("poisson", X, y), np.arange(2), np.zeros(20), 1.0) is None
        assert Hessian.of(problem_of("poisson", X, y, 0.1), np.arange(2), np.zeros(20), 1.0) is not None
    wide = problem_of("poisson", rng.normal(size=(4, 6)), y[:4])
    assert Hessian.of(wide, np.arange(6), np.zeros(4), 1.0) is None
    assert Hessian.of(wide, np.arange(2), np.full(4, np.nan), 1.0) is None
