"""Folds of every kind: rows that repeat, whole groups, rows in order, one split; refitted by hand."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure
from scipy import sparse
from sklearn.linear_model import Lasso, LassoCV
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    RepeatedKFold,
    ShuffleSplit,
    TimeSeriesSplit,
)
from sklearn.utils import resample

import equipoise as eq
from equipoise.select.folds import held_out


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


def test_a_lasso_pilot_counts_repeated_rows():
    X, y = data(4, n=40)
    train, test = bootstrap(40)[0]
    rows, counts = np.unique(train, return_counts=True)
    inner = eq.cross_validate(X[rows], y[rows], sample_weight=counts)  # copies of a row are never parted
    pilot = np.abs(inner.best.coef)
    kept = np.flatnonzero(pilot)
    fit = eq.fit(X[train][:, kept], y[train], l1=3.0 / pilot[kept])
    loss = np.mean((y[test] - fit.predict(X[test][:, kept])) ** 2)
    adaptive = eq.adapt(X, y, pilot="lasso", folds=[(train, test)], strengths=[3.0])
    assert adaptive.cv.fold_loss[0, 0] == pytest.approx(loss, rel=1e-7)


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


@pytest.mark.parametrize("pair", [(np.arange(20), np.arange(20, 30)), (list(range(15)), list(range(15, 30)))])
def test_a_pair_that_is_no_list_of_pairs(pair):
    X, y = data(7)
    with pytest.raises(ValueError, match=r"folds is one pair .* pass a list of pairs, \[\(train, test\)\]"):
        eq.cross_validate(X, y, folds=pair)


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


# ---- whole groups --------------------------------------------------------------------------------


GROUPS = np.repeat([7, 1, 5, 3, 9, 2], [9, 7, 6, 4, 3, 1])  # 30 rows


def folds_of(groups, folds, **arguments) -> list[set]:
    """The groups that each fold holds out."""
    X = np.ones((len(groups), 1))
    pairs = held_out(folds, len(X), groups=groups, **arguments)
    assert all(np.array_equal(train, ~test) for train, test in pairs)
    return [set(np.asarray(groups)[test].tolist()) for _, test in pairs]


def test_a_number_of_folds_shares_out_whole_groups_evenly():
    found = folds_of(GROUPS, 3)
    # 9 | 7 | 6 first; then 4 to the 6, 3 to the 7, and 1 to the 9, by hand.
    assert sorted(map(sorted, found)) == [[1, 9], [2, 7], [3, 5]]
    rng = np.random.default_rng(0)
    for count in (2, 5, 9):
        groups = rng.integers(0, 12, size=200)
        theirs = sorted(len(test) for _, test in GroupKFold(count).split(groups, groups=groups))
        ours = sorted(int(test.sum()) for _, test in held_out(count, 200, groups=groups))
        assert ours == theirs


@pytest.mark.parametrize("name", [str, float, lambda g: f"group {g}", bool])
def test_groups_may_be_called_anything(name):
    groups = np.array([name(g) for g in (GROUPS if name is not bool else GROUPS > 4)])
    found = folds_of(groups, 2)
    assert not found[0] & found[1]
    assert found[0] | found[1] == set(groups.tolist())


def test_each_repeat_draws_other_folds():
    for groups in (np.repeat(np.arange(12), 3), np.repeat(np.arange(12), np.arange(20, 32))):
        draws = [folds_of(groups, 3, repeats=5)[k : k + 3] for k in range(0, 15, 3)]
        assert len({frozenset(map(frozenset, draw)) for draw in draws}) == 5
        for draw in draws:
            assert set().union(*draw) == set(range(12))
            sizes = [sum(np.isin(groups, list(fold))) for fold in draw]
            assert max(sizes) - min(sizes) <= 32


def test_losses_of_whole_groups_are_those_of_fits_by_hand():
    X, y = data(9)
    pairs = [(np.isin(GROUPS, g, invert=True), np.isin(GROUPS, g)) for g in ([1, 9], [2, 7], [3, 5])]
    loss, _ = by_hand(X, y, [3.0], pairs, np.ones(30))
    cv = eq.cross_validate(X, y, folds=3, groups=GROUPS, strengths=[3.0])
    np.testing.assert_allclose(np.sort(cv.fold_loss[0]), np.sort(loss[0]), rtol=1e-9)
    relaxed = eq.relax(X, y, folds=3, groups=GROUPS, strengths=[3.0], gammas=[1.0])
    np.testing.assert_allclose(np.sort(relaxed.fold_loss[0, 0]), np.sort(loss[0]), rtol=1e-9)
    adapted = eq.adapt(X, y, pilot=np.ones(5), folds=3, groups=GROUPS, strengths=[3.0]).cv
    np.testing.assert_allclose(np.sort(adapted.fold_loss[0]), np.sort(loss[0]), rtol=1e-9)
    frame = pd.DataFrame(X, columns=list("abcde")).assign(y=y, site=GROUPS.astype(str))
    named = eq.cross_validate(frame, "y", folds=3, groups="site", strengths=[3.0])
    np.testing.assert_allclose(np.sort(named.fold_loss[0]), np.sort(loss[0]), rtol=1e-9)
    assert named.path.features == tuple("abcde")


def test_fewer_groups_than_folds():
    X, y = data(9)
    with pytest.raises(ValueError, match=r"folds is 7, but there are 6 groups, .* pass at most 6 folds"):
        eq.cross_validate(X, y, folds=7, groups=GROUPS)
    with pytest.raises(ValueError, match="folds is 10, but there are 6 groups"):
        eq.cross_validate(X, y, groups=GROUPS)
    with pytest.raises(ValueError, match="folds is 1: pass at least 2"):
        eq.cross_validate(X, y, folds=1, groups=GROUPS)


def test_folds_that_divide_a_group():
    X, y = data(10)
    ids = np.arange(30) % 3
    with pytest.raises(ValueError, match="fold 0 fits to some rows of group 1 and holds out others"):
        eq.cross_validate(X, y, folds=ids, groups=GROUPS)
    with pytest.raises(ValueError, match="fold 0 fits to some rows of group 1 and holds out others"):
        eq.cross_validate(X, y, folds=ids, groups=GROUPS.astype(float))
    with pytest.raises(ValueError, match="fold 0 fits to some rows of group b and"):
        eq.cross_validate(X, y, folds=[([0, 1], [2, 3])], groups=["a", "b", "b", *"c" * 27])
    whole = np.isin(GROUPS, [7, 1])
    kept = eq.cross_validate(X, y, folds=whole, groups=GROUPS, strengths=[3.0])
    assert kept.fold_loss.shape == (1, 2)


@pytest.mark.parametrize(
    "splitter", [KFold(3), RepeatedKFold(n_splits=3), PredefinedSplit(np.arange(30) % 3)]
)
def test_groups_for_a_splitter_that_takes_no_notice(splitter):
    X, y = data(10)
    name = type(splitter).__name__
    with pytest.raises(ValueError, match=f"groups: {name} takes no notice of them"):
        eq.cross_validate(X, y, folds=splitter, groups=GROUPS)
    with pytest.raises(ValueError, match=f"groups: {name} takes no notice of them"):
        eq.LassoCV(cv=splitter).fit(X, y, groups=GROUPS)


@pytest.mark.parametrize(
    "splitter", [GroupKFold(3), LeaveOneGroupOut(), GroupShuffleSplit(4, random_state=0)]
)
def test_groups_for_a_splitter_of_groups(splitter):
    X, y = data(10)
    pairs = list(splitter.split(X, y, GROUPS))
    loss, _ = by_hand(X, y, [3.0], pairs, np.ones(30))
    cv = eq.cross_validate(X, y, folds=splitter, groups=GROUPS, strengths=[3.0])
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-9)


def test_groups_of_the_rows_that_are_left():
    X, y = data(11)
    X[GROUPS == 7, 0] = np.nan  # the largest group goes
    left = GROUPS != 7
    expected = eq.cross_validate(X[left], y[left], folds=3, groups=GROUPS[left], strengths=[3.0])
    found = eq.cross_validate(X, y, folds=3, groups=GROUPS, strengths=[3.0], missing="drop")
    np.testing.assert_allclose(found.fold_loss, expected.fold_loss, rtol=1e-12)


def test_a_row_without_a_group():
    X, y = data(11)
    days = np.array(["2026-01-01", "NaT", "2026-01-03"] * 10, dtype="datetime64[D]")
    with pytest.raises(ValueError, match=r"groups: row 1 \(counting from 0\) holds NaT, which is no group"):
        eq.cross_validate(X, y, folds=3, groups=days)
    with pytest.raises(ValueError, match=r"groups holds one group, .* leave out groups, or pass those of"):
        eq.cross_validate(X, y, folds=2, groups=np.zeros(30))
    with pytest.raises(ValueError, match=r"groups: row 0 \(counting from 0\) holds None, which is no group"):
        eq.cross_validate(X, y, folds=3, groups=[None, *GROUPS[1:].tolist()])
    X[0] = np.nan  # rows are counted as they were passed
    with pytest.raises(ValueError, match=r"groups: row 2 \(counting from 0\) holds inf"):
        eq.cross_validate(X, y, folds=3, groups=[np.nan, 1, np.inf, *GROUPS[3:]], missing="drop")
    X, y = data(11)
    with pytest.raises(ValueError, match="groups: the rows have groups of types that cannot be sorted"):
        eq.cross_validate(X, y, folds=3, groups=np.array(["a", *GROUPS[1:]], dtype=object))


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.str_, lambda g: np.datetime64("2026-01-01") + g])
def test_groups_of_numpys_numbers_in_an_array_of_objects(kind):
    X, y = data(11)
    groups = np.empty(len(GROUPS), dtype=object)
    groups[:] = [kind(g) for g in GROUPS]
    found = eq.cross_validate(X, y, folds=3, groups=groups, strengths=[3.0])
    for train, test in held_out(3, len(y), groups=groups):
        assert not set(GROUPS[train]) & set(GROUPS[test])
    assert found.fold_loss.shape == (1, 3)


@pytest.mark.parametrize("model", [eq.LassoCV, eq.ElasticNetCV])
def test_an_estimators_number_of_folds_shares_out_whole_groups(model):
    X, y = data(12)
    pairs = [(np.isin(GROUPS, g, invert=True), np.isin(GROUPS, g)) for g in ([1, 9], [2, 7], [3, 5])]
    expected = model(cv=pairs, alphas=[0.1]).fit(X, y).mse_path_
    found = model(cv=3, alphas=[0.1]).fit(X, y, groups=GROUPS).mse_path_
    np.testing.assert_allclose(np.sort(found), np.sort(expected), rtol=1e-12)
    assert len(model(alphas=[0.1]).fit(X, y, groups=GROUPS).mse_path_) == 5
    with pytest.raises(ValueError, match="cv is 7, but there are 6 groups"):
        model(cv=7).fit(X, y, groups=GROUPS)
    with pytest.raises(ValueError, match="fits to some rows of group"):
        model(cv=list(KFold(3).split(X))).fit(X, y, groups=GROUPS)
    np.testing.assert_allclose(model(cv=pairs, alphas=[0.1]).fit(X, y, groups=GROUPS).mse_path_, expected)


# ---- labels, and rows in their order -------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [list, np.array, lambda v: np.array(v, dtype=object), pd.Series, pd.Categorical]
)
def test_folds_may_be_labels_of_text(kind):
    X, y = data(13)
    labels = np.array(["north", "south", "east"])[np.arange(30) % 3]
    cv = eq.cross_validate(X, y, folds=kind(labels.tolist()), strengths=[3.0])
    pairs = [(labels != name, labels == name) for name in ("east", "north", "south")]
    np.testing.assert_allclose(cv.fold_loss, by_hand(X, y, [3.0], pairs, np.ones(30))[0], rtol=1e-9)


@pytest.mark.parametrize("train", ["train", "Training"])
def test_rows_labelled_train_are_never_held_out(train):
    X, y = data(14)
    labels = np.where(np.arange(30) % 4 == 0, "validation", train)
    cv = eq.cross_validate(X, y, folds=labels, strengths=[3.0])
    loss, _ = by_hand(X, y, [3.0], [(labels == train, labels != train)], np.ones(30))
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-9)
    labels[:3] = "test"
    with pytest.raises(ValueError, match=r"with two labels, train and another, .* leave out the rows"):
        eq.cross_validate(X, y, folds=np.where(labels == "Training", "train", labels))


@pytest.mark.parametrize(("folds", "count"), [("ordered", 10), ("ordered:4", 4), ("ordered:1", 1)])
@pytest.mark.parametrize("n", [30, 37])
def test_ordered_folds_hold_out_blocks_from_those_before(folds, count, n):
    X, y = data(15, n=n)
    size = n // (count + 1)
    starts = [n - size * (count - k) for k in range(count)]
    pairs = [(np.arange(start), np.arange(start, start + size)) for start in starts]
    if count > 1:
        assert all(
            np.array_equal(a, c) and np.array_equal(b, d)
            for (a, b), (c, d) in zip(pairs, TimeSeriesSplit(count).split(X), strict=True)
        )
    cv = eq.cross_validate(X, y, folds=folds, strengths=[3.0], standardize=True)
    loss, _ = by_hand(X, y, [3.0], pairs, np.ones(n), standardize=True)
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-8)


def test_ordered_folds_that_cannot_be():
    X, y = data(15)
    with pytest.raises(ValueError, match="asks for 30 blocks in order and one before them: X has 30 rows"):
        eq.cross_validate(X, y, folds="ordered:30")
    with pytest.raises(ValueError, match="at least 1 block"):
        eq.cross_validate(X, y, folds="ordered:0")
    with pytest.raises(ValueError, match="repeats is 2, but folds is not a number"):
        eq.cross_validate(X, y, folds="ordered", repeats=2)
    with pytest.raises(ValueError, match="fold 0 fits to some rows of group"):
        eq.cross_validate(X, y, folds="ordered", groups=GROUPS % 2)


def test_a_column_called_ordered_is_not_misread():
    X, y = data(16)
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d", "ordered"])
    message = "folds is 'ordered', which asks for blocks of rows in their order, and X has a column"
    for table in (frame, pl.from_pandas(frame), pl.from_pandas(frame).lazy(), pa.Table.from_pandas(frame)):
        with pytest.raises(ValueError, match=message):
            eq.cross_validate(table, y, folds="ordered")
    with pytest.raises(ValueError, match=message):
        eq.cross_validate(X, y, folds="ordered", names=list(frame.columns))
    with pytest.raises(ValueError, match=message):
        eq.cross_validate(frame.assign(y=y), "y", folds="ordered")
    matrix, response = eq.formula("y ~ a + b", frame.assign(y=y))
    with pytest.raises(ValueError, match=message):
        eq.cross_validate(matrix, response, folds="ordered")
    free = frame.rename(columns={"ordered": "e"}).assign(y=y)
    expected = eq.cross_validate(X, y, folds=TimeSeriesSplit(10), strengths=[3.0])
    found = eq.cross_validate(free, "y", folds="ordered", strengths=[3.0])
    np.testing.assert_allclose(found.fold_loss, expected.fold_loss, rtol=1e-9)
    # Another word is a column, as before.
    with pytest.raises(ValueError, match="'ordering'"):
        eq.cross_validate(free, "y", folds="ordering")


# ---- one split -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "split",
    [
        lambda train, test: [(train, test)],
        lambda train, test: PredefinedSplit(np.where(np.isin(np.arange(30), test), 0, -1)),
        lambda train, test: np.where(np.isin(np.arange(30), test), "validation", "train"),
    ],
)
def test_one_split_has_a_best_and_no_standard_error(split):
    X, y = data(17)
    train, test = next(ShuffleSplit(1, test_size=8, random_state=0).split(X))
    strengths = [30.0, 10.0, 3.0, 1.0]
    cv = eq.cross_validate(X, y, folds=split(train, test), strengths=strengths)
    loss, _ = by_hand(X, y, strengths, [(train, test)], np.ones(30))
    np.testing.assert_allclose(cv.fold_loss, loss, rtol=1e-9)
    np.testing.assert_allclose(cv.mean, loss[:, 0], rtol=1e-9)
    assert np.isnan(cv.standard_error).all()
    assert cv.best_strength == strengths[int(np.argmin(loss))] == cv.best.l1
    for ask in (lambda: cv.one_se, lambda: cv.one_se_strength, lambda: cv.predict(X), lambda: cv.frequency):
        with pytest.raises(ValueError, match=r"one split of the rows has no standard error, .* take best"):
            ask()
    np.testing.assert_array_equal(cv.predict(X, choose="best"), cv.best.predict(X))


def test_one_split_is_told_drawn_and_read_again(tmp_path):
    X, y = data(18)
    split = [(np.arange(20), np.arange(20, 30))]
    cv = eq.cross_validate(X, y, folds=split, count=8)
    told = json.loads(json.dumps(cv.to_dict(), allow_nan=False))
    assert told["standard_error"] == [None] * 8
    assert told["one_se_strength"] is None
    assert told["best_strength"] == cv.best_strength
    assert [line.split()[0] for line in str(cv).split("\n\n")[1].splitlines()] == ["choice", "best"]
    assert "nan" not in str(cv)
    cv.save(tmp_path / "cv.json")
    again = eq.load(tmp_path / "cv.json")
    assert again.best_strength == cv.best_strength
    assert np.isnan(again.standard_error).all()
    display = cv.plot(Figure().subplots())
    assert display.band_ is None
    assert set(display.labels_) == {"best"}
    page = cv.report(choose="best")
    assert "one split of the rows" in page
    assert "-fold cross-validation" not in page
    with pytest.raises(ValueError, match="no standard error"):
        cv.report()


def test_one_split_of_relaxed_and_adaptive_models():
    X, y = data(19)
    split = [(np.arange(20), np.arange(20, 30))]
    relaxed = eq.relax(X, y, folds=split, count=8)
    at = np.unravel_index(np.argmin(relaxed.fold_loss[:, :, 0]), relaxed.fold_loss.shape[:2])
    assert (relaxed.best_gamma, relaxed.best_strength) == (
        relaxed.gammas[at[0]],
        relaxed.path.strengths[at[1]],
    )
    adaptive = eq.adapt(X, y, folds=split, count=8)
    for found in (relaxed, adaptive):
        with pytest.raises(ValueError, match="no standard error"):
            _ = found.one_se
        assert "best is the only choice" in str(found)
        assert "nan" not in str(found)
        found.plot(Figure().subplots())
        told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert told.get("cv", told)["one_se_strength"] is None
    frame = adaptive.to_frame("pandas")
    assert frame["one_se"].isna().all()


def test_what_one_split_cannot_answer():
    X, y = data(20)
    split = [(np.arange(20), np.arange(20, 30))]
    with pytest.raises(ValueError, match="early_stop compares the losses of folds, and there is one"):
        eq.cross_validate(X, y, folds=split, early_stop=True)
    with pytest.raises(
        ValueError, match=r"choice is 'one_se', but cv holds one split, .* pass choice='best'"
    ):
        eq.LassoCV(cv=split, choice="one_se").fit(X, y)
    model = eq.LassoCV(cv=split, alphas=[0.5, 0.1]).fit(X, y)
    theirs = LassoCV(cv=split, alphas=[0.5, 0.1], tol=1e-12).fit(X, y)
    assert model.alpha_ == theirs.alpha_
    assert model.mse_path_.shape == theirs.mse_path_.shape
    np.testing.assert_allclose(model.mse_path_, theirs.mse_path_, rtol=1e-6)
    display = eq.CrossValidationDisplay.from_estimator(model, ax=Figure().subplots())
    assert set(display.labels_) == {"best"}
    X[20:] = np.nan
    with pytest.raises(ValueError, match="folds holds no fold"):
        eq.cross_validate(X, y, folds=split, missing="drop")


def test_two_folds_and_repeats_have_a_standard_error():
    X, y = data(21)
    two = eq.cross_validate(X, y, folds=2, count=5)
    half = np.abs(two.fold_loss[:, 0] - two.fold_loss[:, 1]) / 2.0  # of two equal folds, by hand
    np.testing.assert_allclose(two.standard_error, half, rtol=1e-12)
    repeated = eq.cross_validate(X, y, folds=RepeatedKFold(n_splits=2, n_repeats=3, random_state=0), count=5)
    assert np.isfinite(repeated.standard_error).all()
    assert repeated.one_se_strength >= repeated.best_strength
