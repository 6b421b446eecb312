"""Gathered data add up, and refuse what sums cannot tell apart."""

from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq
from equipoise.sums.gathered import Gathered

RNG = np.random.default_rng(0)
X, Y, FOLD = RNG.normal(size=(40, 3)) + 2.0, RNG.normal(size=40), np.arange(40) % 3


def gathered(rows=slice(None), fold=FOLD, X=X, y=Y):
    return eq.gather(X[rows], y[rows], folds=None if fold is None else fold[rows])


def test_parts_add_up_fold_by_fold():
    joined, whole = gathered(slice(0, 13)) + gathered(slice(13, 40)), gathered()
    assert joined.rows == whole.rows == 40
    assert len(joined.moments) == 3
    for fold, (one, other) in enumerate(zip(joined.moments, whole.moments, strict=True)):
        assert one.rows == other.rows == (fold == FOLD).sum()
        np.testing.assert_allclose(one.xx, other.xx, rtol=1e-12)
        np.testing.assert_allclose(one.mean_x, X[fold == FOLD].mean(axis=0), rtol=1e-13)


def test_a_fold_that_a_part_has_no_row_of_is_the_other_part_s():
    some, others = gathered(FOLD != 1), gathered(FOLD > 0)
    assert some.moments[1] is None
    assert others.moments[0] is None
    joined = some + others
    assert joined.moments[0] is some.moments[0]
    assert joined.moments[1] is others.moments[1]
    assert joined.moments[2].rows == 2 * 13
    with pytest.raises(ValueError, match="the same features and as many folds"):
        gathered(FOLD < 2) + others


def test_the_total_is_of_all_rows_exactly():
    total = gathered().total
    for j in range(3):
        column = [Fraction(x) for x in X[:, j]]
        mean = sum(column) / 40
        assert total.mean_x[j] == pytest.approx(float(mean), rel=1e-15)
        assert total.xx[j, j] == pytest.approx(float(sum((x - mean) ** 2 for x in column)), rel=1e-13)


def test_the_rows_that_stand_for_the_data_keep_the_folds_apart():
    rows = gathered().equivalent
    assert sorted(set(rows.fold)) == [0, 1, 2]
    for fold in range(3):
        mine = rows.fold == fold
        assert mine.sum() <= 5
        assert rows.weights[mine].sum() == pytest.approx((fold == FOLD).sum())
        mean = rows.weights[mine] @ rows.matrix[mine] / rows.weights[mine].sum()
        np.testing.assert_allclose(mean, X[fold == FOLD].mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize(("shift", "refused"), [(1e5, False), (1e7, True)])
def test_a_mean_of_a_million_spreads_is_refused_by_name(shift, refused):
    moved = X + np.array([0.0, shift, 0.0])
    if not refused:
        assert len(gathered(X=moved).equivalent.matrix) <= 15
        return
    with pytest.raises(
        ValueError, match=r"column 'x2' has mean 1e\+07 and .*: subtract a number near its mean"
    ):
        gathered(X=moved).equivalent  # noqa: B018


def test_constants_are_not_far_from_themselves():
    assert gathered(X=X * [1.0, 0.0, 1.0] + np.array([0.0, 1e9, 0.0])).equivalent.matrix.shape[1] == 3


def test_no_row_of_positive_weight_is_refused():
    empty = Gathered(("a",), gathered().encoding, "y", 0, (None, None))
    with pytest.raises(ValueError, match="no rows of positive weight"):
        empty.total  # noqa: B018


def test_it_prints_what_it_is_of():
    assert str(gathered()) == "40 rows × 3 features in 3 folds; target y"
    assert repr(gathered(fold=None)) == "40 rows × 3 features; target y"


@pytest.mark.parametrize("intercept", [True, False])
def test_a_constant_column_is_fitted_as_in_memory(intercept):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(24, 4))
    X[:, 1] = 0.1
    y = 3.0 + X[:, 0] + rng.normal(size=24)
    found = eq.fit(eq.gather(X, y), l1=0.5, intercept=intercept)
    kept = [0, 2, 3] if intercept else [0, 1, 2, 3]
    alone = eq.fit(X[:, kept], y, l1=0.5, intercept=intercept)
    np.testing.assert_allclose(found.coef[kept], alone.coef, rtol=1e-9)
    assert (found.coef[1] != 0) is not intercept


def test_the_default_path_goes_as_far_as_that_of_the_rows():
    rng = np.random.default_rng(7)
    X, y = np.tile(rng.integers(-3, 4, size=(90, 2)).astype(float), 8), rng.normal(size=90)
    found = eq.path(eq.gather(X, y, folds=None), count=4)
    # 90 rows are more than 16 columns, though as few as 4 rows have the same sums, for columns are copies.
    assert len(found.setup.matrix) < 16
    np.testing.assert_allclose(found.strengths[-1] / found.strengths[0], 1e-4)
    np.testing.assert_allclose(found.strengths, eq.path(X, y, count=4).strengths, rtol=1e-12)
