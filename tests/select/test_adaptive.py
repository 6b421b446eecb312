"""The adaptive lasso: pilots and folds recomputed with NumPy and scikit-learn, penalties by their formula."""

import json

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LassoCV, LinearRegression
from sklearn.model_selection import KFold, LeaveOneGroupOut

import equipoise as eq

INF = np.inf


def data(seed: int, n: int = 60, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = (rng.normal(size=(n, p)) + rng.normal(size=(n, 1))) * np.geomspace(0.3, 3, p) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def ridge_by_hand(X, y, *, s=None, intercept=True, free=(), standardize=False):
    """Ridge at the smallest n·rss/(n − df)², by one dense hat matrix a strength."""
    n, p = X.shape
    s = np.ones(n) if s is None else s
    root = np.sqrt(s)[:, None]
    unpenalised = [X[:, [j]] for j in free] + ([np.ones((n, 1))] if intercept else [])
    U = root * np.hstack(unpenalised) if unpenalised else np.zeros((n, 0))
    P = np.eye(n) - U @ np.linalg.pinv(U)
    rest = [j for j in range(p) if j not in free]
    mean = s @ X / s.sum()
    sd = np.sqrt(s @ (X - mean) ** 2 / s.sum()) if standardize else np.ones(p)
    Z = P @ (root * X[:, rest]) / sd[rest]
    target = P @ (root[:, 0] * y)
    largest = np.linalg.eigvalsh(Z @ Z.T)[-1]
    scores = []
    for t in 0.5 * largest * np.geomspace(1e3, 1e-7, 101):
        if n >= p:
            solve = np.linalg.solve(Z.T @ Z + 2 * t * np.eye(len(rest)), Z.T)
        else:
            solve = Z.T @ np.linalg.inv(Z @ Z.T + 2 * t * np.eye(n))
        df = np.trace(Z @ solve) + (np.linalg.matrix_rank(U) if U.size else 0)
        scores.append((np.sum((target - Z @ solve @ target) ** 2) / (s.sum() - df) ** 2, -t, solve))
    _, _, solve = min(scores, key=lambda score: score[:2])
    coef = np.zeros(p)
    coef[rest] = solve @ target / sd[rest]
    if free:
        left = root[:, 0] * (y - X @ coef)
        coef[list(free)] = np.linalg.lstsq(U, left, rcond=None)[0][: len(free)]
    return coef


RIDGE = {
    "plain": {},
    "no intercept": {"intercept": False},
    "weights": {"s": np.arange(60.0) % 3},
    "unpenalised": {"free": (1, 4)},
    "standardised": {"standardize": True},
}


@pytest.mark.parametrize("case", RIDGE)
@pytest.mark.parametrize("p", [8, 100, 300])
def test_the_ridge_pilot_is_the_one_of_a_hat_matrix(case, p):
    X, y = data(1, p=p)
    asked = dict(RIDGE[case])
    expected = ridge_by_hand(X, y, **asked)
    l1 = np.ones(p)
    l1[list(asked.pop("free", ()))] = 0.0
    if "s" in asked:
        asked["sample_weight"] = asked.pop("s")
    found = eq.adapt(X, y, l1=l1, folds=4, strengths=[5.0], **asked)
    np.testing.assert_allclose(found.pilot, expected, atol=1e-7 * np.abs(expected).max())


def test_a_lasso_pilot_holds_out_whole_groups():
    X, y = data(3)
    groups = np.random.default_rng(1).integers(0, 7, size=len(y))
    found = eq.adapt(X, y, pilot="lasso", groups=groups, folds=3, count=5)
    # With seven groups, each is held out once: as scikit-learn's splitter does.
    cv = eq.cross_validate(X, y, folds=LeaveOneGroupOut(), groups=groups)
    np.testing.assert_allclose(found.pilot, cv.best.coef, rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="holding out groups, and there is one"):
        eq.adapt(X, y, pilot="lasso", groups=np.arange(len(y)) % 2, folds=2)


def held_out_by_hand(X, y, train, test, pilot, strengths, power):
    """Losses of a lasso on columns that are multiplied by |pilot|^power, the adaptive lasso's other form."""
    size = np.abs(pilot) ** power
    loss = []
    for t in strengths:
        lasso = Lasso(alpha=t / len(y), tol=1e-13, max_iter=10**6).fit(X[train] * size, y[train])
        loss.append(np.mean((y[test] - lasso.predict(X[test] * size)) ** 2))
    return loss


PILOTS = {
    "ridge": ridge_by_hand,
    "least squares": lambda X, y: LinearRegression().fit(X, y).coef_,
    "lasso": lambda X, y: eq.cross_validate(X, y).best.coef,
    "given": lambda X, y: np.arange(8.0) - 3.0,
}


@pytest.mark.parametrize("kind", PILOTS)
@pytest.mark.parametrize("power", [1.0, 0.5])
def test_folds_compute_their_own_pilot(kind, power):
    X, y = data(2)
    pilot = PILOTS["given"](X, y) if kind == "given" else kind
    found = eq.adapt(X, y, pilot=pilot, power=power, folds=4, count=8, ratio=1e-2)
    strengths = found.path.strengths
    for k, (train, test) in enumerate(KFold(4, shuffle=True, random_state=0).split(X)):
        own = PILOTS[kind](X[train], y[train])
        expected = held_out_by_hand(X, y, train, test, own, strengths, power)
        np.testing.assert_allclose(found.cv.fold_loss[:, k], expected, rtol=1e-6)
        if kind != "given":
            leaked = held_out_by_hand(X, y, train, test, found.pilot, strengths, power)
            assert not np.allclose(found.cv.fold_loss[:, k], leaked, rtol=1e-6)
    np.testing.assert_allclose(found.pilot, PILOTS[kind](X, y), rtol=1e-7, atol=1e-10)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(found.weights, 1 / np.abs(found.pilot) ** power)
    i = 5
    size = np.abs(found.pilot) ** power
    whole = Lasso(alpha=strengths[i] / 60, tol=1e-13, max_iter=10**6).fit(X * size, y)
    np.testing.assert_allclose(found.path.coef[i], whole.coef_ * size, atol=1e-7)
    assert found.best.certificate.optimal
    assert found.excluded == tuple(f"x{j + 1}" for j in np.flatnonzero(found.pilot == 0))


def test_the_lasso_pilot_is_scikit_learns():
    X, y = data(3)
    grid = eq.path(X, y).strengths / 60
    theirs = LassoCV(alphas=grid, cv=KFold(10, shuffle=True, random_state=0), tol=1e-12, max_iter=10**6)
    found = eq.adapt(X, y, pilot="lasso", folds=3, count=3)
    np.testing.assert_allclose(found.pilot, theirs.fit(X, y).coef_, atol=1e-6)


def test_standardising_moves_a_given_pilot_nowhere():
    X, y = data(4)
    pilot = np.linspace(-1, 2, 8)
    strengths = [20.0, 5.0, 1.0]
    raw = eq.adapt(X, y, pilot=pilot, folds=4, strengths=strengths)
    per_sd = eq.adapt(X, y, pilot=pilot, folds=4, strengths=strengths, standardize=True)
    np.testing.assert_allclose(per_sd.path.coef, raw.path.coef, atol=1e-9)
    np.testing.assert_allclose(per_sd.cv.fold_loss, raw.cv.fold_loss, rtol=1e-8)
    np.testing.assert_allclose(per_sd.weights * X.std(axis=0), raw.weights)


def test_units_of_a_column_do_not_matter_to_a_standardised_pilot():
    X, y = data(5)
    units = np.geomspace(1e-3, 1e3, 8)
    for power in (1.0, 2.0):
        asked = {"folds": 4, "strengths": [10.0, 1.0], "standardize": True, "power": power}
        one, other = eq.adapt(X, y, **asked), eq.adapt(X * units, y, **asked)
        np.testing.assert_allclose(one.pilot, other.pilot * units, rtol=1e-6)
        np.testing.assert_allclose(one.cv.fold_loss, other.cv.fold_loss, rtol=1e-6)


def test_what_had_no_l1_has_none_and_what_was_excluded_stays_out():
    X, y = data(6)
    l1 = np.array([0.0, INF, 1, 1, 1, 1, 1, 2])
    pilot = np.array([0.0, 5.0, 1, 1, 1, 1, 0, 4])
    found = eq.adapt(X, y, pilot=pilot, l1=l1, l2=0.1, folds=4, strengths=[3.0])
    expected = eq.fit(X, y, l1=3.0 * np.array([0, INF, 1, 1, 1, 1, INF, 0.5]), l2=0.3)
    np.testing.assert_allclose(found.path.coef[0], expected.coef, atol=1e-10)
    assert found.excluded == ("x2", "x7")
    assert np.isposinf(found.weights[[0, 6]]).all()


def test_bounds_weights_offsets_and_repetitions_reach_the_folds():
    X, y = data(7)
    s, o = np.linspace(0.2, 2, 60), np.linspace(-1, 1, 60)
    asked = {"lower": 0.0, "l2": 0.1}
    found = eq.adapt(
        X, y, pilot="least squares", folds=3, repeats=2, strengths=[2.0], sample_weight=s, offset=o, **asked
    )
    assert found.cv.repetition.tolist() == [0, 0, 0, 1, 1, 1]
    pairs = [pair for seed in (0, 1) for pair in KFold(3, shuffle=True, random_state=seed).split(X)]
    for k, (train, test) in enumerate(pairs):
        given = {"sample_weight": s[train], "offset": o[train], "lower": 0.0}
        pilot = eq.fit(X[train], y[train], l1=0.0, **given).coef
        assert (pilot >= 0).all()
        share = 2.0 * s[train].sum() / s.sum()
        with np.errstate(divide="ignore"):
            fit = eq.fit(X[train], y[train], l1=share / np.abs(pilot), l2=0.1 * share, **given)
        misfit = y[test] - fit.predict(X[test], offset=o[test])
        assert found.cv.fold_loss[0, k] == pytest.approx(s[test] @ misfit**2 / s[test].sum(), rel=1e-7)


def test_missing_values_take_the_means_of_training_rows():
    X, y = data(8)
    X[3, 0] = X[20, 2] = X[40, 5] = np.nan
    ids = np.arange(60) % 3
    found = eq.adapt(X, y, pilot="least squares", folds=ids, strengths=[3.0], missing="mean")
    for k in range(3):
        filled = np.where(np.isnan(X), np.nanmean(X[ids != k], axis=0), X)
        pilot = LinearRegression().fit(filled[ids != k], y[ids != k]).coef_
        loss = held_out_by_hand(filled, y, ids != k, ids == k, pilot, [3.0], 1.0)
        assert found.cv.fold_loss[0, k] == pytest.approx(loss[0], rel=1e-7)


def test_it_finds_the_support_that_the_plain_lasso_clutters():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 20)) + rng.normal(size=(200, 1))
    y = X[:, :3] @ [3.0, -2.0, 1.5] + rng.normal(size=200)
    plain = eq.cross_validate(X, y).best
    found = eq.adapt(X, y, pilot="least squares").best
    assert found.support.tolist() == [0, 1, 2]
    assert set(plain.support) > {0, 1, 2}


def test_a_pilot_that_keeps_nothing():
    X, _ = data(9)
    y = np.random.default_rng(3).normal(size=60)
    found = eq.adapt(X, y, pilot=np.zeros(8), folds=4, count=5)
    assert len(found.excluded) == 8
    assert not found.best.coef.any()
    assert found.best.intercept == pytest.approx(y.mean())
    assert "8 of 8 features excluded" in str(found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"pilot": "rigde"}, "pilot is 'rigde': pass one of 'ridge', 'unpenalised'"),
        ({"pilot": [1.0, 2.0]}, "pilot has 2 values but X has 8 features"),
        ({"pilot": [np.nan] * 8}, "pilot of feature 'x1' is NaN"),
        ({"power": 0}, "power is 0: pass a positive number"),
        ({"power": INF}, "power is inf"),
        (
            {"pilot": np.zeros(8), "lower": 0.5},
            "pilot of feature 'x1' is 0, which excludes it, but its bounds",
        ),
        (
            {"sample_weight": np.full(60, 0.01)},
            "total weight of 0.6 leave nothing to choose a ridge penalty by",
        ),
    ],
)
def test_what_cannot_be_used(asked, found):
    with pytest.raises(ValueError, match=found):
        eq.adapt(*data(9), **{"folds": 3, "count": 3, **asked})


def test_least_squares_of_too_few_rows():
    X, y = data(9, n=12, p=9)
    with pytest.raises(ValueError, match=r"8 rows .* are fewer than 10 coefficients: pass pilot='ridge'"):
        eq.adapt(X, y, pilot="least squares", folds=3, count=3)


def test_text_frame_dict_and_picture():
    import matplotlib

    matplotlib.use("Agg")
    found = eq.adapt(*data(9), pilot="lasso", folds=4, count=6)
    assert str(found).startswith("pilot: lasso, power 1; ")
    frame = found.to_frame(like="pandas")
    assert frame["pilot"].tolist() == found.pilot.tolist()
    assert frame["best"].tolist() == found.best.coef.tolist()
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["cv"]["best_strength"] == found.cv.best_strength
    assert told["weights"] == [None if np.isinf(w) else w for w in found.weights.tolist()]
    assert found.plot().line_.get_ydata().tolist() == found.cv.mean.tolist()
    matplotlib.pyplot.close("all")
