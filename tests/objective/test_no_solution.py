"""Separation by hand, and against a search over all directions of two coefficients."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.no_solution import need_finite, receding_direction, separating
from equipoise.objective.penalty import Penalty

INF = np.inf


def found(name, y, x, lower=-INF, upper=INF, intercept=True):
    columns = np.asarray(x, dtype=float).reshape(len(y), -1)
    k = columns.shape[1]
    y = np.asarray(y, dtype=float)
    bounds = np.full(k, lower, dtype=float), np.full(k, upper, dtype=float)
    return receding_direction(read_loss(name), y, columns, *bounds, intercept)


def test_by_hand():
    """Complete and quasi-complete separation, overlap, and counts that are 0 on one side."""
    x = [1, 2, 3, 4]
    d, b = found("binomial", [0, 0, 1, 1], x)
    assert d[0] > 0
    assert 2 <= -b / d[0] <= 3
    assert found("binomial", [0, 1, 0, 1], x) is None
    assert found("binomial", [0, 0, 0.5, 1], x) is not None  # η = 0 at 3 for good
    assert found("binomial", [0, 0.5, 0.5, 1], x) is None
    assert found("binomial", [0, 0, 1, 1], x, intercept=False) is None
    d, _ = found("poisson", [0, 0, 2, 2], [[1], [1], [0], [0]])
    assert d[0] < 0
    assert found("poisson", [0, 0, 2, 3], x) is None
    assert found("gamma", [1, 2, 3, 4], x) is None


def test_bounds_block_a_direction():
    """The side that counts."""
    x, y = [1, 2, 3, 4], [0, 0, 1, 1]
    assert found("binomial", y, x, upper=50.0) is None
    assert found("binomial", y, x, lower=-50.0) is not None


def test_one_class_matters_only_to_an_intercept():
    """Without it, and with a column of both signs, nothing recedes."""
    assert found("binomial", [1, 1, 1], [[1], [-1], [2]])[1] > 0
    assert found("binomial", [1, 1, 1], [[1], [-1], [2]], intercept=False) is None
    assert found("poisson", [0, 0, 0], [[1], [-1], [2]]) is not None


@pytest.mark.parametrize("name", ["binomial", "poisson"])
def test_against_all_directions(name):
    """Of small whole numbers: some direction between neighbouring normals of rows recedes, or none does."""
    rng, some = np.random.default_rng(8), 0
    for _ in range(150):
        x = rng.integers(-2, 3, (5, 2)).astype(float)
        y = rng.choice([0, 0.5, 1] if name == "binomial" else [0, 0, 0, 3], 5).astype(float)
        falling, rising = read_loss(name).receding(y)
        angles = np.arctan2(x[:, 0], -x[:, 1])
        angles = np.r_[angles, angles + np.pi, 0.1]
        angles = np.unique(np.round(np.sort(angles % (2 * np.pi)), 9))
        angles = np.r_[angles, 0.5 * (angles + np.roll(angles, -1)), 0.5 * (angles[0] + angles[-1]) + np.pi]
        u = x @ np.array([np.cos(angles), np.sin(angles)])
        u[np.abs(u) < 1e-6] = 0.0
        fine = np.where(falling[:, None], u <= 0, np.where(rising[:, None], u >= 0, u == 0)).all(axis=0)
        exists = bool(np.any(fine & u.any(axis=0)))
        assert (found(name, y, x, intercept=False) is not None) == exists
        some += exists
    assert 10 < some < 140


def test_the_sentence_names_the_features():
    """And what to do."""
    X = np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0], [4.0, 4.0]])
    with pytest.raises(
        ValueError, match="no finite solution: feature 'x1', which has neither l1 nor l2, separates"
    ):
        eq.fit(X, [0, 0, 1, 1], l1=[0.0, 1.0], loss="binomial")
    with pytest.raises(ValueError, match="all of y is 0: with loss='poisson' the best intercept is infinite"):
        eq.fit(X, [0, 0, 0, 0], l1=1.0, loss="poisson")
    assert eq.fit(X, [0, 0, 0, 0], l1=1.0, loss="poisson", intercept=False).certificate.optimal
    assert eq.fit(X, [0, 0, 1, 1], l1=[0.1, 1.0], loss="binomial").certificate.optimal


def test_a_problem_is_refused_whenever_it_is_asked_about():
    """Also under a penalty that was changed afterwards; bounds, overlap and weights of 0 are heeded."""
    X = np.array([[1.0], [2.0], [3.0], [4.0]])

    def built(y, l1, upper=INF, **asked):
        penalty = Penalty(np.array([l1]), np.zeros(1), np.array([-INF]), np.array([upper]))
        return Curved.build(Dense(X), np.array(y), penalty, read_loss("binomial"), **asked)

    problem = built([0.0, 0, 1, 1], 1.0)
    need_finite(problem)
    with pytest.raises(ValueError, match="feature 'age', which has neither l1 nor l2, separates"):
        need_finite(problem.under(problem.penalty.at(0.0)), ["age"])
    need_finite(built([0.0, 1, 0, 1], 0.0))
    need_finite(built([0.0, 0, 1, 1], 0.0, upper=3.0))
    with pytest.raises(ValueError, match="no finite solution"):
        need_finite(built([0.0, 1, 0, 1], 0.0, weights=np.array([1.0, 1, 0, 1])))
    with pytest.raises(ValueError, match="all of y is 1"):
        need_finite(built([1.0, 1, 0, 1], 1.0, weights=np.array([1.0, 1, 0, 1])))


@pytest.mark.parametrize(
    ("name", "y", "asked", "found"),
    [
        ("binomial", [0, 0, 1, 1, 0, 1], {}, [0, 1]),
        ("binomial", [0, 0, 1, 1, 1, 1], {}, []),
        ("binomial", [0, 0, 1, 1, 1, 1], {"weights": np.array([1.0, 1, 1, 1, 0, 1])}, [0, 1]),
        ("binomial", [0, 0, 1, 1, 0, 1], {"upper": 9.0}, []),
        ("binomial", [1, 1, 0, 0, 1, 0], {"upper": 9.0}, [0, 1]),
        ("poisson", [0, 0, 1, 1, 0, 1], {}, []),
        ("gamma", [1, 1, 9, 9, 1, 9], {}, []),
    ],
)
def test_features_that_separate_only_together(name, y, asked, found):
    """By hand: x1 + x2 is −2, −2, 2, 2, −4, 4, and no line on one of the two tells these signs apart.

    Where the row of −4 belongs to the others no sum does: it is beyond the middle of the first two. Of
    counts a sum would have to be the same in the three rows where they are not 0, which are no line.
    """
    X = np.array([[-3.0, 1], [1, -3], [3, -1], [-1, 3], [-2, -2], [2, 2]])
    asked = dict(asked)
    upper = np.full(2, asked.pop("upper", INF))
    penalty = Penalty(np.ones(2), np.zeros(2), np.full(2, -INF), upper)
    problem = Curved.build(Dense(X), np.array(y, dtype=float), penalty, read_loss(name), **asked)
    assert separating(problem, problem.at(np.array([2.0, 2.0]), 0.0)).tolist() == found
    assert separating(problem, problem.at(np.array([2.0, 0.0]), 0.0)).tolist() == []


def test_few_features_are_named():
    """One that separates alone, of eleven in the model that do so together in many ways."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(30, 11))
    y = (X[:, 7] > 0).astype(float)
    X[:, 7] += np.where(y > 0, 2.0, -2.0)
    penalty = Penalty(np.ones(11), np.zeros(11), np.full(11, -INF), np.full(11, INF))
    problem = Curved.build(Dense(X), y, penalty, read_loss("binomial"))
    assert separating(problem, problem.at(rng.normal(size=11), 0.0)).tolist() == [7]


def test_a_count_of_zero_where_an_indicator_is_one():
    """Its coefficient falls without an end, whatever the others."""
    X = np.array([[1.0, 2], [1, 1], [0, 3], [0, 1], [0, 2]])
    penalty = Penalty(np.ones(2), np.zeros(2), np.full(2, -INF), np.full(2, INF))
    problem = Curved.build(Dense(X), np.array([0.0, 0, 3, 1, 2]), penalty, read_loss("poisson"))
    assert separating(problem, problem.at(np.array([-3.0, 0.5]), 0.0)).tolist() == [0]


@pytest.mark.parametrize("loss", ["poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)"])
@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-130, 1e140, 1e200, 1e307])
def test_responses_beyond_float64_are_refused_or_solved(loss, size):
    """Multiplying a response by c multiplies the mean by c: of gamma loss nothing else changes."""
    x = np.linspace(-1.0, 1.0, 30)[:, None]
    y = np.exp(x[:, 0] * 0.7) * (1 + 0.1 * np.cos(40 * x[:, 0]))
    asked = {"l1": 1e-3 if loss == "gamma" else 0.0, "loss": loss}
    if not 1e-140 < size < 1e150:
        with pytest.raises(ValueError, match=r"y holds values whose squares (exceed|vanish in) float64"):
            eq.fit(x, size * y, **asked)
        return
    found = eq.fit(x, size * y, **asked)
    assert found.certificate.optimal
    assert loss != "gamma" or abs(found.coef[0] - eq.fit(x, y, **asked).coef[0]) < 1e-9
    assert abs(found.intercept - np.log(size)) < 0.5
