"""Predictions along a path: a column a strength, or the one that is asked for."""

import numpy as np
import pytest
from scipy import sparse

import equipoise as eq


def data(n: int = 30, p: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    X = rng.normal(1.0, 2.0, size=(n, p))
    return X, X[:, :2] @ [2.0, -1.5] + 2.0 + rng.normal(size=n), rng.normal(size=(7, p))


def test_by_hand():
    """At strength t ≤ 3 the solution is ((6 − t)/3, (3 − t)/3); above, (5 − t)/2."""
    path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, strengths=[1.5, 4.0, 3.0])
    w = np.array([[1.5, 0.5], [0.5, 0.0], [1.0, 0.0]])
    new = np.array([[1.0, 1.0], [2.0, -1.0], [0.0, 0.0], [0.0, 5.0]])
    assert path.predict(new) == pytest.approx(new @ w.T)
    assert path.predict(new, 4.0) == pytest.approx(new @ [0.5, 0.0])
    assert path.predict(new, 2.0) == pytest.approx(new @ [4 / 3, 1 / 3])  # between two strengths: no line


@pytest.mark.parametrize("p", [6, 600])  # more columns than are read at a time
def test_the_columns_are_those_of_scikit_learn(p):
    linear_model = pytest.importorskip("sklearn.linear_model")
    X, y, new = data(p=p)
    path = eq.path(X, y, strengths=[90.0, 30.0, 10.0])
    found = path.predict(new)
    assert found.shape == (7, 3)
    for column, strength in zip(found.T, path.strengths, strict=True):
        peer = linear_model.Lasso(alpha=strength / 30, tol=1e-14, max_iter=10**6).fit(X, y)
        assert column == pytest.approx(peer.predict(new), rel=1e-6, abs=1e-6)


def test_many_features_that_are_in_are_read_in_parts():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 700))
    path = eq.path(X, X[:, 0] + rng.normal(size=20), l1=0.0, l2=1.0, strengths=[5.0, 0.5])
    assert len(path.ever) == 700
    for i in range(2):
        assert path.predict(X)[:, i] == pytest.approx(path.intercept[i] + X @ path.coef[i], rel=1e-12)


def test_whatever_holds_the_rows(tmp_path):
    X, y, new = data()
    path = eq.path(X, y, count=8)
    wanted = path.intercept + new @ path.coef.T
    assert path.predict(new.tolist()) == pytest.approx(wanted)
    assert path.predict(sparse.csr_array(new)) == pytest.approx(wanted)
    np.save(tmp_path / "new.npy", new)
    assert path.predict(eq.Mapped(tmp_path / "new.npy")) == pytest.approx(wanted)
    offset = np.arange(7.0)
    assert path.predict(new, offset=offset) == pytest.approx(wanted + offset[:, None])
    strength = float(path.strengths[3])
    assert path.predict(new, strength, offset=offset) == pytest.approx(wanted[:, 3] + offset)
    assert path.predict(new[:1]).shape == (1, 8)


def test_a_frame_is_read_by_its_names():
    pd = pytest.importorskip("pandas")
    X, y, _ = data(p=2)
    frame = pd.DataFrame({"a": X[:, 0], "kind": np.array(["u", "v", "w"])[np.arange(30) % 3], "b": X[:, 1]})
    path = eq.path(frame, y, count=5)
    new = pd.DataFrame({"kind": ["v", "z"], "b": [1.0, 2.0], "a": [3.0, 4.0], "more": [0.0, 0.0]})
    with pytest.raises(ValueError, match="'z'"):
        path.predict(new)
    found = path.predict(new, unseen="zero")
    coef = {name: path.coef[:, j] for j, name in enumerate(path.features)}
    wanted = path.intercept + 3.0 * coef["a"] + 1.0 * coef["b"] + coef["kind=v"]
    assert found[0] == pytest.approx(wanted)
    assert found[1] == pytest.approx(path.intercept + 4.0 * coef["a"] + 2.0 * coef["b"])


def test_mistakes_are_sentences():
    X, y, new = data()
    path = eq.path(X, y, count=3)
    with pytest.raises(ValueError, match="X has 5 columns but the model has 6 features"):
        path.predict(new[:, :5])
    with pytest.raises(ValueError, match="strength is -1"):
        path.predict(new, -1)
    with pytest.raises(ValueError, match="offset has 6"):
        path.predict(new, offset=np.zeros(6))
    with pytest.raises(ValueError, match="NaN"):
        path.predict(np.full((2, 6), np.nan))


@pytest.mark.parametrize("loaded", [False, True])
def test_an_offset_of_the_fit_is_needed_again(loaded, tmp_path):
    pd = pytest.importorskip("pandas")
    X, y, new = data(p=2)
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(y=y, o=X[:, 0] / 7)
    path = eq.path(frame, "y", offset="o", count=4)
    if loaded:
        path.save(tmp_path / "path.json")
        path = eq.load(tmp_path / "path.json")
    wanted = path.intercept + new @ path.coef.T
    rows = pd.DataFrame(new, columns=["a", "b"])
    shift = np.arange(7.0)
    for given, more in (
        ((rows.assign(o=shift), None), shift),
        ((rows.assign(other=shift), "other"), shift),
        ((rows, shift), shift),
        ((rows, 2.0), np.full(7, 2.0)),
        ((rows.assign(o=shift), 0), np.zeros(7)),
    ):
        found = path.predict(given[0], offset=given[1])
        assert found == pytest.approx(wanted + more[:, None])
        one = path.predict(given[0], float(path.strengths[2]), offset=given[1])
        assert one == pytest.approx(found[:, 2])
    with pytest.raises(ValueError, match="fitted with an offset"):
        path.predict(rows)


def test_an_offset_without_a_name_is_needed_again():
    X, y, new = data()
    path = eq.path(X, y, offset=np.ones(30), count=4)
    with pytest.raises(ValueError, match="this model was fitted with an offset: pass offset="):
        path.predict(new)
    assert path.predict(new, offset=0) == pytest.approx(path.intercept + new @ path.coef.T)


def test_rows_of_a_file_are_read(tmp_path):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("duckdb")
    X, y, new = data(p=2)
    path = eq.path(pd.DataFrame(X, columns=["a", "b"]), y, count=4)
    pd.DataFrame(new, columns=["a", "b"])[["b", "a"]].to_csv(tmp_path / "new.csv", index=False)
    assert path.predict(str(tmp_path / "new.csv")) == pytest.approx(path.intercept + new @ path.coef.T)


def test_predictions_beyond_float64_are_refused():
    path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, strengths=[1.0, 0.1])
    with pytest.raises(ValueError, match="prediction of row 1, counting from 0, is beyond float64"):
        path.predict([[1.0, 1.0], [1.7e308, 1.7e308]])
