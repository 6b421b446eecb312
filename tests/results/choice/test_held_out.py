"""R² of rows held out, against every fold fitted again by scikit-learn and its null model by hand."""

import json

import numpy as np
import pytest

import equipoise as eq

ROWS = 40
FOLDS = np.arange(ROWS) * 7 % 5


def data():
    rng = np.random.default_rng(2)
    X = rng.normal(1.0, 2.0, size=(ROWS, 5))
    y = X[:, :2] @ [2.0, -1.5] + 4.0 + 2.0 * rng.normal(size=ROWS)
    return X, y, rng.integers(1, 4, ROWS).astype(float), rng.normal(size=ROWS)


def refitted(X, y, strength, pairs, *, intercept=True, weights=None, offset=None, **options):
    """Σ of squares that scikit-learn's lassos leave in rows held out, and that a mean of others leaves."""
    Lasso = pytest.importorskip("sklearn.linear_model").Lasso
    s = np.ones(len(y)) if weights is None else weights
    rest = y if offset is None else y - offset
    left = null = 0.0
    for train, test in pairs:
        # Its objective is a mean over rows: strength × Σs_train/Σs of a sum is strength ÷ Σs of a mean.
        lasso = Lasso(alpha=strength / s.sum(), fit_intercept=intercept, tol=1e-14, max_iter=10**6)
        lasso.fit(X[train], rest[train], sample_weight=s[train])
        left += s[test] @ (rest[test] - lasso.predict(X[test])) ** 2
        mean = s[train] @ rest[train] / s[train].sum() if intercept else 0.0
        null += s[test] @ (rest[test] - mean) ** 2
    return left, null


def pairs_of(labels):
    return [(np.flatnonzero(labels != k), np.flatnonzero(labels == k)) for k in np.unique(labels)]


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("roles", [(), ("weights",), ("offset",), ("weights", "offset")])
def test_at_both_choices_it_is_what_scikit_learn_leaves_fold_by_fold(roles, intercept):
    X, y, weights, offset = data()
    given = {name: values for name, values in (("weights", weights), ("offset", offset)) if name in roles}
    named = {"sample_weight" if name == "weights" else name: values for name, values in given.items()}
    cv = eq.cross_validate(X, y, folds=FOLDS, count=20, intercept=intercept, **named)
    for strength in (cv.best_strength, cv.one_se_strength):
        left, null = refitted(X, y, strength, pairs_of(FOLDS), intercept=intercept, **given)
        assert cv.r_squared_at(strength) == pytest.approx(1 - left / null, rel=1e-7)
        total = ROWS if "weights" not in roles else weights.sum()
        assert cv.null_mean == pytest.approx(null / total, rel=1e-12)


def test_many_rows_whose_losses_come_from_sums():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(300, 3))
    y = X @ [1.0, 0.5, 0.0] + 1e4 + rng.normal(size=300)
    labels = np.arange(300) % 4
    cv = eq.cross_validate(X, y, folds=labels, count=10)
    left, null = refitted(X, y, cv.best_strength, pairs_of(labels))
    assert cv.r_squared_at(cv.best_strength) == pytest.approx(1 - left / null, rel=1e-7)


def test_gathered_rows_say_the_same():
    pa = pytest.importorskip("pyarrow")
    X, y, weights, offset = data()
    table = pa.table(
        {**{f"x{j}": x for j, x in enumerate(X.T)}, "y": y, "w": weights, "o": offset, "f": FOLDS}
    )
    sums = eq.gather(table, "y", sample_weight="w", offset="o", folds="f")
    cv = eq.cross_validate(sums, count=20)
    left, null = refitted(X, y, cv.best_strength, pairs_of(FOLDS), weights=weights, offset=offset)
    assert cv.r_squared_at(cv.best_strength) == pytest.approx(1 - left / null, rel=1e-7)
    assert "(offset plus a constant in each fold's training rows)" in str(cv)


def test_nothing_leaks_from_the_rows_held_out():
    """y jumps in the rows held out: their mean would be perfect, that of the training rows is not."""
    X = np.arange(8.0)[:, None] % 3
    y = np.array([0.0, 1, 0, 1, 10, 11, 10, 11])
    cv = eq.cross_validate(X, y, folds=[(np.arange(4), np.arange(4, 8))], strengths=[1e3])
    assert cv.null_mean == (2 * 9.5**2 + 2 * 10.5**2) / 4  # from 0.5, the mean of the first four
    assert cv.r_squared.tolist() == [0.0]


def test_rows_that_repeat_count_as_often():
    X, y, _, _ = data()
    train, test = np.array([0, 0, 1, 2, 3, 4, 5, 6]), np.array([7, 7, 7, 8])
    cv = eq.cross_validate(X, y, folds=[(train, test)], strengths=[5.0])
    assert cv.null_mean == pytest.approx(np.mean((y[test] - y[train].mean()) ** 2), rel=1e-13)


def test_repeated_folds_are_pooled():
    X, y, _, _ = data()
    cv = eq.cross_validate(X, y, folds=4, repeats=3, count=8)
    share = cv.null_fold_loss @ cv.fold_weight / cv.fold_weight.sum()
    np.testing.assert_allclose(cv.r_squared, 1 - cv.fold_loss @ cv.fold_weight / cv.fold_weight.sum() / share)
    assert len(cv.null_fold_loss) == 12


@pytest.mark.parametrize(
    "scoring", ["absolute_error", "r2", lambda y, prediction, s: np.abs(y - prediction).max()]
)
def test_another_loss_has_none(scoring):
    X, y, _, _ = data()
    cv = eq.cross_validate(X, y, folds=4, count=5, scoring=scoring)
    assert (cv.null_fold_loss, cv.null_mean, cv.r_squared, cv.r_squared_at(cv.best_strength)) == (None,) * 4
    assert "R²" not in str(cv)
    assert "of rows held out." not in cv.report()
    assert json.loads(json.dumps(cv.to_dict()))["r_squared"] is None


@pytest.mark.parametrize("value", [0.1, 1e9 / 3])
def test_where_y_never_changes_there_is_none(value):
    X, *_ = data()
    cv = eq.cross_validate(X, np.full(ROWS, value), folds=4, strengths=[1.0])
    assert (cv.null_mean, cv.r_squared) == (0.0, None)
    assert "R²" not in str(cv)


def test_text_and_report_name_it_with_the_null_model():
    X, y, _, _ = data()
    cv = eq.cross_validate(X, y, folds=FOLDS, count=20)
    lines = str(cv).split("\n\n")[1].split("\n")
    assert lines[0].split() == ["choice", "strength", "mean", "loss", "standard", "error", "R²", "kept"]
    assert [line.split()[-2] for line in lines[1:3]] == [
        f"{cv.r_squared_at(strength):.4g}" for strength in (cv.best_strength, cv.one_se_strength)
    ]
    words = "mean loss of the null model (mean of y in each fold's training rows)"
    assert f"R² of rows held out; {words} {cv.null_mean:.6g}" in str(cv).split("\n")
    assert f"; R² {cv.r_squared_at(cv.best_strength):.4g} of rows held out." in cv.report(choose="best")
    none = eq.cross_validate(X, y, folds=FOLDS, count=5, intercept=False)
    assert "null model (0, no intercept)" in str(none)


def test_a_strength_that_was_not_cross_validated_is_refused():
    X, y, _, _ = data()
    cv = eq.cross_validate(X, y, folds=4, strengths=[10.0, 1.0])
    with pytest.raises(ValueError, match=r"strength is 2.5: pass one of path.strengths"):
        cv.r_squared_at(2.5)


def test_a_file_holds_it(tmp_path):
    X, y, _, offset = data()
    for arguments in ({"intercept": False}, {"offset": offset}):
        cv = eq.cross_validate(X, y, folds=4, count=6, **arguments)
        cv.save(tmp_path / "cv.json")
        loaded = eq.load(tmp_path / "cv.json")
        assert loaded.null_fold_loss.tolist() == cv.null_fold_loss.tolist()
        assert str(loaded) == str(cv)


def test_a_file_in_which_no_model_beats_the_mean_says_so(tmp_path):
    rng = np.random.default_rng(0)
    cv = eq.cross_validate(rng.normal(size=(40, 3)), rng.normal(size=40), folds=4, count=10)
    assert "no model beats the mean by one standard error" in str(cv)
    cv.save(tmp_path / "cv.json")
    assert str(eq.load(tmp_path / "cv.json")) == str(cv)
