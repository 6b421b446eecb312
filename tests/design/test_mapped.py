"""A matrix on disk gives what the same numbers give in memory, and meets the conditions from scratch."""

import numpy as np
import pyarrow as pa
import pytest

import equipoise as eq
from equipoise.data.disk import mapped
from equipoise.data.disk import mmap_store as stored
from equipoise.design import mapped as design

SHAPES = [(300, 40), (60, 400), (90, 700)]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks so small that every matrix has many, cut in both directions."""
    monkeypatch.setattr(stored, "BLOCK_ENTRIES", 1000)
    monkeypatch.setattr(mapped, "MIN_BLOCK_ROWS", 8)
    monkeypatch.setattr(mapped, "MIN_BAND_ROWS", 50)
    monkeypatch.setattr(design, "HELD", 2000)


def draw(n, p, dtype="float64"):
    """Correlated columns, beside them one far from zero, an empty one and a constant one."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    X[:, 3] = 1000 + rng.normal(size=n)
    X[:, 5], X[:, 7] = 0.0, 2.0
    X = (X * (1 if dtype == "float64" else 5)).astype(dtype)
    y = X[:, 8:15] @ rng.normal(size=7) + rng.normal(size=n) + 5.0
    s = rng.random(n) * (rng.random(n) > 0.1)
    return X, y, s


def on_disk(X, folder, kind):
    if kind == "arrow":
        return eq.Mapped(pa.table({f"x{j + 1}": X[:, j] for j in range(X.shape[1])}))
    np.save(folder / "x.npy", np.asarray(X, order=kind))
    return eq.Mapped(folder / "x.npy")


def violation(X, y, coef, limits, s):
    """Largest distance of a pull to its interval, in units of its limit, in extended precision."""
    X, y, s = (a.astype(np.longdouble) for a in (X, y, s))
    X = X - s @ X / s.sum()
    residual = y - X @ coef.astype(np.longdouble)
    residual = residual - s @ residual / s.sum()
    pull = X.T @ (s * residual)
    off = np.where(coef != 0, np.abs(pull - np.sign(coef) * limits), np.abs(pull) - limits)
    moving = limits > 0  # a constant column has no pull
    return float(np.max(off[moving] / limits[moving]))


@pytest.mark.parametrize(("n", "p"), SHAPES)
@pytest.mark.parametrize("kind", ["F", "C", "arrow"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "int16"])
def test_a_path_equals_that_of_the_array(tmp_path, n, p, kind, weighted, dtype):
    X, y, s = draw(n, p, dtype)
    s = s if weighted else np.ones(n)
    asked = {"sample_weight": s if weighted else None, "standardize": True, "count": 15, "ratio": 0.05}
    there = eq.path(X.astype(float), y, **asked)
    found = eq.path(on_disk(X, tmp_path, kind), y, **asked)
    np.testing.assert_allclose(found.strengths, there.strengths, rtol=1e-12)
    np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-12 * np.abs(there.coef).max())
    for k, certificate in enumerate(found.certificates):
        assert certificate.optimal
        np.testing.assert_array_equal(certificate.zeros_proved, there.certificates[k].zeros_proved)
    last = found[-1]
    assert violation(X, y, last.coef, last.limits, s) <= 1e-9


@pytest.mark.parametrize(("n", "p"), SHAPES)
@pytest.mark.parametrize("kind", ["F", "C"])
def test_cross_validation_equals_that_of_the_array(tmp_path, n, p, kind):
    X, y, s = draw(n, p)
    asked = {"folds": 4, "sample_weight": s, "standardize": True, "count": 12, "ratio": 0.1}
    M = on_disk(X, tmp_path, kind)
    there, found = eq.cross_validate(X, y, **asked), eq.cross_validate(M, y, **asked)
    np.testing.assert_allclose(found.fold_loss, there.fold_loss, rtol=1e-9)
    assert found.one_se_strength == pytest.approx(there.one_se_strength)


@pytest.mark.parametrize(("n", "p"), [(60, 400)])
def test_every_penalty_and_constraint(tmp_path, n, p):
    X, y, s = draw(n, p)
    M = on_disk(X, tmp_path, "F")
    factors = np.where(np.arange(p) % 7 == 0, np.inf, 1.0)
    factors[10] = 0.0
    for asked in (
        {"l1": 0.0, "l2": 3.0},
        {"l1": 5.0, "l2": 2.0, "lower": -0.2, "upper": 0.3},
        {"l1": 5.0 * factors, "sample_weight": s, "offset": X[:, 0]},
        {"l1": 5.0, "lower": {"x12": 0.0}, "intercept": False},
    ):
        there, found = eq.fit(X, y, **asked), eq.fit(M, y, **asked)
        assert found.certificate.optimal
        np.testing.assert_allclose(found.coef, there.coef, rtol=1e-9, atol=1e-11)


def test_explained_audited_saved_and_reported_like_the_array(tmp_path):
    X, y, _ = draw(60, 120)
    M = on_disk(X, tmp_path, "F")
    there, found = eq.fit(X, y, l1=20.0), eq.fit(M, y, l1=20.0)
    assert found.explain("x12") == there.explain("x12")
    assert str(found.survivors()) == str(there.survivors())
    assert eq.audit(M, y, found.coef, found.intercept, l1=20.0).optimal
    np.testing.assert_allclose(found.predict(M), there.predict(X), rtol=1e-12)
    found.save(tmp_path / "model.json")
    again = eq.load(tmp_path / "model.json")
    np.testing.assert_array_equal(again.predict(M), found.predict(M))
    assert again.explain(M, y)["x1"].status == there.explain()["x1"].status
    assert "X column by column" in found.report()
    events, same = eq.path(M, y, count=5).events, eq.path(X, y, count=5).events
    assert [(e.feature, e.kind) for e in events] == [(e.feature, e.kind) for e in same]


def test_verbs_that_look_at_all_of_it_refuse(tmp_path):
    X, y, _ = draw(60, 120)
    M = on_disk(X, tmp_path, "F")
    for verb in (eq.trace, eq.debias):
        with pytest.raises(TypeError, match=f"{verb.__name__} needs all of X at once, and X is on disk"):
            verb(M, y, l1=20.0)
    with pytest.raises(TypeError, match="a lasso pilot in every fold needs all of X at once"):
        eq.adapt(M, y, pilot="lasso")
    with pytest.raises(TypeError, match="an estimator needs it in memory"):
        eq.Lasso().fit(M, y)
    with pytest.raises(ValueError, match="missing is 'drop' but X is on disk"):
        eq.fit(M, y, l1=1, missing="drop")
    model = eq.fit(pa.table({"a": X[:, 0], "b": X[:, 1]}), y, l1=1)
    with pytest.raises(TypeError, match="X is a matrix on disk but the model was fitted on a data frame"):
        model.predict(M)


def test_a_fit_is_read_a_few_times_and_never_held(tmp_path, monkeypatch):
    import tracemalloc

    monkeypatch.undo()  # blocks of their true size: as small as above there would be 16 000
    rng = np.random.default_rng(0)
    n, p = 400, 40_000
    np.save(tmp_path / "x.npy", np.asfortranarray(rng.integers(0, 3, size=(n, p)).astype("int8")))
    M = eq.Mapped(tmp_path / "x.npy")
    y = M.columns(np.arange(3)) @ [1.0, -1.0, 0.5] + 0.1 * rng.normal(size=n)
    tracemalloc.start()
    path = eq.path(M, y, ratio=0.3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert all(certificate.optimal for certificate in path.certificates)
    assert M.passes < 0.25 * len(path.strengths)
    assert peak < 0.25 * 8 * n * p
