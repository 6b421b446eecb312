"""A setup hands on the rows that count, and problems on some of them."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.setup.set_up import set_up

N, P = 20, 3


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, P)) + 2.0
    return X, X[:, 0] + rng.normal(size=N), rng.random(N) + 0.5, rng.normal(size=N)


HALF = np.arange(N) % 2 == 0


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("standardize", [False, True])
def test_a_problem_on_some_rows_is_that_of_these_rows_alone(data, weighted, standardize):
    X, y, s, o = data
    s = s if weighted else None
    asked = {"l1": 2.0, "l2": 0.5, "standardize": standardize}
    setup = set_up(X, y, sample_weight=s, offset=o, **asked)
    part = set_up(X[HALF], y[HALF], sample_weight=None if s is None else s[HALF], offset=o[HALF], **asked)
    found, expected = setup.problem_on(HALF), part.problem
    coef = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(found.residual(coef), expected.residual(coef), rtol=1e-13)
    np.testing.assert_allclose(found.gram, expected.gram, rtol=1e-12)
    np.testing.assert_array_equal(found.penalty.l1, expected.penalty.l1)
    known = setup.problem_on(HALF, setup.moments_on(HALF))
    np.testing.assert_allclose(known.gram, expected.gram, rtol=1e-12)
    np.testing.assert_allclose(known.response_pull, expected.response_pull, rtol=1e-11)


def test_a_row_of_weight_zero_is_not_there(data):
    X, y, s, o = data
    s[3], y[3], o[3] = 0.0, 1e300, -1e300
    X[3] = 1e300
    setup, without = set_up(X, y, l1=1.0, sample_weight=s, offset=o), np.arange(N) != 3
    expected = set_up(X[without], y[without], l1=1.0, sample_weight=s[without], offset=o[without])
    np.testing.assert_allclose(setup.problem.gram, expected.problem.gram, rtol=1e-12)
    assert setup.problem.view.shape == (N - 1, P)
    assert setup.problem_on(HALF | ~without).view.shape == (HALF.sum(), P)
    assert setup.moments_on(HALF | ~without).rows == HALF.sum()


def test_gaps_are_filled_by_the_rows_that_are_asked_for(data):
    X, y, s, _ = data
    X[[1, 4], 0] = np.nan
    setup = set_up(X, y, l1=1.0, sample_weight=s, missing="mean")
    there = HALF & ~np.isnan(X[:, 0])
    filled = setup.filled_by(HALF)
    mean = np.average(X[there, 0], weights=s[there])
    np.testing.assert_allclose(filled.matrix[[1, 4], 0], mean, rtol=1e-14)
    np.testing.assert_array_equal(filled.matrix[:, 1:], X[:, 1:])
    assert not np.allclose(setup.matrix[1, 0], mean)
    whole = set_up(X[:, 1:], y, l1=1.0, missing="mean")
    assert whole.filled_by(HALF) is whole


def test_missing_values_of_an_array_show_when_it_is_solved(data):
    X, y, _, _ = data
    X[7, 1] = np.nan
    with pytest.raises(ValueError, match=r"X column 'x2' holds 1 NaN \(first at row 7"):
        set_up(X, y, l1=1.0).problem  # noqa: B018


def test_names_and_numbers_of_rows(data, tmp_path):
    X, y, _, _ = data
    assert set_up(X, y, l1=1.0).features == ("x1", "x2", "x3")
    assert set_up(X, y, l1=1.0).rows == N
    gathered = eq.gather(X, y, folds=None)
    assert set_up(gathered, l1=1.0).rows == N  # although fewer stand for them
    assert len(set_up(gathered, l1=1.0).response) < N
    np.save(tmp_path / "x.npy", X)
    with pytest.raises(TypeError, match="trace needs all of X at once, and X is on disk"):
        set_up(eq.Mapped(tmp_path / "x.npy"), y, l1=1.0).need_memory("trace")
    set_up(X, y, l1=1.0).need_memory("trace")
