"""What other packages returned at their default settings, audited, and the audit repeated from scratch.

benchmarks/audit_peers.py and benchmarks/audit_hitters.py wrote the stored outputs.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import ElasticNet

import equipoise as eq

ROOT = Path(__file__).parents[2]
STORED = ROOT / "tests" / "strength" / "stored"
CASES = json.loads((STORED / "audits.json").read_text())["cases"]
HITTERS = json.loads((STORED / "hitters.json").read_text())


def load(name):
    if name == "diabetes":
        frame = pd.read_csv(ROOT / "examples" / "diabetes.csv")
        return frame.iloc[:, :-1].to_numpy(dtype=float), frame.iloc[:, -1].to_numpy(dtype=float)
    rng = np.random.Generator(np.random.PCG64(6))
    X = np.sqrt(0.95) * rng.standard_normal((100, 1)) + np.sqrt(0.05) * rng.standard_normal((100, 200))
    return X, X[:, :10] @ np.linspace(-3, 3, 10) + rng.standard_normal(100)


def penalties(case, X):
    """l1_j and l2_j by the formulas of the packages' documentation."""
    n, p = X.shape
    strength = case["strength"]
    if case["convention"] == "glmnet":
        return n * strength["lambda"] * X.std(axis=0), np.zeros(p)
    alpha, ratio = strength["alpha"], strength["l1_ratio"]
    return np.full(p, n * alpha * ratio), np.full(p, n * alpha * (1 - ratio) / 2)


def distances(X, y, coef, intercept, l1, l2):
    """How far each pull is from its subgradient interval."""
    residual = y - intercept - X @ coef
    pull = (X - X.mean(axis=0)).T @ (residual - residual.mean()) - 2 * l2 * coef
    return np.where(coef == 0, np.maximum(np.abs(pull) - l1, 0), np.abs(pull - np.sign(coef) * l1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['data']}-{case['call']}")
def test_the_verdict_on_a_peer_is_that_of_numpy(case):
    X, y = load(case["data"])
    names = [f"x{j + 1}" for j in range(X.shape[1])]
    coef = np.array([case["coef"].get(name, 0.0) for name in names])
    found = eq.audit(X, y, coef, case["intercept"], convention=case["convention"], strength=case["strength"])
    l1, l2 = penalties(case, X)
    share = distances(X, y, coef, case["intercept"], l1, l2) / l1
    # What is as small as a rounding of the pull is no violation that two programs would agree on.
    np.testing.assert_allclose(found.excess / l1, share, rtol=1e-6, atol=1e-9)
    assert found.violation == pytest.approx(share.max(), rel=1e-6, abs=1e-9)
    exact = found.exact.coef
    balance = distances(X, y, exact, found.exact.intercept, l1, l2) / l1
    assert balance.max() <= 1e-9
    assert found.wrong_zeros == tuple(np.array(names)[(coef == 0) & (exact != 0)])
    assert found.wrong_nonzeros == tuple(np.array(names)[(coef != 0) & (exact == 0)])

    def objective(w):
        residual = y - y.mean() - (X - X.mean(axis=0)) @ w
        return 0.5 * residual @ residual + l1 @ np.abs(w) + l2 @ w**2

    lost = objective(coef) - objective(exact)
    assert lost >= -1e-12 * objective(exact)
    assert found.lost == pytest.approx(lost, rel=1e-4, abs=1e-10 * objective(exact))


@pytest.mark.parametrize("package", sorted({case["package"] for case in CASES}))
def test_each_package_solves_an_easy_problem_nearly(package):
    """The conversion of its strength is right: at a wrong one the violations would be large."""
    for case in CASES:
        if case["data"] == "diabetes" and case["package"] == package:
            X, y = load("diabetes")
            coef = np.array([case["coef"].get(f"x{j + 1}", 0.0) for j in range(X.shape[1])])
            found = eq.audit(
                X, y, coef, case["intercept"], convention=case["convention"], strength=case["strength"]
            )
            assert found.violation < 0.02
            assert found.wrong_zeros == found.wrong_nonzeros == ()


def test_scikit_learn_run_to_the_end_agrees_with_the_exact_answer():
    X, y = load("correlated")
    tight = ElasticNet(alpha=0.01, l1_ratio=0.5, tol=1e-14, max_iter=1_000_000).fit(X, y)
    case = next(c for c in CASES if c["data"] == "correlated" and "ElasticNet" in c["call"])
    coef = np.array([case["coef"].get(f"x{j + 1}", 0.0) for j in range(200)])
    found = eq.audit(X, y, coef, case["intercept"], convention="sklearn", strength=case["strength"])
    np.testing.assert_array_equal(tight.coef_ != 0, found.exact.coef != 0)
    np.testing.assert_allclose(tight.coef_, found.exact.coef, atol=1e-4)
    assert len(found.wrong_zeros) + len(found.wrong_nonzeros) > 5


def hitters(edition):
    """Twenty rows with the cross products of the 263 players, and what the book prints."""
    products = np.array(HITTERS["cross_products"])
    scale = np.sqrt(np.diag(products))
    rows = np.linalg.cholesky(products / np.outer(scale, scale)).T * scale
    printed = HITTERS["editions"][edition]
    coef = np.array([printed["coef"].get(name, 0.0) for name in HITTERS["features"]])
    # glmnet: l1_j = n·lambda·sd_j, and n·sd_j² is on the diagonal
    l1 = HITTERS["rows"] * printed["lambda"] * scale[:-1] / np.sqrt(HITTERS["rows"])
    X = pd.DataFrame(rows[:, :-1], columns=HITTERS["features"])
    return X, rows[:, -1], coef, l1, products


@pytest.mark.parametrize(
    ("edition", "wrong", "least"), [("first edition", (), 0.04), ("second edition", ("AtBat", "Years"), 0.19)]
)
def test_the_textbook_prints_what_is_not_the_lasso(edition, wrong, least):
    X, y, coef, l1, products = hitters(edition)
    found = eq.audit(X, y, coef, l1=l1)
    pull = products[:-1, -1] - products[:-1, :-1] @ coef
    off = np.where(coef == 0, np.maximum(np.abs(pull) - l1, 0), np.abs(pull - np.sign(coef) * l1))
    np.testing.assert_allclose(found.excess / l1, off / l1, rtol=1e-6, atol=1e-8)
    assert found.violation == pytest.approx((off / l1).max(), rel=1e-6)
    assert least < found.violation < least + 0.01
    assert found.wrong_nonzeros == wrong
    assert found.wrong_zeros == ()
    # The exact answer satisfies the conditions, and its support is proved.
    exact = found.exact.coef
    pull = products[:-1, -1] - products[:-1, :-1] @ exact
    assert np.all(np.abs(pull[exact == 0]) < l1[exact == 0])
    np.testing.assert_allclose(pull[exact != 0], (np.sign(exact) * l1)[exact != 0], rtol=1e-8)
    assert found.exact.certificate.support_proved


def test_the_textbook_interpolates_between_two_strengths_of_its_grid():
    """Most of the error is the line between the exact answers at two strengths; the rest is the tolerance."""
    X, y, coef, l1, _ = hitters("second edition")
    strength = HITTERS["editions"]["second edition"]["lambda"]
    grid = 10.0 ** np.linspace(10, -2, 100)
    below, above = grid[grid < strength].max(), grid[grid > strength].min()
    ends = [eq.fit(X, y, l1=l1 * t / strength, intercept=False).coef for t in (below, above)]
    share = (strength - below) / (above - below)
    line = (1 - share) * ends[0] + share * ends[1]
    np.testing.assert_array_equal(line != 0, coef != 0)
    sd = l1 / strength
    exact = eq.fit(X, y, l1=l1, intercept=False).coef
    assert np.abs((line - coef) * sd).max() < 0.4 * np.abs((exact - coef) * sd).max()
