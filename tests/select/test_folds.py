"""Folds of every kind: rows that repeat, whole groups, rows in order, one split; refitted by hand."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import Lasso
from sklearn.model_selection import ShuffleSplit
from sklearn.utils import resample

import equipoise as eq


def data(seed: int, n: int = 30, p: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def bootstrap(n: int, count: int = 4) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows drawn with replacement, and those that were not drawn, the first of them twice."""
    pairs = []
    for seed in range(count):
        train = resample(np.arange(n), random_state=seed)
        out = np.setdiff1d(np.arange(n), train)
        pairs.append((train, np.append(out, out[0])))
    return pairs


def by_hand(X, y, strengths, pairs, s, **arguments):
    """Held-out losses and weights, with the rows of every fold really copied."""
    loss = np.empty((len(strengths), len(pairs)))
    for k, (train, test) in enumerate(pairs):
        share = s[train].sum() / s.sum()
        for i, t in enumerate(strengths):
            fit = eq.fit(X[train], y[train], l1=t * share, sample_weight=s[train], **arguments)
            loss[i, k] = s[test] @ (y[test] - fit.predict(X[test])) ** 2 / s[test].sum()
    return loss, np.array([s[test].sum() for _, test in pairs])


# ---- rows that repeat ----------------------------------------------------------------------------


@pytest.mark.parametrize("p", [5, 40])
@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csc_array])
def test_a_row_counts_as_often_as_it_stands(p, standardize, kind):
    X, y = data(1, p=p)
    s, pairs = np.linspace(0.5, 2.0, 30), bootstrap(30)
    strengths = [20.0, 5.0, 1.0]
    cv = eq.cross_validate(
        kind(X), y, folds=pairs, strengths=strengths, standardize=standardize, sample_weight=s
    )
    loss, weight = by_hand(X, y, strengths, pairs, s, standardize=standardize)
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-9)
    np.testing.assert_allclose(cv.fold_weight, weight, rtol=1e-14)
    # Another way of counting is another answer.
    once = eq.cross_validate(
        X,
        y,
        folds=[(np.unique(a), np.unique(b)) for a, b in pairs],
        strengths=strengths,
        standardize=standardize,
        sample_weight=s,
    )
    assert np.abs(once.fold_loss / loss - 1.0).max() > 1e-3


def test_repeated_rows_are_those_of_scikit_learns_lasso():
    X, y = data(2)
    pairs = bootstrap(30)
    cv = eq.cross_validate(X, y, folds=pairs, strengths=[10.0, 2.0])
    for k, (train, test) in enumerate(pairs):
        for i, t in enumerate([10.0, 2.0]):
            theirs = Lasso(alpha=t / 30, tol=1e-14, max_iter=100_000).fit(X[train], y[train])
            loss = np.mean((y[test] - theirs.predict(X[test])) ** 2)
            assert cv.fold_loss[i, k] == pytest.approx(loss, rel=1e-9)


def test_missing_values_are_filled_by_means_of_rows_as_often_as_they_stand():
    X, y = data(3)
    X[4, 0] = X[11, 2] = np.nan
    pairs = bootstrap(30)
    cv = eq.cross_validate(X, y, folds=pairs, strengths=[3.0], missing="mean", standardize=True)
    for k, (train, test) in enumerate(pairs):
        filled = np.where(np.isnan(X), np.nanmean(X[train], axis=0), X)
        loss, _ = by_hand(filled, y, [3.0], [(train, test)], np.ones(30), standardize=True)
        assert cv.fold_loss[0, k] == pytest.approx(loss[0, 0], rel=1e-9)


@pytest.mark.parametrize("pilot", ["ridge", "least squares"])
def test_a_pilot_counts_repeated_rows(pilot):
    X, y = data(4, n=40)
    pairs = bootstrap(40)
    adaptive = eq.adapt(X, y, pilot=pilot, folds=pairs, strengths=[3.0], standardize=True)
    for k, (train, test) in enumerate(pairs):
        copied = eq.adapt(X[train], y[train], pilot=pilot, strengths=[3.0], standardize=True, folds=2)
        fit = copied.path.at(3.0)  # of the copied rows, whose Σs is that of all
        loss = np.mean((y[test] - fit.predict(X[test])) ** 2)
        assert adaptive.cv.fold_loss[0, k] == pytest.approx(loss, rel=1e-7)


def test_a_relaxed_model_counts_repeated_rows():
    X, y = data(5)
    pairs = bootstrap(30)
    relaxed = eq.relax(X, y, folds=pairs, strengths=[4.0], gammas=[0.0])
    for k, (train, test) in enumerate(pairs):
        kept = np.flatnonzero(eq.fit(X[train], y[train], l1=4.0).coef)
        A = np.column_stack([np.ones(30), X[train][:, kept]])
        b = np.linalg.lstsq(A, y[train])[0]
        loss = np.mean((y[test] - b[0] - X[test][:, kept] @ b[1:]) ** 2)
        assert relaxed.fold_loss[0, 0, k] == pytest.approx(loss, rel=1e-9)


def test_masks_slices_and_positions_say_the_same_rows():
    X, y = data(6)
    test = np.arange(30) >= 20
    positions = [(np.arange(20), np.arange(20, 30)), (np.arange(10, 30), np.arange(10))]
    expected = eq.cross_validate(X, y, folds=positions, strengths=[3.0]).fold_loss
    masks = [(~test, test), (np.arange(30) >= 10, np.arange(30) < 10)]
    slices = [(slice(20), slice(20, None)), (slice(10, None), slice(10))]
    negative = [(np.arange(-30, -10), np.arange(-10, 0)), (np.arange(-20, 0), np.arange(-30, -20))]
    lists = [[a.tolist(), b.tolist()] for a, b in positions]
    for folds in (masks, slices, negative, lists, iter(positions)):
        np.testing.assert_allclose(
            eq.cross_validate(X, y, folds=folds, strengths=[3.0]).fold_loss, expected, rtol=1e-12
        )


@pytest.mark.parametrize(
    ("train", "found"),
    [
        (np.repeat([0, 1], 15), "lists rows 0 and 1 alone, 30 times"),
        (np.ones(29, dtype=bool), "mask of 29 rows but X has 30"),
        (np.array([0.0, 1.0]), "holds float64: pass the positions"),
        ([0, 30], "rows that are not there: row 30 of 30"),
        ([0, -31], "rows that are not there: row -31 of 30"),
        ([], "fold 1 has no row of positive weight to fit on"),
    ],
)
def test_rows_of_a_fold_that_cannot_be(train, found):
    X, y = data(7)
    with pytest.raises(ValueError, match=found):
        eq.cross_validate(X, y, folds=[(np.arange(15), np.arange(15, 30)), (train, np.arange(3))])


def test_a_splitter_may_repeat_rows():
    class WithReplacement(ShuffleSplit):
        def split(self, X, y=None, groups=None):
            return iter(bootstrap(len(X)))

    X, y = data(8)
    cv = eq.cross_validate(X, y, folds=WithReplacement(), strengths=[3.0])
    loss, _ = by_hand(X, y, [3.0], bootstrap(30), np.ones(30))
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-9)
    model = eq.LassoCV(cv=WithReplacement(), alphas=[0.1]).fit(X, y)
    np.testing.assert_allclose(model.mse_path_, loss[0], rtol=1e-9)
