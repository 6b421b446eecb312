"""The fit with at most k features: at the exact strength of the next entry, and nowhere else."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import lars_path

import equipoise as eq


def correlated(n, p, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.8 * rng.normal(size=(n, 1))
    return X, X[:, 0] - X[:, 1] + rng.normal(size=n)


def first_excess(X, y, k):
    """The alpha of scikit-learn's LARS, times n, below which more than k features are in for once."""
    X, y = X - X.mean(axis=0), y - y.mean()
    alphas, _, coefs = lars_path(X, y, method="lasso")
    used = np.abs(coefs) > 1e-9
    between = (used[:, :-1] | used[:, 1:]).sum(axis=0)  # between two knots, at each of which one may be zero
    excess = np.flatnonzero(between > k)
    return len(y) * alphas[excess[0]] if len(excess) else 0.0


@pytest.mark.parametrize("k", range(10))
def test_the_strength_is_the_knot_of_lars_where_one_more_enters(k):
    X, y = load_diabetes(return_X_y=True)  # where a feature leaves and comes back
    fit = eq.path(X, y, ratio=1e-6).best(k)
    assert first_excess(X, y, k) > 0
    assert fit.l1 == pytest.approx(first_excess(X, y, k), rel=1e-9)
    assert len(fit.support) <= k
    assert fit.certificate.status.optimal


@pytest.mark.parametrize("k", [0, 3, 11, 19])
def test_more_columns_than_rows(k):
    X, y = correlated(25, 60)
    fit = eq.path(X, y, ratio=1e-3).best(k)
    assert fit.l1 == pytest.approx(first_excess(X, y, k), rel=1e-8)
    assert len(fit.support) <= k
    assert fit.certificate.status.optimal


def test_features_that_leave_again_do_not_count():
    """On the diabetes data 10 of 10 are in at first, 9 after s3 has left: 9 are exceeded before that."""
    X, y = load_diabetes(return_X_y=True)
    path = eq.path(X, y, ratio=1e-6)
    leaves = next(event.strength for event in path.events if event.kind == "leaves")
    assert path.best(9).l1 > leaves


# With orthogonal columns w_j = (|c_j| − t)₊ / (1 + 2·l2·t), whatever l2 is: j enters at t = |c_j|.
@pytest.mark.parametrize("l2", [0.0, 0.7])
@pytest.mark.parametrize(
    ("k", "strength", "first"), [(0, 3.0, 0.0), (1, 2.0, 1.0), (2, 1.0, 2.0), (3, 0.5, 2.5)]
)
def test_orthogonal_columns_by_hand(l2, k, strength, first):
    fit = eq.path(np.eye(4), [3.0, -2.0, 1.0, 0.25], l2=l2, intercept=False, strengths=[8.0, 0.5]).best(k)
    assert fit.l1 == pytest.approx(strength, rel=1e-12)
    assert fit.coef[0] == pytest.approx(first / (1.0 + 2.0 * l2 * strength), rel=1e-12)
    assert np.count_nonzero(fit.coef) == k


def test_ties_enter_together_and_stay_out_together():
    path = eq.path(np.eye(3), [3.0, 2.0, -2.0], intercept=False, strengths=[3.0, 1.0])
    assert [path.best(k).l1 for k in range(4)] == [3.0, 2.0, 2.0, 1.0]


def test_a_grid_that_begins_too_late_is_no_hindrance():
    path = eq.path(np.eye(3), [3.0, 2.0, 1.0], intercept=False, strengths=[1.5])
    assert path.best(1).l1 == pytest.approx(2.0, rel=1e-12)
    assert path.best(3).l1 == 1.5


def test_events_of_a_grid_that_begins_where_nothing_has_entered():
    """With so many columns that XᵀX is not formed, a walk begins without any."""
    X, y = correlated(40, 1200)
    largest = first_excess(X, y, 0)
    events = eq.path(X, y, strengths=[4.0 * largest, 0.5 * largest]).events
    assert events[0].strength == pytest.approx(largest, rel=1e-10)
    path = eq.path(X, y, count=20)
    assert path.best(4).l1 == pytest.approx(first_excess(X, y, 4), rel=1e-9)


def test_a_path_down_to_no_penalty_at_all():
    X, y = correlated(10, 30)
    path = eq.path(X, y, strengths=[100.0, 1.0, 0.0])
    for k in (2, 9, 30):
        fit = path.best(k)
        assert len(fit.support) <= k
        assert fit.certificate.status.optimal


def test_unpenalised_features_count():
    X, y = correlated(50, 5)
    path = eq.path(X, y, l1=[1.0, 0.0, 1.0, 0.0, 1.0])
    assert path.best(2).support.tolist() == [1, 3]
    with pytest.raises(ValueError, match=r"k is 1, but .* has 2 features \(without an l1, .* pass 2 or more"):
        path.best(1)


@pytest.mark.parametrize("k", [-1, 2.0, True, "3", None])
def test_no_number_of_features(k):
    with pytest.raises(ValueError, match=r"k is .*: pass a whole number of features, 0 or more"):
        eq.path(np.eye(2), [3.0, 2.0]).best(k)


def test_a_path_that_was_loaded_knows_what_its_events_tell(tmp_path):
    path = eq.path(np.eye(3), [3.0, 2.0, 1.0], intercept=False, strengths=[3.0, 2.0, 1.5])
    path.save(tmp_path / "bare.json")
    with pytest.raises(ValueError, match=r"holds no data: best\(\), unless its events were read"):
        eq.load(tmp_path / "bare.json").best(1)
    assert len(path.events) == 2
    path.save(tmp_path / "events.json")
    loaded = eq.load(tmp_path / "events.json")
    assert [loaded.best(k).l1 for k in (0, 1, 2)] == [3.0, 2.0, 1.5]  # all of them its own
    path = eq.path(np.eye(3), [3.0, 2.0, 1.0], intercept=False, strengths=[3.0, 1.5])
    assert path.events
    path.save(tmp_path / "between.json")
    with pytest.raises(ValueError, match=r"the strength 2\.0, which is none of its own"):
        eq.load(tmp_path / "between.json").best(1)
