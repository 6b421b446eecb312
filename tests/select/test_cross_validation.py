"""Cross-validation: every fold recomputed with fresh fits, the choice by hand, folds of every kind."""

import os
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import LassoCV
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    LeaveOneOut,
    RepeatedKFold,
    ShuffleSplit,
    TimeSeriesSplit,
)

import equipoise as eq
from equipoise.solve.threads import in_threads

INF = np.inf


def data(seed: int, n: int = 36, p: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def recomputed(X, y, strengths, pairs, *, l1=1.0, l2=0.0, sample_weight=None, offset=None, **arguments):
    """Held-out losses by fitting every fold at every strength from scratch."""
    n = len(y)
    s = np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=float)
    o = np.zeros(n) if offset is None else np.asarray(offset, dtype=float)
    loss = np.empty((len(strengths), len(pairs)))
    for k, (train, test) in enumerate(pairs):
        share = s[train].sum() / s.sum()
        for i, t in enumerate(strengths):
            fit = eq.fit(
                X[train],
                y[train],
                l1=t * share * np.asarray(l1),
                l2=t * share * np.asarray(l2),
                sample_weight=None if sample_weight is None else s[train],
                offset=None if offset is None else o[train],
                **arguments,
            )
            misfit = y[test] - fit.predict(X[test], offset=o[test])
            loss[i, k] = s[test] @ misfit**2 / s[test].sum()
    return loss, np.array([s[test].sum() for _, test in pairs])


CASES = {
    "plain": {},
    "standardised": {"standardize": True},
    "no intercept": {"intercept": False},
    "weights": {"sample_weight": np.linspace(0.1, 3, 36)},
    "zero weights": {"sample_weight": np.arange(36.0) % 3},
    "offset": {"offset": np.linspace(-1, 1, 36)},
    "elastic net": {"l2": 0.3},
    "factors": {"l1": np.array([0.0, 1.0, 2.0, 1.0, 0.5, 1.0])},
    "positive": {"lower": 0.0},
    "everything": {
        "standardize": True,
        "sample_weight": np.linspace(0.1, 3, 36),
        "offset": np.linspace(-1, 1, 36),
        "l2": 0.1,
        "lower": -0.5,
    },
}


@pytest.mark.parametrize("case", CASES)
def test_losses_are_those_of_fresh_fits(case):
    X, y = data(1)
    arguments = CASES[case]
    ids = np.arange(36) % 4
    cv = eq.cross_validate(X, y, folds=ids, count=6, **arguments)
    pairs = [(np.flatnonzero(ids != k), np.flatnonzero(ids == k)) for k in range(4)]
    loss, weight = recomputed(X, y, cv.path.strengths, pairs, **arguments)
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-8)
    np.testing.assert_allclose(cv.fold_weight, weight, rtol=1e-14)
    assert cv.fold_loss.shape == (6, 4)
    # The path is that of all rows.
    whole = eq.path(X, y, strengths=cv.path.strengths, **arguments)
    np.testing.assert_allclose(cv.path.coef, whole.coef, atol=1e-10)


@pytest.mark.parametrize("p", [60, 300])
@pytest.mark.parametrize("standardize", [True, False])
def test_losses_with_more_columns_than_rows(p, standardize):
    X, y = data(2, p=p)
    ids = np.arange(36) % 3
    cv = eq.cross_validate(X, y, folds=ids, count=4, ratio=0.2, standardize=standardize)
    pairs = [(np.flatnonzero(ids != k), np.flatnonzero(ids == k)) for k in range(3)]
    loss, _ = recomputed(X, y, cv.path.strengths, pairs, standardize=standardize)
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-8)


@pytest.mark.parametrize("shift", [1e6, -1e6])
def test_losses_lose_no_digits_far_from_zero(shift):
    X, y = data(3)
    near = eq.cross_validate(X, y, folds=4, count=5)
    far = eq.cross_validate(X + shift, y + shift, folds=4, strengths=near.path.strengths)
    np.testing.assert_allclose(far.fold_loss, near.fold_loss, rtol=1e-7)


def test_a_perfect_model_has_no_held_out_loss():
    X, _ = data(4)
    cv = eq.cross_validate(X, X @ np.ones(6), folds=4, strengths=[1e-6, 0.0])
    assert np.all(cv.fold_loss[1] < 1e-20)
    assert np.all(cv.fold_loss >= 0)


def test_strengths_in_any_order_keep_their_losses():
    X, y = data(5)
    asked = [1.0, 100.0, 0.1, 10.0]
    cv = eq.cross_validate(X, y, folds=4, strengths=asked)
    assert cv.path.strengths.tolist() == asked
    ordered = eq.cross_validate(X, y, folds=4, strengths=sorted(asked))
    for i, t in enumerate(asked):
        np.testing.assert_allclose(cv.fold_loss[i], ordered.fold_loss[sorted(asked).index(t)], rtol=1e-10)


def test_mean_and_standard_error_are_weighted_by_the_folds():
    X, y = data(6)
    s = np.linspace(0.1, 3, 36)
    cv = eq.cross_validate(X, y, folds=5, count=7, sample_weight=s)
    W = cv.fold_weight
    mean = (cv.fold_loss * W).sum(axis=1) / W.sum()
    np.testing.assert_allclose(cv.mean, mean, rtol=1e-13)
    error = np.sqrt((W * (cv.fold_loss - mean[:, None]) ** 2).sum(axis=1) / W.sum() / (5 - 1))
    np.testing.assert_allclose(cv.standard_error, error, rtol=1e-12)
    assert cv.best_strength == cv.path.strengths[np.argmin(mean)]
    limit = mean.min() + error[np.argmin(mean)]
    assert cv.one_se_strength == cv.path.strengths[mean <= limit].max()
    assert cv.best.l1 == cv.best_strength
    assert cv.one_se.l1 == cv.one_se_strength
    assert cv.one_se.certificate.optimal
    assert len(cv.one_se.support) <= len(cv.best.support)


def by_hand(strengths: list[float], losses: list[list[float]]) -> eq.CrossValidation:
    """A cross-validation with these losses of two equal folds at these strengths."""
    path = SimpleNamespace(strengths=np.array(strengths))
    return eq.CrossValidation(path, np.array(losses), np.ones(np.shape(losses)[1]))


def test_one_se_is_the_largest_strength_within_one_standard_error():
    # Means 5, 2, 1.5, 1, 3; at the best the standard error is √((0.25 + 0.25)/2/1) = 0.5.
    losses = [[5.0, 5.0], [2.0, 2.0], [1.5, 1.5], [0.5, 1.5], [3.0, 3.0]]
    cv = by_hand([16.0, 8.0, 4.0, 2.0, 1.0], losses)
    np.testing.assert_allclose(cv.mean, [5, 2, 1.5, 1, 3])
    assert cv.standard_error[3] == pytest.approx(0.5)
    assert (cv.best_strength, cv.one_se_strength) == (2.0, 4.0)
    # Beyond a hump, a larger strength that comes within the error again is the largest.
    losses[0] = [1.4, 1.4]
    assert by_hand([16.0, 8.0, 4.0, 2.0, 1.0], losses).one_se_strength == 16.0
    # The order of the grid is nobody's business.
    assert by_hand([1.0, 2.0, 4.0, 8.0, 16.0], losses[::-1]).one_se_strength == 16.0
    # Of a tie the sparser model is the best.
    assert by_hand([4.0, 2.0, 1.0], [[2.0, 2.0], [1.0, 1.0], [1.0, 1.0]]).best_strength == 2.0


# ---- folds ---------------------------------------------------------------------------------------


def pairs_of(splitter, X, y, groups=None):
    return [(train, test) for train, test in splitter.split(X, y, groups)]


def test_a_number_of_folds_is_shuffled_as_scikit_learn_shuffles():
    X, y = data(7)
    by_number = eq.cross_validate(X, y, folds=5, count=4)
    splitter = KFold(5, shuffle=True, random_state=0)
    by_splitter = eq.cross_validate(X, y, folds=splitter, count=4)
    np.testing.assert_allclose(by_number.fold_loss, by_splitter.fold_loss, rtol=1e-12)
    assert eq.cross_validate(X, y, count=2).fold_loss.shape == (2, 10)
    assert np.array_equal(by_number.fold_loss, eq.cross_validate(X, y, folds=5, count=4).fold_loss)


@pytest.mark.parametrize(
    "splitter",
    [
        KFold(4),
        TimeSeriesSplit(4),
        ShuffleSplit(4, test_size=0.3, random_state=1),
        RepeatedKFold(n_splits=3, n_repeats=2, random_state=1),
        GroupKFold(3),
        LeaveOneOut(),
    ],
    ids=lambda splitter: type(splitter).__name__,
)
def test_splitters(splitter):
    X, y = data(8)
    groups = np.arange(36) // 4 if isinstance(splitter, GroupKFold) else None
    cv = eq.cross_validate(X, y, folds=splitter, groups=groups, strengths=[30.0, 3.0])
    pairs = pairs_of(splitter, X, y, groups)
    loss, weight = recomputed(X, y, [30.0, 3.0], pairs)
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-8)
    assert np.array_equal(cv.fold_weight, weight)


@pytest.mark.parametrize("name", [str, float, lambda k: int(k) - 7])
def test_fold_ids_may_be_called_anything(name):
    X, y = data(9)
    ids = np.arange(36) % 3
    expected = eq.cross_validate(X, y, folds=ids, count=3)
    called = [name(k) for k in ids]
    for folds in (called, np.array(called)):
        cv = eq.cross_validate(X, y, folds=folds, count=3)
        np.testing.assert_allclose(cv.fold_loss, expected.fold_loss, rtol=1e-12)


def test_a_column_that_is_constant_in_training_is_left_out_there():
    X, y = data(10)
    X[:, 4] = 0.0
    X[3, 4] = 1.0  # one row only: constant in the fold that holds it out
    ids = np.arange(36) % 4
    for standardize in (True, False):
        cv = eq.cross_validate(X, y, folds=ids, strengths=[10.0, 0.1], standardize=standardize)
        pairs = [(np.flatnonzero(ids != k), np.flatnonzero(ids == k)) for k in range(4)]
        loss, _ = recomputed(X, y, [10.0, 0.1], pairs, standardize=standardize)
        np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-8)


def test_progress_is_told_after_every_fold():
    X, y = data(11)
    told: list[int] = []
    eq.cross_validate(X, y, folds=5, count=2, progress=told.append)
    assert told == [1, 2, 3, 4, 5]


def test_the_choice_agrees_with_scikit_learn():
    X, y = data(12, n=120)
    splitter = KFold(6)
    cv = eq.cross_validate(X, y, folds=splitter, count=30, ratio=1e-2)
    theirs = LassoCV(alphas=cv.path.strengths / 120, cv=splitter, tol=1e-12, max_iter=1_000_000).fit(X, y)
    np.testing.assert_allclose(cv.fold_loss, theirs.mse_path_, rtol=1e-6)
    assert cv.best_strength / 120 == pytest.approx(theirs.alpha_)
    np.testing.assert_allclose(cv.best.coef, theirs.coef_, atol=1e-6)


def test_weight_two_in_every_row_changes_nothing_but_the_strength():
    X, y = data(13)
    one = eq.cross_validate(X, y, folds=4, strengths=[20.0, 5.0])
    two = eq.cross_validate(X, y, folds=4, strengths=[40.0, 10.0], sample_weight=2.0)
    np.testing.assert_allclose(one.fold_loss, two.fold_loss, rtol=1e-9)
    np.testing.assert_allclose(one.mean, two.mean, rtol=1e-9)
    np.testing.assert_allclose(one.standard_error, two.standard_error, rtol=1e-8)


# ---- what cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize("folds", [0, 1, -3, 37])
def test_a_number_of_folds_that_cannot_be(folds):
    X, y = data(14)
    with pytest.raises(ValueError, match=f"folds is {folds}: pass at least 2"):
        eq.cross_validate(X, y, folds=folds)


@pytest.mark.parametrize("folds", [[0, 1, 2], np.zeros((36, 2)), "ten", 2.5, True])
def test_folds_that_are_none(folds):
    X, y = data(14)
    with pytest.raises((ValueError, TypeError), match="folds"):
        eq.cross_validate(X, y, folds=folds)


def test_a_single_fold():
    X, y = data(14)
    with pytest.raises(ValueError, match="at least 2 folds"):
        eq.cross_validate(X, y, folds=np.zeros(36))


def test_folds_without_weight():
    X, y = data(14)
    s = np.ones(36)
    s[:12] = 0.0
    with pytest.raises(ValueError, match="fold 0 has no row of positive weight to score on"):
        eq.cross_validate(X, y, folds=np.repeat([0, 1, 2], 12), sample_weight=s)
    s[12:24] = 0.0
    with pytest.raises(ValueError, match=r"fold \d has no row of positive weight"):
        eq.cross_validate(X, y, folds=np.repeat([0, 1, 2], 12), sample_weight=s)


def test_groups_of_another_length():
    X, y = data(14)
    with pytest.raises(ValueError, match=r"groups has shape \(3,\) but X has \d+ rows: pass one"):
        eq.cross_validate(X, y, folds=GroupKFold(3), groups=[1, 2, 3])


def test_to_dict_is_json_able():
    import json

    X, y = data(15)
    cv = eq.cross_validate(X, y, folds=3, count=3)
    told = json.loads(json.dumps(cv.to_dict(), allow_nan=False))
    assert told["fold_loss"] == cv.fold_loss.tolist()
    assert told["one_se_strength"] == cv.one_se_strength
    assert replace(cv, fold_weight=cv.fold_weight).best_strength == cv.best_strength


@pytest.mark.parametrize(
    "case", ["plain", "no intercept", "weights", "zero weights", "offset", "standardised"]
)
@pytest.mark.parametrize("shift", [0.0, 1e7])
def test_losses_from_the_moments_of_long_folds(case, shift):
    rng = np.random.default_rng(11)
    X = rng.normal(size=(300, 4)) + (shift if case != "no intercept" else 1.0)
    y = X @ [2.0, -1.0, 0.0, 0.5] + rng.normal(size=300)
    vectors = ("sample_weight", "offset")
    arguments = {k: np.resize(v, 300) if k in vectors else v for k, v in CASES[case].items()}
    strengths = [100.0, 20.0, 1.0]
    cv = eq.cross_validate(X, y, folds=np.arange(300) % 5, strengths=strengths, **arguments)
    pairs = [
        (np.flatnonzero(np.arange(300) % 5 != k), np.flatnonzero(np.arange(300) % 5 == k)) for k in range(5)
    ]
    expected, weight = recomputed(X, y, strengths, pairs, **arguments)
    np.testing.assert_allclose(cv.fold_loss, expected, rtol=1e-8 if shift else 1e-10)
    np.testing.assert_allclose(cv.fold_weight, weight)


def test_a_nearly_perfect_model_is_scored_by_its_residuals():
    rng = np.random.default_rng(12)
    X = rng.normal(size=(200, 3))
    y = X @ [2.0, -1.0, 0.5] + 1e-7 * rng.normal(size=200)
    cv = eq.cross_validate(X, y, folds=4, strengths=[1e-8, 1e-9])
    pairs = pairs_of(KFold(4, shuffle=True, random_state=0), X, y)
    np.testing.assert_allclose(cv.fold_loss, recomputed(X, y, [1e-8, 1e-9], pairs)[0], rtol=1e-6)
    assert cv.mean.max() < 1e-13


def overfitting(seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(80, 40))
    return X, X[:, 0] + 3.0 * rng.normal(size=80)


@pytest.mark.parametrize("columns", [40, 10])
def test_an_early_stop_keeps_the_head_of_the_path(columns):
    X, y = overfitting()
    X = X[:, :columns]
    order = np.random.default_rng(0).permutation(60)
    strengths = np.geomspace(100.0, 0.1, 60)[order]
    all_of_it = eq.cross_validate(X, y, folds=5, strengths=strengths)
    head = eq.cross_validate(X, y, folds=5, strengths=strengths, early_stop=True)
    kept = np.isin(strengths, head.path.strengths)
    np.testing.assert_array_equal(strengths[kept], head.path.strengths)
    assert strengths[kept].min() > strengths[~kept].max() if not kept.all() else columns == 10
    np.testing.assert_allclose(head.fold_loss, all_of_it.fold_loss[kept], rtol=1e-9)
    assert head.best_strength == all_of_it.best_strength
    if columns == 40:
        assert len(head.path) < 60
        down = np.argsort(-head.path.strengths)
        assert np.all(np.diff(head.fold_loss[down][-11:], axis=0) > 0)


def test_an_early_stop_waits_for_every_fold():
    X, y = data(3)
    falling = eq.cross_validate(X, y, folds=3, count=40, early_stop=True)
    assert len(falling.path) == 40


@pytest.mark.parametrize("columns", [5, 300])
def test_folds_in_threads_are_the_folds_one_by_one(columns, monkeypatch):
    rng = np.random.default_rng(8)
    X = rng.normal(size=(60, columns))
    y = X[:, 0] + rng.normal(size=60)
    told: list[int] = []
    losses = []
    for cores in (1, 3):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: range(cores), raising=False)
        losses.append(eq.cross_validate(X, y, folds=6, count=20, progress=told.append).fold_loss)
    np.testing.assert_array_equal(*losses)
    assert told == [1, 2, 3, 4, 5, 6] * 2


def test_a_mistake_in_a_thread_is_told_and_stops_the_others(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(2), raising=False)
    begun = []

    def work(k, going):
        begun.append(k)
        if k == 0:
            raise ValueError("no")
        while going():
            time.sleep(0.001)

    with pytest.raises(ValueError, match="no"):
        list(in_threads(work, 50))
    assert len(begun) < 50


def test_folds_as_pairs_of_rows():
    X, y = data(6)
    pairs = list(KFold(4).split(X))
    by_pairs = eq.cross_validate(X, y, folds=pairs, count=4)
    np.testing.assert_allclose(by_pairs.fold_loss, eq.cross_validate(X, y, folds=KFold(4), count=4).fold_loss)


@pytest.mark.parametrize(
    ("folds", "found"),
    [
        ([None] * 36, "no fold id"),
        ([np.nan] * 36, "no fold id"),
        ([(np.arange(36), np.array([36])), (np.arange(36), np.arange(36))], "fold 0 asks for rows"),
    ],
)
def test_folds_that_name_no_rows(folds, found):
    with pytest.raises(ValueError, match=found):
        eq.cross_validate(*data(6), folds=folds)


def test_a_constant_column_with_weights():
    X, y = data(9)
    X[:, 2] = 2.5
    weights = np.random.default_rng(0).choice([0.3, 0.7, 1.1], 36)
    assert np.isfinite(eq.cross_validate(X, y, folds=2, sample_weight=weights, count=4).fold_loss).all()
