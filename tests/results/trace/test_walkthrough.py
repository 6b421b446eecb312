import base64
import json
import re

import numpy as np
import pytest

import equipoise as eq
from equipoise.results.trace.walkthrough import walk_through


def sample(n=40, p=5, seed=1):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=p)
    return X, X[:, 0] * 2 - X[:, 1] + rng.normal(size=n)


def numbers(html):
    """What the page draws, by hand out of the page."""
    data = json.loads(re.search(r'id="walk-data">(.*?)</script>', html, flags=re.DOTALL).group(1))

    def unpack(text):
        return np.frombuffer(base64.b64decode(text), dtype="<f8")

    for run in data["runs"]:
        for name in ("w", "pull", "gradient", "largest", "residual", "objective"):
            run[name] = unpack(run[name]).reshape(len(data["moments"]), -1)
    return data


@pytest.mark.parametrize(("l1", "l2"), [(12.0, 0.0), (0.0, 7.0), (12.0, 7.0)])
@pytest.mark.parametrize("intercept", [False, True])
def test_the_three_are_the_exact_solutions(l1, l2, intercept):
    X, y = sample()
    own = eq.trace(X, y, l1=l1, l2=l2, intercept=intercept)
    three = own.beside()
    for trace in (three.lasso, three.ridge, three.elastic_net):
        run = trace.descent
        fit = eq.fit(X, y, l1=run.l1, l2=run.l2, intercept=intercept)
        assert fit.certificate.optimal
        np.testing.assert_allclose(trace.coef, fit.coef, atol=1e-7)
        np.testing.assert_array_equal(trace.coef == 0, fit.coef == 0)
    assert (three.ridge.coef != 0).all()
    assert three.ridge.descent.l1.any() == three.lasso.descent.l2.any() == False  # noqa: E712
    assert {"lasso": three.lasso, "ridge": three.ridge, "elastic net": three.elastic_net}[three.own] is own


def test_a_penalty_that_is_not_there_pulls_as_hard():
    X, y = sample()
    lasso = eq.trace(X, y, l1=12.0)
    l2 = lasso.beside().ridge.descent.l2[0]
    assert 2 * l2 * np.abs(lasso.coef).max() == pytest.approx(12.0, rel=0.01)
    ridge = eq.trace(X, y, l1=0.0, l2=7.0)
    l1 = ridge.beside().lasso.descent.l1[0]
    assert 2 * 7.0 * np.abs(ridge.coef).max() == pytest.approx(l1, rel=0.01)


@pytest.mark.parametrize(("l1", "l2"), [(20.0, 0.0), (20.0, 3.0)])
def test_every_picture_is_what_a_run_by_hand_gives(l1, l2):
    X, y = sample()
    trace = eq.trace(X, y, l1=l1, l2=l2)
    data = numbers(trace.report())
    assert data["moments"][0] == 0
    for name, run in zip(("lasso", "ridge", "elastic net"), data["runs"], strict=True):
        assert run["name"] == name
        a, b = (
            (0.0 if name == "ridge" else l1),
            (0.0 if name == "lasso" else trace.beside().ridge.descent.l2[0]),
        )
        w, step = np.zeros(X.shape[1]), 0
        for f, moment in enumerate(data["moments"]):
            while step < min(moment, run["steps"]):
                j = step % len(w)
                g = X[:, j] @ (y - X @ w + X[:, j] * w[j])
                w[j] = np.sign(g) * max(abs(g) - a, 0.0) / (X[:, j] @ X[:, j] + 2 * b)
                step += 1
            r = y - X @ w
            np.testing.assert_allclose(run["w"][f], w, atol=1e-10)
            np.testing.assert_allclose(run["pull"][f], X.T @ r, atol=1e-8)
            np.testing.assert_allclose(run["residual"][f], r, atol=1e-8)
            smooth = -X.T @ r + 2 * b * w
            gradient = np.where(
                w != 0, smooth + a * np.sign(w), np.sign(smooth) * np.maximum(abs(smooth) - a, 0.0)
            )
            np.testing.assert_allclose(run["gradient"][f], gradient, atol=1e-8)
            assert run["objective"][f, 0] == pytest.approx(r @ r / 2 + a * abs(w).sum() + b * w @ w)
        assert step == run["steps"]


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_beside_a_report_it_ends_in_the_fit(standardize, weighted):
    X, y = sample()
    X = np.column_stack([X, np.full(len(y), 0.1)])
    rng = np.random.default_rng(3)
    more = {"sample_weight": rng.integers(0, 4, len(y)).astype(float), "offset": rng.normal(size=len(y))}
    fit = eq.fit(X, y, l1=9.0, standardize=standardize, **(more if weighted else {}))
    three = walk_through(fit.setup, 1.0)
    assert three.own == "lasso"
    weights = more["sample_weight"] if weighted else np.ones(len(y))
    mean = np.average(X, axis=0, weights=weights)
    sd = np.sqrt(np.average((X - mean) ** 2, axis=0, weights=weights)) if standardize else 1.0
    np.testing.assert_allclose(three.lasso.coef, fit.coef * sd, atol=1e-7)
    assert 'id="walkthrough"' in fit.report()


def test_where_the_report_leaves_it_out():
    X, y = sample()
    assert 'id="walkthrough"' not in eq.fit(X, y, l1=9.0, lower=0.0).report()
    assert 'id="walkthrough"' not in eq.fit(X, y, l1=0.0).report()
    wide = np.random.default_rng(0).normal(size=(60, 2000))
    assert 'id="walkthrough"' not in eq.fit(wide, wide[:, 0], l1=30.0).report()


def test_what_is_refused():
    X, y = sample()
    with pytest.raises(ValueError, match="no penalty to compare"):
        eq.trace(X, y, l1=0.0).beside()
    with pytest.raises(ValueError, match="keeps a feature out"):
        eq.trace(X, y, l1=[np.inf, 1, 1, 1, 1]).beside()


def test_the_page_is_written_whole(tmp_path):
    trace = eq.trace(*sample(), l1=12.0)
    assert trace.report(tmp_path / "walk.html") is None
    assert (tmp_path / "walk.html").read_text("utf-8") == trace.report()
    assert [path.name for path in tmp_path.iterdir()] == ["walk.html"]


def test_as_a_frame_and_a_dict():
    pytest.importorskip("pandas")
    three = eq.trace(*sample(), l1=12.0).beside()
    frame = three.to_frame("pandas")
    assert list(frame.columns) == ["feature", "lasso", "ridge", "elastic_net"]
    np.testing.assert_array_equal(frame["ridge"], three.ridge.coef)
    assert json.loads(json.dumps(three.to_dict()))["lasso"]["coef"] == three.lasso.coef.tolist()


def test_many_features_and_rows_are_thinned():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 30))
    trace = eq.trace(X, X[:, 7] * 3 + rng.normal(size=300), l1=40.0)
    html = trace.report()
    data = numbers(html)
    assert len(data["features"]) == 12
    assert "x8" in data["features"]
    assert len(data["rows"]) == 40
    assert "12 of 30 features are drawn" in html
    assert "40 of 300 residuals are drawn" in html
    assert len(html) < 700_000
