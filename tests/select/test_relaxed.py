"""The relaxed lasso: every fold and blend recomputed from scratch, the choice by hand, bounds, ranks."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import lsq_linear
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq
from equipoise.select.least_squares import refit
from equipoise.setup.set_up import set_up

INF = np.inf
GAMMAS = [0.0, 0.3, 1.0]


def data(seed: int, n: int = 48, p: int = 7) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def test_folds_are_those_of_a_pipeline_refitted_in_each():
    X, y = data(1)
    X = X * np.geomspace(0.1, 10, 7)
    found = eq.relax(X, y, gammas=GAMMAS, folds=4, count=12, ratio=1e-2, standardize=True)
    assert found.fold_loss.shape == (3, 12, 4)
    for k, (train, test) in enumerate(KFold(4, shuffle=True, random_state=0).split(X)):
        for i, t in enumerate(found.path.strengths):
            model = make_pipeline(StandardScaler(), Lasso(alpha=t / 48, tol=1e-13, max_iter=10**6))
            lasso = model.fit(X[train], y[train]).predict(X[test])
            support = np.flatnonzero(model[-1].coef_)
            free = np.full(len(test), y[train].mean())
            if len(support):
                free = LinearRegression().fit(X[train][:, support], y[train]).predict(X[test][:, support])
            for g, gamma in enumerate(GAMMAS):
                loss = np.mean((y[test] - gamma * lasso - (1 - gamma) * free) ** 2)
                assert found.fold_loss[g, i, k] == pytest.approx(loss, rel=1e-8)


def by_hand(X, y, t, *, l1=1.0, l2=0.0, lower=-INF, upper=INF, intercept=True, s=None, offset=None, **asked):
    """Lasso and least squares on its support: coefficients and intercepts of both."""
    p = X.shape[1]
    s = np.ones(len(y)) if s is None else s
    o = np.zeros(len(y)) if offset is None else offset
    fit = eq.fit(
        X,
        y,
        l1=t * np.asarray(l1),
        l2=t * np.asarray(l2),
        lower=lower,
        upper=upper,
        intercept=intercept,
        sample_weight=s,
        offset=o,
        **asked,
    )
    pinned = np.broadcast_to(lower, p) == np.broadcast_to(upper, p)
    free = ~pinned & ((fit.coef != 0) | np.broadcast_to(np.asarray(l1) == 0, p))
    columns = X[:, free]
    if intercept:
        columns = np.column_stack([columns, np.ones(len(y))])
    root = np.sqrt(s)
    low = np.r_[np.broadcast_to(lower, p)[free], [-INF] * intercept]
    high = np.r_[np.broadcast_to(upper, p)[free], [INF] * intercept]
    coef, b = np.where(pinned, lower, 0.0), 0.0
    if columns.shape[1]:
        solved = lsq_linear(
            root[:, None] * columns,
            root * (y - o - X @ coef),
            (low, high),
            method="bvls",
            tol=1e-14,
            max_iter=500,
        ).x
        coef[free] = solved[: free.sum()]
        b = solved[-1] if intercept else 0.0
    return (fit.coef, fit.intercept), (coef, b)


CASES = {
    "plain": {},
    "standardised": {"standardize": True},
    "no intercept": {"intercept": False},
    "weights": {"s": np.linspace(0.1, 3, 48)},
    "zero weights": {"s": np.arange(48.0) % 4},
    "offset": {"offset": np.linspace(-2, 2, 48)},
    "elastic net": {"l2": 0.3},
    "factors": {"l1": np.array([0.0, 1, 2, 1, 0.5, INF, 1])},
    "positive": {"lower": 0.0},
    "bounds": {"lower": -0.6, "upper": np.array([0.9, *np.full(6, INF)])},
    "pinned": {"lower": np.array([0.5, *np.full(6, -INF)]), "upper": np.array([0.5, *np.full(6, INF)])},
}


# Those of one number a feature are written for 7 features.
WIDE = [case for case, asked in CASES.items() if not any(np.shape(v) == (7,) for v in asked.values())]


@pytest.mark.parametrize(("case", "p"), [*[(case, 7) for case in CASES], *[(case, 70) for case in WIDE]])
def test_losses_and_models_are_those_of_a_direct_computation(case, p):
    X, y = data(2, p=p)
    asked = dict(CASES[case])
    given = {"sample_weight" if name == "s" else name: value for name, value in asked.items()}
    ids = np.arange(48) % 3
    strengths = [40.0, 8.0] if p == 70 else [40.0, 8.0, 0.5]
    found = eq.relax(X, y, gammas=GAMMAS, folds=ids, strengths=strengths, **given)
    s = asked.get("s", np.ones(48))
    o = asked.get("offset", np.zeros(48))
    for k in range(3):
        train, test = ids != k, ids == k
        inner = {name: value[train] if name in ("s", "offset") else value for name, value in asked.items()}
        for i, t in enumerate(strengths):
            both = by_hand(X[train], y[train], t * s[train].sum() / s.sum(), **inner)
            lasso, free = (o[test] + b + X[test] @ coef for coef, b in both)
            for g, gamma in enumerate(GAMMAS):
                loss = s[test] @ (y[test] - gamma * lasso - (1 - gamma) * free) ** 2 / s[test].sum()
                assert found.fold_loss[g, i, k] == pytest.approx(loss, rel=1e-7)
    for t in strengths:
        model = found.at(t, 0.25)
        (shrunk, b_shrunk), (free, b_free) = by_hand(X, y, t, **asked)
        np.testing.assert_allclose(model.coef, 0.25 * shrunk + 0.75 * free, atol=1e-8)
        assert model.intercept == pytest.approx(0.25 * b_shrunk + 0.75 * b_free, abs=1e-8)
        np.testing.assert_allclose(model.predict(X[:5], offset=0), model.intercept + X[:5] @ model.coef)
        assert model.lasso.certificate.optimal
        assert model.least_squares.certificate.optimal


def test_a_relaxation_of_one_is_the_lasso():
    X, y = data(3)
    found = eq.relax(X, y, gammas=[1.0], folds=5, repeats=2, count=15)
    plain = eq.cross_validate(X, y, folds=5, repeats=2, count=15)
    np.testing.assert_allclose(found.fold_loss[0], plain.fold_loss, rtol=1e-10)
    np.testing.assert_allclose(found.standard_error[0], plain.standard_error, rtol=1e-9)
    assert (found.best_strength, found.one_se_strength) == (plain.best_strength, plain.one_se_strength)
    np.testing.assert_array_equal(found.best.coef, plain.best.coef)


def test_strengths_in_any_order_keep_their_losses():
    X, y = data(4)
    asked = [1.0, 60.0, 0.1, 10.0]
    down = np.argsort(asked)[::-1]
    mixed = eq.relax(X, y, folds=4, strengths=asked)
    sorted_ = eq.relax(X, y, folds=4, strengths=np.array(asked)[down])
    np.testing.assert_allclose(mixed.fold_loss[:, down], sorted_.fold_loss, rtol=1e-12)
    assert mixed.best_strength == sorted_.best_strength


def made(mean: list[list[float]], error: float, gammas=(0.0, 0.5, 1.0), strengths=(8.0, 4.0, 2.0, 1.0)):
    """A relaxed lasso with these mean losses and one standard error everywhere, of two equal folds."""
    loss = np.array(mean)[:, :, None] + error * np.array([-1.0, 1.0])
    path = SimpleNamespace(strengths=np.array(strengths))
    unique = np.ones((len(strengths), 2), dtype=bool)
    return eq.Relaxed(path, np.array(gammas), loss, np.ones(2), unique, np.zeros(2, dtype=np.intp))


def test_the_choice_by_hand():
    mean = [[9.0, 5.0, 4.0, 5.0], [9.0, 4.6, 4.2, 5.0], [9.0, 4.9, 4.5, 5.0]]
    found = made(mean, 0.7)
    np.testing.assert_allclose(found.standard_error, 0.7)
    assert (found.best_strength, found.best_gamma) == (2.0, 0.0)
    # Within 4.7 the largest strength is 4, and there only gamma 0.5.
    assert (found.one_se_strength, found.one_se_gamma) == (4.0, 0.5)
    # With more room gamma 0 and 1 qualify at 4 too; the smallest loss wins.
    assert made(mean, 1.5).one_se_gamma == 0.5
    # Of a tie: the largest strength, then the largest gamma.
    tied = made([[9.0, 4.0, 4.0, 5.0]] * 3, 0.0)
    assert (tied.best_strength, tied.best_gamma) == (4.0, 1.0)
    assert (tied.one_se_strength, tied.one_se_gamma) == (4.0, 1.0)
    with pytest.raises(ValueError, match=r"gamma is 1\.5: pass a number from 0"):
        found.at(2.0, 1.5)


def test_relaxing_helps_where_few_large_effects_hide_among_many():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 60))
    y = X[:, :4] @ [3.0, -3.0, 2.0, 2.0] + rng.normal(size=100)
    found = eq.relax(X, y, folds=5, count=50)
    assert found.best_gamma < 1
    assert found.mean.min() < found.mean[-1].min()
    assert found.best.support.tolist() == [0, 1, 2, 3]
    truth = np.linalg.lstsq(np.column_stack([X[:, :4], np.ones(100)]), y, rcond=None)[0]
    free = found.at(found.best_strength, 0.0)
    np.testing.assert_allclose(free.coef[:4], truth[:4], rtol=1e-10)


@pytest.mark.parametrize("p", [8, 600])
def test_dependent_columns_have_the_smallest_solution(p):
    X, y = data(5, p=p)
    X[:, 3] = 10.0 * X[:, 0]  # the same column in other units
    found = eq.relax(X, y, folds=3, strengths=[10.0], l1=np.r_[0.0, 1.0, 1.0, 0.0, np.ones(p - 4)])
    assert not found.fold_unique.any()
    assert "least squares had more than one solution in 3 of 3 folds" in str(found)
    model = found.at(10.0, 0.0)
    assert not model.unique
    assert "more than one solution" in str(model)
    # Smallest where every column has unit norm: each of the two takes half.
    assert model.coef[0] == pytest.approx(10.0 * model.coef[3], rel=1e-8)
    A = np.column_stack([X[:, model.least_squares.coef != 0], np.ones(48)])
    fitted = A @ np.linalg.lstsq(A, y, rcond=None)[0]
    np.testing.assert_allclose(model.predict(X), fitted, atol=1e-8)


def test_more_columns_than_rows_in_least_squares():
    X, y = data(6, n=12, p=30)
    found = eq.relax(X, y, folds=3, l1=np.r_[np.zeros(29), 1.0], strengths=[1.0], gammas=[0.0])
    assert not found.fold_unique.any()
    model = found.at(1.0, 0.0)
    np.testing.assert_allclose(model.predict(X), y, atol=1e-8)
    C = X[:, :29] - X[:, :29].mean(axis=0)
    norm = np.linalg.norm(C, axis=0)
    smallest = np.linalg.pinv(C / norm) @ (y - y.mean()) / norm
    np.testing.assert_allclose(model.least_squares.coef[:29], smallest, atol=1e-8)


def test_nearly_dependent_columns_keep_their_digits():
    X, y = data(7)
    X[:, 1] = X[:, 0] + 1e-6 * X[:, 1]
    problem = set_up(X, y, l1=0.0).problem
    coef, unique = refit(problem, np.ones(7, dtype=bool))
    assert unique
    expected = np.linalg.lstsq(np.column_stack([X, np.ones(48)]), y, rcond=None)[0]
    np.testing.assert_allclose(problem.original(coef)[0], expected[:7], rtol=1e-6)


def test_missing_values_take_the_means_of_training_rows():
    X, y = data(8)
    X[3, 0] = X[20, 2] = np.nan
    ids = np.arange(48) % 3
    found = eq.relax(X, y, folds=ids, strengths=[5.0], missing="mean")
    for k in range(3):
        filled = np.where(np.isnan(X), np.nanmean(X[ids != k], axis=0), X)
        (coef, b), (free, b_free) = by_hand(filled[ids != k], y[ids != k], 5.0 * 2 / 3)
        rows = filled[ids == k]
        for g, gamma in enumerate(found.gammas):
            fitted = gamma * (b + rows @ coef) + (1 - gamma) * (b_free + rows @ free)
            assert found.fold_loss[g, 0, k] == pytest.approx(np.mean((y[ids == k] - fitted) ** 2), rel=1e-8)


@pytest.mark.parametrize(
    ("gammas", "found"),
    [
        ([], "gammas has shape"),
        (0.5, "gammas has shape"),
        ([0.5, 1.5], "gammas holds 1.5 at position 1: pass numbers from 0"),
        ([np.nan], "gammas holds nan at position 0"),
    ],
)
def test_gammas_that_cannot_be(gammas, found):
    with pytest.raises(ValueError, match=found):
        eq.relax(*data(9), gammas=gammas)


def test_text_frame_dict_and_pictures():
    import matplotlib

    matplotlib.use("Agg")
    found = eq.relax(*data(9), folds=4, strengths=[40.0, 4.0, 0.0])
    assert [line.split()[0] for line in str(found).splitlines()[:3]] == ["choice", "best", "one-se"]
    frame = found.to_frame(like="pandas")
    assert len(frame) == 15
    assert frame["mean"].min() == found.mean.min()
    row = frame[(frame["gamma"] == 0.5) & (frame["strength"] == 4.0)]
    assert row["standard_error"].item() == found.standard_error[2, 1]
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["best_gamma"] == found.best_gamma
    assert len(found.plot().ax_.lines) == 7
    model = found.at(4.0, 0.5)
    assert "gamma 0.5" in str(model)
    assert model.to_frame(like="pandas")["coef"].tolist() == model.coef.tolist()
    told = json.loads(json.dumps(model.to_dict(), allow_nan=False))
    assert told["lasso"]["coef"] == model.lasso.coef.tolist()
    assert len(model.plot().ax_.lines) == 4
    matplotlib.pyplot.close("all")


def test_frames_are_read_by_name_in_prediction():
    import pandas as pd

    X, y = data(10)
    frame = pd.DataFrame(X, columns=list("abcdefg"))
    model = eq.relax(frame, y, folds=3, count=8).best
    np.testing.assert_array_equal(model.predict(frame[list("gfedcba")]), model.predict(frame))
    assert model.features == tuple("abcdefg")
    offset = np.arange(48.0)
    np.testing.assert_allclose(model.predict(frame, offset=offset), model.predict(frame) + offset)
