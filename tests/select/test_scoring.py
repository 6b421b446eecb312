"""Cross-validation by any loss: in every fold, beside scikit-learn's scorers and models fitted by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import metrics
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.linear_model import Lasso
from sklearn.model_selection import KFold, cross_val_score

import equipoise as eq

STRENGTHS = np.array([40.0, 10.0, 2.0])
SCORERS = [
    "neg_mean_absolute_error",
    "neg_median_absolute_error",
    "r2",
    "neg_max_error",
    "neg_mean_squared_error",
]


def made(n=60, p=6, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 1.0
    return X, X[:, 0] - 2.0 * X[:, 1] + rng.standard_t(3, size=n)


def fitted(X, y, strength, share, s=None):
    """scikit-learn's lasso at a strength of all rows, on some that hold this share of the weight."""
    total = len(y) if s is None else s.sum()
    return Lasso(alpha=strength * share / total, tol=1e-12, max_iter=10**6).fit(X, y, sample_weight=s)


@pytest.mark.parametrize("scorer", SCORERS)
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array, pd.DataFrame])
def test_the_losses_of_folds_are_scikit_learns_with_the_sign_turned(scorer, kind):
    X, y = made()
    folds = KFold(4)
    cv = eq.cross_validate(kind(X), y, folds=folds, strengths=STRENGTHS, scoring=scorer)
    for i, t in enumerate(STRENGTHS):
        # Of equal folds, alpha = t / n is the same penalty a row.
        lasso = Lasso(alpha=t / 60, tol=1e-12, max_iter=10**6)
        wanted = -cross_val_score(lasso, X, y, cv=folds, scoring=scorer)
        np.testing.assert_allclose(cv.fold_loss[i], wanted, rtol=1e-6)
    np.testing.assert_allclose(cv.mean, cv.fold_loss.mean(axis=1), rtol=1e-12)
    assert cv.best_strength == STRENGTHS[np.argmin(cv.mean)]


@pytest.mark.parametrize("name", ["absolute_error", "median_absolute_error", "max_error"])
def test_weights_offsets_and_rows_that_repeat_count_as_often(name):
    """A bootstrap: each fold is fitted by hand to rows that stand there as often as they are drawn."""
    X, y = made()
    rng = np.random.default_rng(1)
    s, o = rng.integers(0, 4, size=60).astype(float), 5.0 * rng.normal(size=60)
    pairs = [(rng.integers(0, 60, size=60), rng.integers(0, 60, size=30)) for _ in range(3)]
    cv = eq.cross_validate(
        X, y + o, folds=pairs, strengths=STRENGTHS, sample_weight=s, offset=o, scoring=name
    )
    metric = getattr(metrics, name.replace("absolute", "mean_absolute").replace("n_mean", "n"))
    for k, (train, test) in enumerate(pairs):
        for i, t in enumerate(STRENGTHS):
            model = fitted(X[train], y[train], t, s[train].sum() / s.sum(), s[train])
            every = np.repeat(test, s[test].astype(int))
            wanted = metric(y[every] + o[every], model.predict(X[every]) + o[every])
            assert cv.fold_loss[i, k] == pytest.approx(wanted, rel=1e-6)
    weight = np.array([s[test].sum() for _, test in pairs])
    np.testing.assert_allclose(cv.mean, cv.fold_loss @ weight / weight.sum(), rtol=1e-12)


def test_a_function_sees_predictions_with_their_offset_and_weights_of_one():
    X, y = made()
    o = np.linspace(10.0, 20.0, 60)
    seen = []

    def loss(y, prediction, sample_weight):
        seen.append((y, prediction, sample_weight))
        return np.mean((y - prediction) ** 2)

    cv = eq.cross_validate(X, y + o, offset=o, folds=KFold(3), strengths=[10.0], scoring=loss)
    plain = eq.cross_validate(X, y + o, offset=o, folds=KFold(3), strengths=[10.0])
    np.testing.assert_allclose(cv.fold_loss, plain.fold_loss, rtol=1e-9)
    assert cv.scoring == "loss()"
    for target, prediction, weights in seen:
        assert target.min() > 0 < prediction.min()  # both on the scale of y, offset included
        np.testing.assert_array_equal(weights, np.ones(20))


def test_missing_values_are_filled_by_the_means_of_training_rows():
    X, y = made()
    X[::7, 0] = np.nan
    cv = eq.cross_validate(X, y, missing="mean", folds=KFold(3), strengths=[5.0], scoring="absolute_error")
    for k, (train, test) in enumerate(KFold(3).split(X)):
        filled = np.where(np.isnan(X), np.nanmean(X[train], axis=0), X)
        model = fitted(filled[train], y[train], 5.0, 40 / 60)
        wanted = np.abs(y[test] - model.predict(filled[test])).mean()
        assert cv.fold_loss[0, k] == pytest.approx(wanted, rel=1e-6)


def test_a_matrix_on_disk(tmp_path):
    X, y = made()
    np.save(tmp_path / "X.npy", np.asfortranarray(X))
    wanted = eq.cross_validate(X, y, folds=5, strengths=STRENGTHS, scoring="absolute_error")
    found = eq.cross_validate(
        eq.Mapped(tmp_path / "X.npy"), y, folds=5, strengths=STRENGTHS, scoring="absolute_error"
    )
    np.testing.assert_allclose(found.fold_loss, wanted.fold_loss, rtol=1e-9)


def test_an_early_stop_ends_the_path_by_the_loss_that_is_asked_for():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 100))
    y = X[:, 0] + rng.normal(size=60)
    every = eq.cross_validate(X, y, folds=4, ratio=1e-3, scoring="absolute_error")
    some = eq.cross_validate(X, y, folds=4, ratio=1e-3, scoring="absolute_error", early_stop=True)
    m = len(some.path)
    assert 20 < m < len(every.path)
    np.testing.assert_allclose(some.fold_loss, every.fold_loss[:m], rtol=1e-9)
    assert some.best_strength == every.best_strength


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0])
def test_a_relaxed_lasso(gamma):
    X, y = made()
    found = eq.relax(X, y, gammas=[gamma], folds=KFold(3), strengths=[20.0], scoring="median_absolute_error")
    for k, (train, test) in enumerate(KFold(3).split(X)):
        lasso = fitted(X[train], y[train], 20.0, 40 / 60)
        kept = np.abs(lasso.coef_) > 1e-9
        columns = np.column_stack([np.ones(60), X[:, kept]])
        least = columns[test] @ np.linalg.lstsq(columns[train], y[train])[0]
        blend = gamma * lasso.predict(X[test]) + (1.0 - gamma) * least
        assert found.fold_loss[0, 0, k] == pytest.approx(np.median(np.abs(y[test] - blend)), rel=1e-6)
    assert found.scoring == found.to_dict()["scoring"] == "median_absolute_error"


def test_an_adaptive_lasso():
    X, y = made()
    pilot = np.array([1.0, -2.0, 0.1, 0.1, 0.1, 0.0])
    found = eq.adapt(X, y, pilot=pilot, folds=KFold(3), strengths=[5.0], scoring="absolute_error")
    for k, (train, test) in enumerate(KFold(3).split(X)):
        # A column times |pilot| under a plain penalty is the column under a penalty divided by it.
        model = fitted(X[train] * np.abs(pilot), y[train], 5.0, 40 / 60)
        wanted = np.abs(y[test] - model.predict(X[test] * np.abs(pilot))).mean()
        assert found.cv.fold_loss[0, k] == pytest.approx(wanted, rel=1e-6)


def test_sums_of_rows_know_the_squared_error_alone(tmp_path):
    X, y = made()
    frame = pd.DataFrame(X, columns=list("abcdef")).assign(y=y)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    data = eq.gather(frame, "y")
    assert eq.cross_validate(data, scoring="neg_mean_squared_error", count=5).scoring == "squared_error"
    with pytest.raises(
        TypeError, match="scoring='absolute_error' needs the rows themselves, of which gather"
    ):
        eq.cross_validate(data, scoring="absolute_error")
    with pytest.raises(TypeError, match="scoring='r2' needs the rows themselves, and X is not in memory"):
        eq.cross_validate(str(tmp_path / "rows.csv"), "y", scoring="r2")


def test_a_loss_that_a_fold_has_no_value_for():
    X, y = made(n=8)
    with (
        pytest.warns(UndefinedMetricWarning),
        pytest.raises(ValueError, match=r"'r2' gave .*nan.* for 1 row held out"),
    ):
        eq.cross_validate(X, y, folds=8, strengths=[1.0], scoring="r2")
