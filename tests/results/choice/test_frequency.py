"""Repeated cross-validation: the folds of scikit-learn's seeds, and each repetition's choice by itself."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.linear_model import Lasso
from sklearn.model_selection import KFold, RepeatedKFold

import equipoise as eq


def data(seed: int = 0, n: int = 50, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    return X, X[:, :2] @ [1.0, -0.5] + 2.0 * rng.normal(size=n)


def test_repetitions_are_the_folds_of_the_seeds_one_after_the_other():
    X, y = data()
    cv = eq.cross_validate(X, y, folds=5, repeats=3, count=25, ratio=1e-2)
    strengths = cv.path.strengths
    best, one_se, losses = [], [], []
    for seed in range(3):
        loss = np.empty((25, 5))
        for k, (train, test) in enumerate(KFold(5, shuffle=True, random_state=seed).split(X)):
            for i, t in enumerate(strengths):
                model = Lasso(alpha=t / 50, tol=1e-12, max_iter=100_000).fit(X[train], y[train])
                loss[i, k] = np.mean((y[test] - model.predict(X[test])) ** 2)
        mean, error = loss.mean(axis=1), loss.std(axis=1) / 2.0  # folds of 10 rows each: √(var/(5 − 1))
        best.append(strengths[mean.argmin()])
        one_se.append(strengths[mean <= mean.min() + error[mean.argmin()]].max())
        losses.append(loss)
    np.testing.assert_allclose(cv.fold_loss, np.hstack(losses), rtol=1e-7)
    np.testing.assert_allclose(cv.mean, np.hstack(losses).mean(axis=1), rtol=1e-7)
    squares = np.mean([loss.var(axis=1) / 4.0 for loss in losses], axis=0)
    np.testing.assert_allclose(cv.standard_error, np.sqrt(squares), rtol=1e-6)
    frequency = cv.frequency
    assert frequency.best_strength.tolist() == best
    assert frequency.one_se_strength.tolist() == one_se
    assert len(set(best)) > 1  # else this test would tell little
    for t, share in zip(strengths, frequency.best_share, strict=True):
        assert share == pytest.approx(best.count(t) / 3)
    kept = np.array([Lasso(alpha=t / 50, tol=1e-12).fit(X, y).coef_ != 0 for t in best])
    np.testing.assert_allclose(frequency.kept_at_best, kept.mean(axis=0))
    kept = np.array([Lasso(alpha=t / 50, tol=1e-12).fit(X, y).coef_ != 0 for t in one_se])
    np.testing.assert_allclose(frequency.kept_at_one_se, kept.mean(axis=0))


@pytest.mark.parametrize("columns", [8, 300])
def test_a_splitter_that_repeats_itself_is_known(columns):
    X, y = data(p=columns)
    cv = eq.cross_validate(X, y, folds=RepeatedKFold(n_splits=4, n_repeats=3, random_state=1), count=5)
    assert cv.repetition.tolist() == np.repeat([0, 1, 2], 4).tolist()
    assert len(cv.frequency.best_strength) == 3
    squares = []
    for r in range(3):
        loss, w = cv.fold_loss[:, 4 * r : 4 * r + 4], cv.fold_weight[4 * r : 4 * r + 4]
        mean = loss @ w / w.sum()
        squares.append((loss - mean[:, None]) ** 2 @ w / w.sum() / 3)
    np.testing.assert_allclose(cv.standard_error, np.sqrt(np.mean(squares, axis=0)))


def test_one_repetition_agrees_with_the_choice():
    cv = eq.cross_validate(*data(), folds=5, count=20)
    frequency = cv.frequency
    assert frequency.best_strength.tolist() == [cv.best_strength]
    assert frequency.one_se_strength.tolist() == [cv.one_se_strength]
    assert np.array_equal(frequency.kept_at_one_se, cv.one_se.coef != 0)


def test_choices_by_hand():
    path = SimpleNamespace(strengths=np.array([4.0, 2.0, 1.0]), coef=np.array([[0.0, 0], [1, 0], [1, 2]]))
    first = [[5.0, 5.0], [1.0, 1.0], [2.0, 2.0]]
    second = [[2.5, 2.5], [2.9, 2.9], [1.0, 3.0]]  # best 2 ± 1 at strength 1, so one-se at 4
    cv = eq.CrossValidation(path, np.hstack([first, second]), np.ones(4), np.array([0, 0, 1, 1]))
    found = cv.frequency
    assert found.best_strength.tolist() == [2.0, 1.0]
    assert found.one_se_strength.tolist() == [2.0, 4.0]
    assert found.best_share.tolist() == [0.0, 0.5, 0.5]
    assert found.kept_at_best.tolist() == [1.0, 0.5]
    assert found.kept_at_one_se.tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"repeats": 0}, "repeats is 0: pass a whole number, at least 1"),
        ({"repeats": 1.5}, "repeats is 1.5: pass a whole number"),
        ({"repeats": True}, "repeats is True"),
        ({"repeats": 2, "folds": KFold(3)}, "repeats is 2, but folds is not a number to draw again"),
        ({"repeats": 2, "folds": np.arange(50) % 3}, "repeats is 2, but folds is not a number"),
    ],
)
def test_repeats_that_cannot_be(asked, found):
    with pytest.raises(ValueError, match=found):
        eq.cross_validate(*data(), count=3, **asked)


def test_text_frame_dict_and_pictures():
    import matplotlib

    matplotlib.use("Agg")
    cv = eq.cross_validate(*data(), folds=5, repeats=4, strengths=[30.0, 10.0, 3.0, 0.0])
    frequency = cv.frequency
    assert str(frequency).startswith("4 repetitions of the cross-validation\n\nstrength")
    assert all(f"{100 * share:.0f} %" in str(frequency) for share in frequency.one_se_share if share)
    assert frequency.to_frame(like="pandas")["kept_at_best"].tolist() == frequency.kept_at_best.tolist()
    told = json.loads(json.dumps(frequency.to_dict(), allow_nan=False))
    assert told["one_se_share"] == frequency.one_se_share.tolist()
    assert len(frequency.plot().ax_.lines) == 2
    chosen = cv.plot().choices_
    assert {name: line.get_xdata()[0] for name, line in chosen.items()} == {
        "best": cv.best_strength,
        "one SE": cv.one_se_strength,
    }
    matplotlib.pyplot.close("all")
