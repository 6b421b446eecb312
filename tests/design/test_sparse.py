"""Sparse data give what the same numbers give as a dense array, and meet the conditions from scratch."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import ElasticNet
from sklearn.model_selection import KFold

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.design.sparse import Sparse

SHAPES = [(200, 30, 0.2), (3000, 400, 0.01), (60, 40, 0.5), (80, 500, 0.05)]


def draw(n, p, density, seed=0):
    """Sparse columns, beside them one far from zero, an empty one and a constant one."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < density)
    X[:, 3] = 1e6 + rng.normal(size=n)
    X[:, 5], X[:, 7] = 0.0, 2.0
    y = X[:, 8:15] @ rng.normal(size=7) + rng.normal(size=n) + 5.0
    s = rng.random(n) * (rng.random(n) > 0.1)
    return X, y, s


def violation(X, y, fit, s=None, l2=0.0):
    """Largest distance of a pull to its interval, in units of its limit, in extended precision."""
    X, y = X.astype(np.longdouble), y.astype(np.longdouble)
    s = np.ones(len(y), np.longdouble) if s is None else s.astype(np.longdouble)
    X = X - s @ X / s.sum()
    residual = y - X @ fit.coef.astype(np.longdouble)
    residual = residual - s @ residual / s.sum()
    pull = X.T @ (s * residual) - 2 * np.longdouble(l2) * fit.coef
    off = np.where(fit.coef != 0, np.abs(pull - np.sign(fit.coef) * fit.limits), np.abs(pull) - fit.limits)
    return float(np.max(off / fit.limits, where=fit.limits > 0, initial=0.0))


@pytest.mark.parametrize(("n", "p", "density"), SHAPES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("standardize", [False, True])
def test_a_path_equals_that_of_the_dense_array(n, p, density, weighted, standardize):
    X, y, s = draw(n, p, density)
    asked = {"sample_weight": s if weighted else None, "standardize": standardize, "count": 20, "ratio": 0.02}
    dense, found = eq.path(X, y, **asked), eq.path(sparse.csr_array(X), y, **asked)
    np.testing.assert_allclose(found.strengths, dense.strengths, rtol=1e-12)
    scale = np.abs(dense.coef).max(axis=0)
    there = s > 0 if weighted else s >= 0
    for i, (ours, theirs) in enumerate(zip(found.certificates, dense.certificates, strict=True)):
        if ours.unique:
            assert np.all(np.abs(found.coef[i] - dense.coef[i]) <= 1e-9 * scale)
        # Columns of one entry may be copies of each other.
        fitted = X[there] @ (found.coef[i] - dense.coef[i]) + found.intercept[i] - dense.intercept[i]
        assert np.abs(fitted).max() <= 1e-9 * np.abs(y).max()
        assert ours.optimal
        assert ours.status == theirs.status
        assert np.array_equal(ours.zeros_proved, theirs.zeros_proved)


@pytest.mark.parametrize(("n", "p", "density"), SHAPES)
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_a_fit_meets_the_conditions(n, p, density, l2):
    X, y, s = draw(n, p, density)
    for weights in (None, s):
        l1 = 0.1 * eq.path(X, y, sample_weight=weights, count=1).strengths[0]
        if l1 > 1e5:  # set by the column that is far from zero
            l1 = 5.0
        fit = eq.fit(sparse.csc_matrix(X), y, l1=l1, l2=l2, sample_weight=weights)
        assert violation(X, y, fit, weights, l2) <= 1e-9


def test_scikit_learn_finds_the_same():
    X, y, _ = draw(400, 60, 0.1)
    X[:, 3] = 0.0
    alpha, ratio = 0.02, 0.7
    theirs = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-13, max_iter=10**6).fit(sparse.csc_array(X), y)
    ours = eq.ElasticNet(alpha=alpha, l1_ratio=ratio).fit(sparse.csc_array(X), y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-9)
    np.testing.assert_allclose(ours.predict(sparse.csr_array(X)), theirs.predict(X), atol=1e-8)


@pytest.mark.parametrize(("n", "p", "density"), [(300, 40, 0.1), (60, 400, 0.1)])
@pytest.mark.parametrize("folds", [5, KFold(4), "overlapping"])
def test_cross_validation_equals_that_of_the_dense_array(n, p, density, folds):
    X, y, s = draw(n, p, density)
    if folds == "overlapping":
        folds = [(np.arange(0, n - 20), np.arange(n - 20, n)), (np.arange(20, n), np.arange(20))]
    asked = {"folds": folds, "sample_weight": s, "standardize": True, "count": 15, "ratio": 0.05}
    dense, found = eq.cross_validate(X, y, **asked), eq.cross_validate(sparse.csr_matrix(X), y, **asked)
    np.testing.assert_allclose(found.fold_loss, dense.fold_loss, rtol=1e-9)
    assert found.best_strength == pytest.approx(dense.best_strength)
    assert found.one_se_strength == pytest.approx(dense.one_se_strength)


def test_explained_audited_and_predicted_like_the_dense_array(tmp_path):
    X, y, _ = draw(200, 30, 0.2)
    S = sparse.csr_array(X)
    dense, found = eq.fit(X, y, l1=8, standardize=True), eq.fit(S, y, l1=8, standardize=True)
    for ours, theirs in zip(found.explain(), dense.explain(), strict=True):
        assert (ours.status, ours.reason) == (theirs.status, theirs.reason)
        assert ours.alone == pytest.approx(theirs.alone, rel=1e-9, abs=1e-9)
        assert (ours.enters_at is None) == (theirs.enters_at is None)
        assert ours.enters_at is None or ours.enters_at == pytest.approx(theirs.enters_at, rel=1e-9)
    assert eq.audit(S, y, found.coef, found.intercept, l1=8, standardize=True).optimal
    found.save(tmp_path / "model.json")
    again = eq.load(tmp_path / "model.json")
    np.testing.assert_array_equal(again.predict(S), found.predict(S))
    np.testing.assert_allclose(found.predict(S), dense.predict(X), rtol=1e-12)
    np.testing.assert_allclose(found.predict(S, offset=y), found.predict(S) + y)
    assert again.explain(S, y)["x1"].status == dense.explain()["x1"].status


def test_bounds_factors_and_unpenalised_columns():
    X, y, _ = draw(80, 500, 0.05)
    l1 = np.full(500, 2.0)
    l1[[0, 9]], l1[20] = 0.0, np.inf
    lower = np.where(np.arange(500) % 2, 0.0, -np.inf)
    asked = {"l1": l1, "l2": 0.1, "lower": lower, "upper": 0.5}
    dense, found = eq.fit(X, y, **asked), eq.fit(sparse.csc_array(X), y, **asked)
    np.testing.assert_allclose(found.coef, dense.coef, atol=1e-9 * np.abs(dense.coef).max())
    assert found.certificate.status == dense.certificate.status


def test_choosing_verbs_take_sparse_data():
    X, y, _ = draw(200, 30, 0.2)
    X[:, 3] = 0.0
    S = sparse.csr_array(X)
    np.testing.assert_allclose(eq.relax(S, y).best.coef, eq.relax(X, y).best.coef, atol=1e-8)
    np.testing.assert_allclose(eq.adapt(S, y).best.coef, eq.adapt(X, y).best.coef, atol=1e-8)
    np.testing.assert_array_equal(
        eq.stability_selection(S, y).frequency, eq.stability_selection(X, y).frequency
    )


def test_wide_ridge():
    X, y, _ = draw(60, 400, 0.1)
    X[:, 3] = 0.0
    dense, found = eq.fit(X, y, l1=0, l2=0.5), eq.fit(sparse.csc_array(X), y, l1=0, l2=0.5)
    np.testing.assert_allclose(found.coef, dense.coef, atol=1e-12)
    assert found.certificate.optimal


def test_nothing_is_made_dense(monkeypatch):
    n, p = 3000, 40_000
    rng = np.random.default_rng(1)
    X = sparse.random_array((n, p), density=1e-3, rng=rng, format="csr")
    y = X[:, :50] @ rng.normal(size=50) + 0.1 * rng.normal(size=n)

    def refused(self, indices, centre=None):
        raise AssertionError(f"{len(indices)} columns were made dense")

    monkeypatch.setattr(Sparse, "columns", refused)
    path = eq.path(X, y, count=20, ratio=0.05)
    residual = y - path.intercept[-1] - X @ path.coef[-1]
    on, limit = path.coef[-1] != 0, path.strengths[-1]
    pull = X.T @ residual
    assert np.abs(pull - limit * np.sign(path.coef[-1]))[on].max() <= 1e-9 * limit
    assert np.abs(pull[~on]).max() <= limit * (1 + 1e-9)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("density", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("gram", [False, True])
def test_moments_and_products_equal_those_of_the_dense_array(weighted, density, gram):
    X, y, s = draw(300, 40, density)
    s = np.maximum(s, 0.01) if weighted else None
    dense, found = Dense(X), Sparse(sparse.csc_array(X), None, s)
    ours, theirs = found.moments(y, s, gram=gram), dense.moments(y, s, gram=gram)
    spread = np.sqrt(np.maximum(np.diagonal(theirs.xx) if gram else theirs.xx, 0.0))
    np.testing.assert_allclose(ours.mean_x, theirs.mean_x, rtol=1e-13, atol=1e-13)
    assert np.all(
        np.abs(ours.xx - theirs.xx) <= 1e-12 * (np.outer(spread, spread) if gram else spread**2) + 1e-9
    )
    assert np.all(np.abs(ours.xy - theirs.xy) <= 1e-12 * spread * np.sqrt(theirs.yy) + 1e-9)
    centre, r = theirs.mean_x, y - y.mean()
    coef = np.linspace(-1, 1, 40)
    some = np.array([3, 9, 11])
    np.testing.assert_allclose(found.pull(r, centre), dense.pull(r, centre), atol=1e-9)
    np.testing.assert_allclose(
        found.predict(None, coef, centre), dense.predict(None, coef, centre), atol=1e-9
    )
    np.testing.assert_allclose(
        found.predict(some, coef[some]), dense.predict(some, coef[some]), rtol=1e-13, atol=1e-9
    )
    np.testing.assert_array_equal(found.columns(some, centre), dense.columns(some, centre))


def test_bad_input_is_said():
    S, y = sparse.csr_array(np.eye(3)), np.ones(3)
    with pytest.raises(TypeError, match=r"X is sparse, but is needed as a dense array here: pass X.toarray"):
        eq.debias(S, y, l1=0.1)
    with pytest.raises(TypeError, match=r"pass X.toarray\(\)"):
        eq.trace(S, y, l1=1)
    with pytest.raises(ValueError, match="y has 2 values but X has 3 rows"):
        eq.fit(S, y[:2], l1=1)
    with pytest.raises(ValueError, match="the model has 3 features"):
        eq.fit(S, y, l1=1).predict(sparse.csr_array(np.eye(2)))
