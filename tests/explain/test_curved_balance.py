"""The balance sheet of smooth losses, from the data in extended precision."""

import numpy as np
import pytest
from loss_oracle import LONG, LOSSES, eliminate, slopes
from numpy.polynomial.legendre import leggauss

import equipoise as eq

CASES = {
    "lasso": {"l1": 2.0},
    "no intercept": {"l1": 2.0, "intercept": False},
    "weights and offset": {"l1": 2.0, "sample_weight": np.arange(50.0) % 4, "offset": np.linspace(-1, 1, 50)},
    "unpenalised": {"l1": [0.0, 2.0, 2.0, 2.0, 0.0, 2.0]},
    "elastic net": {"l1": 1.0, "l2": 2.0},
    "box": {"l1": 0.5, "lower": -0.2, "upper": [0.3, 0.3, 0.3, 0.3, 0.05, 0.3]},
    "away from zero": {"l1": [0.0, 1, 1, 1, 1, 1], "lower": [-0.1, 0.05, -1, -1, -1, -1], "upper": 1.0},
    "all together": {
        "l1": [0.0, 2.0, 2.0, 2.0, 2.0, 2.0],
        "l2": [0.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        "sample_weight": np.arange(50.0) % 3,
        "offset": np.linspace(0.5, -0.5, 50),
        "lower": [-np.inf, 0.02, -0.1, -1, -1, -1],
    },
}


def data(loss):
    rng = np.random.default_rng(11)
    X = rng.standard_normal((50, 6)) + rng.standard_normal((50, 1)) + np.array([0, 4, 0, -2, 0, 0])
    eta = (X - X.mean(axis=0))[:, :3] @ [0.8, -0.6, 0.4]
    if loss == "binomial":
        return X, (rng.random(50) < 1 / (1 + np.exp(-eta))) * 1.0
    mean = np.exp(eta)
    return X, rng.gamma(2.0, mean / 2) if loss == "gamma" else rng.poisson(mean) * 1.0


def free_fit(loss, y, s, offset, basis):
    """The linear predictor of these columns alone, by Newton's method in extended precision."""
    u, eta = np.zeros(basis.shape[1], LONG), offset
    for _ in range(80 if basis.shape[1] else 0):
        eta = offset + basis @ u
        r, h, _ = slopes(loss, y, eta)
        step = eliminate(basis.T @ ((s * h)[:, None] * basis), basis.T @ (s * r))
        u = u + step / max(float(np.abs(basis @ step).max()), 1.0)
    return offset + basis @ u


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("loss", LOSSES)
def test_alone_pull_and_shares_from_scratch(loss, case, monkeypatch):
    X, y = data(loss)
    fit = eq.fit(X, y, loss=loss, **CASES[case])
    sheet = fit.explain()
    given = CASES[case]
    s = np.asarray(given.get("sample_weight", np.ones(50))).astype(LONG)
    offset = np.asarray(given.get("offset", np.zeros(50))).astype(LONG)
    unpenalised = np.broadcast_to(given["l1"], 6) == 0
    unpenalised = unpenalised & (np.broadcast_to(given.get("lower", -np.inf), 6) == -np.inf)
    long, y = X.astype(LONG), y.astype(LONG)
    lead = np.ones((50, int(given.get("intercept", True))), LONG)
    basis = np.column_stack([lead, long[:, unpenalised]])
    start = free_fit(loss, y, s, offset, basis)
    end = offset + LONG(fit.intercept) + long @ fit.coef.astype(LONG)
    before, after = slopes(loss, y, start)[0], slopes(loss, y, end)[0]
    other = ~unpenalised
    scale = (np.abs(long).T @ (s * (np.abs(before) + np.abs(after)))).astype(float)
    np.testing.assert_allclose(sheet.pull, (long.T @ (s * after)).astype(float), atol=1e-13 * scale.max())
    alone = (long.T @ (s * before)).astype(float)
    np.testing.assert_allclose(sheet.alone[other], alone[other], atol=1e-12 * scale.max())
    # The mean curvature on the straight way between the two predictors, by quadrature.
    nodes, parts = leggauss(40)
    mean = sum(
        part / 2 * slopes(loss, y, start + LONG(x + 1) / 2 * (end - start))[1]
        for x, part in zip(nodes, parts, strict=True)
    )
    weight, takers = s * mean, sheet.columns.takers
    for j in np.flatnonzero(other):
        shares = sheet.columns.shares[j]
        total = abs(sheet.alone[j]) + abs(sheet.pull[j]) + np.abs(shares).sum()
        assert abs(shares.sum() - (sheet.alone[j] - sheet.pull[j])) <= 1e-12 * total
        for k, share in zip(takers, shares, strict=True):
            column = long[:, k]
            if basis.shape[1]:
                gram = basis.T @ (weight[:, None] * basis)
                column = column - basis @ eliminate(gram, basis.T @ (weight * column))
            true = float(long[:, j] @ (weight * column)) * fit.coef[k]
            assert share == pytest.approx(true, rel=1e-9, abs=1e-11 * total)
    monkeypatch.setattr("equipoise.explain.balance.HELD", 0)
    again = eq.fit(X, y.astype(float), loss=loss, **given).explain()
    for j in range(6):
        np.testing.assert_allclose(
            again.columns.shares_of(j), sheet.columns.shares[j], atol=1e-12 * scale.max()
        )


def test_a_sentence_tells_the_odds_ratio_and_where_a_feature_enters():
    X, y = data("binomial")
    fit = eq.fit(X, y, loss="binomial", l1=4.0)
    kept = int(fit.support[0])
    name = fit.features[kept]
    ratio = f"{np.exp(fit.coef[kept]):.4g}"
    assert fit.explain(name).endswith(f" One unit more multiplies the odds of y = 1 by {ratio}.")
    row = fit.explain()[name]
    assert f"below l1 = {row.enters_at:.6g}" in fit.explain(name)
    inside = eq.fit(X, y, loss="binomial", l1=row.enters_at * (1 - 1e-6))
    outside = eq.fit(X, y, loss="binomial", l1=row.enters_at * (1 + 1e-6))
    assert inside.coef[kept] != 0
    assert outside.coef[kept] == 0
    assert "r = y − probability" in str(fit.explain())


def test_entries_of_single_features_are_those_of_the_whole_walk():
    X, y = data("poisson")
    fit = eq.fit(X, y, loss="poisson", l1=6.0)
    one = [eq.fit(X, y, loss="poisson", l1=6.0).explain()[j].enters_at for j in range(6)]
    assert one == [pytest.approx(entry, rel=1e-9) for entry in fit.explain().enters_at]


def test_a_copy_of_a_feature_in_the_model_is_called_one():
    X, y = data("binomial")
    sheet = eq.fit(np.column_stack([X, 2.0 * X[:, 0]]), y, loss="binomial", l1=1.0).explain()
    # The larger column needs less of a coefficient: it takes all, and its half has half its pull.
    assert sheet["x7"].status == "active"
    assert sheet["x1"].coef == 0
    twice = eq.fit(np.column_stack([X, X[:, 0]]), y, loss="binomial", l1=1.0).explain()
    killed = next(row for row in (twice["x1"], twice["x7"]) if row.coef == 0)
    assert killed.reason == "duplicate"


@pytest.mark.parametrize("loss", LOSSES)
def test_a_combination_of_unpenalised_features_is_called_one(loss):
    X, y = data(loss)
    X = np.column_stack([X, X[:, 0] - 2.0 * X[:, 1] + 3.0])
    s = np.arange(50.0) % 3
    X[s == 0, 6] = 100.0  # rows that do not count
    l1 = [0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    row = eq.fit(X, y, loss=loss, l1=l1, sample_weight=s).explain()["x7"]
    assert (row.coef, row.reason, row.copy_of) == (0.0, "explained away", ("x1", "x2"))
