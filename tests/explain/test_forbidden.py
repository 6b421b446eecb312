"""What it costs to forbid each feature of a model, against fits without its column; how little is solved."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso

import equipoise as eq
from equipoise.explain.forbidden import forbid_each
from equipoise.solve.squares.refine import Refiner
from equipoise.solve.squares.working_set import WorkingSet


def draw(n, p, noise=None, seed=0):
    """Gaussian columns, or near-copies of half of them, a response of the first six, and the largest pull."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    if noise is not None:
        X[:, p // 2 :] = X[:, : p // 2] + noise * rng.normal(size=(n, p // 2))
    X = X - X.mean(axis=0)
    y = X[:, :6] @ rng.normal(size=6) + rng.normal(size=n)
    return X, y - y.mean(), np.abs(X.T @ y).max()


def objective(X, y, w, l1):
    return 0.5 * np.sum((y - X @ w) ** 2) + l1 * np.abs(w).sum()


@pytest.mark.parametrize(
    ("shape", "noise", "share"),
    [((60, 12), None, 0.02), ((40, 300), None, 0.02), ((40, 300), 1e-2, 0.05), ((300, 260), 1e-2, 0.02)],
)
def test_each_survivor_as_a_fit_without_its_column_has_it(shape, noise, share):
    X, y, largest = draw(*shape, noise)
    l1 = share * largest
    fit = eq.fit(X, y, l1=l1, intercept=False)
    before = objective(X, y, fit.coef, l1)
    rows = fit.survivors().rows
    assert {row.feature for row in rows} == {fit.features[j] for j in fit.support}
    for row in rows[:: max(1, len(rows) // 12)]:
        j = fit.features.index(row.feature)
        rest = np.delete(np.arange(shape[1]), j)
        w = (
            Lasso(alpha=l1 / shape[0], fit_intercept=False, tol=1e-13, max_iter=10**6)
            .fit(X[:, rest], y)
            .coef_
        )
        assert row.cost == pytest.approx(
            objective(X[:, rest], y, w, l1) - before, rel=1e-6, abs=1e-7 * before
        )
        assert row.killed_by == pytest.approx(abs(X[:, j] @ (y - X[:, rest] @ w)), abs=1e-4 * l1)
        if noise is None:
            norm = np.linalg.norm(X, axis=0)
            was, now = np.abs(fit.coef) * norm, np.zeros(shape[1])
            now[rest] = np.abs(w) * norm[rest]
            sure = ((was == 0) & (now > 1e-6)) | (now - was > 0.11 * was[j])
            maybe = ((was == 0) & (now > 0)) | (now - was > 0.09 * was[j])
            found = {fit.features.index(name) for name in row.stand_ins}
            assert {*np.flatnonzero(sure)} <= found <= {*np.flatnonzero(maybe)}


@pytest.mark.parametrize(("shape", "noise"), [((60, 400), None), ((60, 400), 1e-3), ((200, 100), None)])
def test_columns_are_gathered_once_and_every_feature_is_solved_once(shape, noise, monkeypatch):
    X, y, largest = draw(*shape, noise)
    points = eq.fit(X, y, l1=0.02 * largest).points
    counted = {"at": 0, "solve": 0, "add": 0}
    for place, name in ((Refiner, "at"), (WorkingSet, "solve"), (WorkingSet, "add")):
        whole = getattr(place, name)

        def count(self, *args, whole=whole, name=name):
            counted[name] += len(args[0]) if name == "add" else 1
            return whole(self, *args)

        monkeypatch.setattr(place, name, count)
    told = []
    found = forbid_each(points, told.append)
    assert len(found) > 20
    assert told == list(range(1, len(found) + 1))
    assert counted["at"] == len(found)
    assert counted["solve"] <= 8 * len(found)
    assert counted["add"] <= shape[1]
