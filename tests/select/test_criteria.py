"""Criteria: degrees of freedom by hat matrices and by simulation, values by their formulas, bad questions."""

import json
import math

import numpy as np
import pytest
from sklearn.linear_model import LassoLarsIC

import equipoise as eq

INF = np.inf


def data(seed: int, n: int = 60, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def freedom_by_hand(X, coef, t, *, l1, l2, s, intercept, lower, upper):
    """Trace of the hat matrix of the features free to move, by dense inverses."""
    X = X - s @ X / s.sum() if intercept else X
    free = (lower < coef) & (coef < upper) & ((coef != 0) | (l1 == 0))
    A = np.sqrt(s)[:, None] * X[:, free]
    hat = A @ np.linalg.pinv(A.T @ A + 2.0 * t * np.diag(l2[free])) @ A.T
    return np.trace(hat) + intercept


CASES = {
    "lasso": {},
    "elastic net": {"l2": 0.4},
    "no intercept": {"intercept": False, "l2": 0.1},
    "weights": {"sample_weight": np.arange(60.0) % 3, "l2": 0.2},
    "factors": {
        "l1": np.array([0.0, 1.0, 2.0, 0.5, 0.0, 1.0, INF, 1.0]),
        "l2": np.r_[np.zeros(4), np.ones(4)],
    },
    "bounds": {"lower": -0.4, "upper": np.array([1.0, *np.full(7, INF)]), "l2": 0.1},
    "standardised": {"standardize": True, "l2": 0.3},
    "offset": {"offset": np.linspace(-3, 3, 60)},
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_criteria_are_made_of(case):
    X, y = data(1)
    asked = CASES[case]
    path = eq.path(X, y, count=12, ratio=1e-3, **asked)
    found = path.criteria(gamma=0.5)
    s = np.asarray(asked.get("sample_weight", np.ones(60)))
    l1, l2, lower, upper = (
        np.broadcast_to(asked.get(name, default), 8)
        for name, default in (("l1", 1.0), ("l2", 0.0), ("lower", -INF), ("upper", INF))
    )
    sd = np.sqrt(np.cov(X, rowvar=False, aweights=s, ddof=0).diagonal()) if "standardize" in asked else 1.0
    n = s.sum()
    candidates = int(((l1 > 0) & (l1 < INF)).sum())
    for i, t in enumerate(path.strengths):
        coef = path.coef[i]
        df = freedom_by_hand(
            X,
            coef,
            t,
            l1=l1,
            l2=l2 * sd**2,
            s=s,
            intercept=asked.get("intercept", True),
            lower=lower,
            upper=upper,
        )
        residual = y - asked.get("offset", 0.0) - path.intercept[i] - X @ coef
        rss = s @ residual**2
        kept = int(((coef != 0) & (l1 > 0)).sum())
        bic = n * math.log(rss / n) + math.log(n) * df
        assert found.degrees_of_freedom[i] == pytest.approx(df, abs=1e-9)
        assert found.rss[i] == pytest.approx(rss, rel=1e-10)
        assert found.kept[i] == kept
        assert found.aic[i] == pytest.approx(n * math.log(rss / n) + 2 * df)
        assert found.bic[i] == pytest.approx(bic)
        assert found.ebic[i] == pytest.approx(bic + math.log(math.comb(candidates, kept)))
    full = np.column_stack([X[:, l1 < INF], np.ones(60)] if asked.get("intercept", True) else [X])
    target = y - asked.get("offset", 0.0)
    root = np.sqrt(s)
    left = root * (target - full @ np.linalg.lstsq(root[:, None] * full, root * target, rcond=None)[0])
    variance = left @ left / (n - full.shape[1])
    assert found.variance == pytest.approx(variance)
    cp = found.rss / variance - n + 2 * found.degrees_of_freedom
    np.testing.assert_allclose(found.cp, cp, rtol=1e-9, atol=1e-7)
    assert found.best("cp").l1 == pytest.approx(path.strengths[np.argmin(cp)] * l1)


def test_degrees_of_freedom_are_the_covariance_of_fit_and_response():
    # df = Σ cov(ŷ_i, y_i)/σ² (Efron), by simulation: an identity that knows no formula of ours.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(25, 10))
    truth = X[:, :2] @ [1.5, -1.0]
    noise = rng.normal(size=(400, 25))
    for l2 in (0.0, 1.0):
        product, counted = np.empty(400), np.empty(400)
        for r, e in enumerate(noise):
            path = eq.path(X, truth + e, strengths=[3.0], l2=l2)
            # The truth has no covariance with the noise; without it there is less of that.
            product[r] = e @ (path.intercept[0] + X @ path.coef[0] - truth)
            counted[r] = path.criteria(variance=1.0).degrees_of_freedom[0]
        error = (product - counted).std() / 20.0
        assert abs((product - counted).mean()) < 3.0 * error
        assert error < 0.2


def test_the_choice_is_scikit_learns():
    X, y = data(2, n=120)
    variance = 1.3
    path = eq.path(X, y, count=200, ratio=1e-4)
    for name in ("aic", "bic"):
        theirs = LassoLarsIC(criterion=name, noise_variance=variance).fit(X, y)
        # Their curve has a value at every knot; at the same strengths the two differ by a constant.
        knots = theirs.alphas_[theirs.alphas_ > 1e-6] * 120
        ours = getattr(eq.path(X, y, strengths=knots).criteria(variance=variance), name)
        difference = ours - theirs.criterion_[: len(knots)]
        np.testing.assert_allclose(difference, difference[0], atol=1e-5)
        best = path.criteria(variance=variance).best(name)
        assert set(best.support) == set(np.flatnonzero(theirs.coef_))


def test_collinear_columns_are_counted_once():
    X, y = data(3)
    X = np.column_stack([X, X[:, 0] + X[:, 1], np.ones(60), X[:, 2]])
    path = eq.path(X, y, strengths=[5.0, 0.0], l1=[0.0] * 11)
    assert path.criteria().degrees_of_freedom.tolist() == [9.0, 9.0]
    # Nearly collinear columns are two.
    X[:, 10] += 1e-9 * np.arange(60)
    assert eq.path(X, y, strengths=[0.0]).criteria().degrees_of_freedom.tolist() == [10.0]


def test_a_coefficient_at_its_bound_is_not_free():
    X, y = data(4)
    path = eq.path(X, y, strengths=[1.0], upper=0.5, lower=-0.5)
    inside = (np.abs(path.coef[0]) < 0.5) & (path.coef[0] != 0)
    assert 0 < inside.sum() < (path.coef[0] != 0).sum()
    found = path.criteria()
    assert found.degrees_of_freedom[0] == 1 + inside.sum()
    assert found.kept[0] == (path.coef[0] != 0).sum()


@pytest.mark.parametrize("p", [80, 300])
def test_more_columns_than_rows(p):
    X, y = data(5, n=40, p=p)
    path = eq.path(X, y, count=15, l2=0.1)
    found = path.criteria()
    for i in (3, 14):
        args = {"l1": np.ones(p), "l2": np.full(p, 0.1), "s": np.ones(40), "intercept": True}
        df = freedom_by_hand(X, path.coef[i], path.strengths[i], lower=-INF, upper=INF, **args)
        assert found.degrees_of_freedom[i] == pytest.approx(df)
    with pytest.raises(
        ValueError, match=f"Cp needs .* 40 rows leave nothing .* {p + 1} coefficients: pass variance"
    ):
        _ = found.cp
    with pytest.raises(ValueError, match="pass variance"):
        found.best("cp")
    assert path.criteria(variance=1.0).best("cp").certificate.optimal
    assert "cp" not in found.to_frame(like="pandas")
    assert "no cp" in str(found)


def test_a_weight_of_two_is_two_rows():
    X, y = data(6, n=30)
    s = np.r_[np.ones(15), np.full(15, 2.0)]
    strengths = [20.0, 3.0, 0.5]
    weighted = eq.path(X, y, strengths=strengths, sample_weight=s).criteria()
    twice = np.repeat(np.arange(30), s.astype(int))
    repeated = eq.path(X[twice], y[twice], strengths=strengths).criteria()
    for name in ("aic", "bic", "ebic", "cp", "degrees_of_freedom", "rss"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(repeated, name), rtol=1e-9)


def test_a_perfect_fit_is_not_a_choice():
    X, _ = data(7)
    y = X @ np.r_[2.0, -1.0, np.zeros(6)]
    found = eq.path(X, y, strengths=[10.0, 1.0, 0.0]).criteria()
    assert np.isposinf(found.bic[2])
    assert np.isfinite(found.bic[:2]).all()
    assert found.best_strength("bic") == 1.0
    with pytest.raises(ValueError, match="leaves no residual: pass variance"):
        _ = found.cp
    assert np.isfinite(eq.path(X, y, strengths=[10.0, 0.0]).criteria(variance=0.1).cp).all()
    # Of a constant response nothing is left anywhere.
    nothing = eq.path(X, np.full(60, 3.0), count=3).criteria()
    with pytest.raises(ValueError, match="bic tells nothing here"):
        nothing.best("bic")
    assert "no bic" in str(nothing)


def test_spent_degrees_of_freedom_are_no_perfect_choice():
    X, y = data(8, n=20, p=40)
    found = eq.path(X, y, strengths=[5.0, 1e-9]).criteria()
    assert found.degrees_of_freedom[1] == 20
    assert np.isposinf(found.aic[1])
    # Weights that add up to 1 count one row in all.
    X, y = data(8)
    with pytest.raises(ValueError, match="add up to the number of rows"):
        eq.path(X, y, count=5, sample_weight=np.full(60, 1 / 60)).criteria().best("aic")


def test_the_extended_criterion_keeps_out_what_chance_brings_in():
    kept = {"bic": 0, "ebic": 0}
    for seed in range(5):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(80, 200))
        criteria = eq.path(X, 2.0 * X[:, 0] + rng.normal(size=80), count=40, ratio=0.1).criteria()
        for name in kept:
            kept[name] += len(criteria.best(name).support)
    assert kept["ebic"] < kept["bic"]
    assert eq.path(X, X[:, 0], count=5).criteria(gamma=0).ebic.tolist()[0] == pytest.approx(
        eq.path(X, X[:, 0], count=5).criteria().bic[0]
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"gamma": -1}, "gamma is -1: pass a number that is not negative"),
        ({"gamma": np.nan}, "gamma is nan"),
        ({"variance": 0.0}, "variance is 0.0: pass a positive number"),
        ({"variance": np.inf}, "variance is inf"),
    ],
)
def test_what_cannot_be_used(asked, found):
    with pytest.raises(ValueError, match=found):
        eq.path(*data(9), count=2).criteria(**asked)


def test_a_criterion_that_is_none():
    with pytest.raises(ValueError, match="criterion is 'bicc': did you mean 'bic'"):
        eq.path(*data(9), count=2).criteria().best("bicc")


def test_text_frame_dict_and_picture():
    import matplotlib

    matplotlib.use("Agg")
    found = eq.path(*data(9), strengths=[30.0, 3.0, 0.0]).criteria()
    assert [line.split()[0] for line in str(found).splitlines()[:5]] == [
        "criterion",
        "aic",
        "bic",
        "ebic",
        "cp",
    ]
    frame = found.to_frame(like="pandas")
    assert frame["cp"].tolist() == found.cp.tolist()
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["ebic"] == found.ebic.tolist()
    ax = found.plot().ax_
    assert len(ax.lines) == 8
    assert ax.get_xlabel() == "strength of the penalty (stronger on the left)"
    matplotlib.pyplot.close("all")
