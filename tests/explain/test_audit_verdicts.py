"""An audit has one verdict of three, which everything that it says bears out."""

import io
import json
import subprocess
from shutil import which

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import ElasticNet, Lasso

import equipoise as eq

INF = np.inf
SOLUTION, DIGITS, NOT = "the solution", "as good as its digits", "not the solution"
N, P = 40, 6


def tall(seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, P)) + rng.normal(size=(N, 1))
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=N)


def far():
    X, y = tall(1)
    return X + 1e6, y + 1e5


def wide():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(12, 20))
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + rng.normal(size=12)


def copies():
    X, y = tall(3)
    X[:, 1] = X[:, 0]
    return X, y


CASES = {
    "lasso": (tall, {"l1": 10.0}),
    "lasso far from zero": (far, {"l1": 10.0}),
    "no intercept": (tall, {"l1": 10.0, "intercept": False}),
    "standardised": (tall, {"l1": 10.0, "l2": 1.0, "standardize": True}),
    "elastic net": (tall, {"l1": 5.0, "l2": 2.0}),
    "ridge": (tall, {"l1": 0.0, "l2": 2.0}),
    "ridge, wide": (wide, {"l1": 0.0, "l2": 0.1}),
    "least squares": (tall, {"l1": 0.0}),
    "least squares far from zero": (far, {"l1": 0.0}),
    "least squares, not unique": (wide, {"l1": 0.0}),
    "lasso, wide": (wide, {"l1": 1.0}),
    "copies": (copies, {"l1": 5.0}),
    "copies without penalty": (copies, {"l1": 0.0}),
    "weights": (tall, {"l1": 10.0, "sample_weight": np.arange(40.0) % 3}),
    "offset": (tall, {"l1": 10.0, "offset": np.linspace(-1, 1, 40)}),
    "box": (tall, {"l1": 5.0, "lower": -1 / 3, "upper": 2 / 3}),
    "factors": (tall, {"l1": [0.0, INF, 5.0, 5.0, 1.0, 10.0]}),
    "null model": (tall, {"l1": 1e4}),
}


def through_json(values):
    return np.array(json.loads(json.dumps(values.tolist())))


def through_csv(values):
    text = pd.DataFrame({"v": values}).to_csv(index=False, float_format="%.6g")
    return pd.read_csv(io.StringIO(text))["v"].to_numpy(dtype=float)


def through_single(values):
    return values.astype(np.float32).astype(float)


def through_summary(values):
    """As statsmodels prints a table of coefficients."""
    plain = (np.abs(values) >= 1e-4) & (np.abs(values) < 1e4) | (values == 0)
    shown = [f"{v:10.4f}" if p else f"{v:10.4g}" for v, p in zip(values, plain, strict=True)]
    return np.array([float(text) for text in shown])


def through_r(values):
    """As R prints a vector: seven significant digits for the number that needs the most decimals."""
    numbers = ", ".join(repr(v) for v in values.tolist())
    script = f"cat(format(c({numbers}), digits = 7))"
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
    return np.array([float(text) for text in done.stdout.split()])


WAYS = {
    "json": (through_json, SOLUTION),
    "csv": (through_csv, DIGITS),
    "single precision": (through_single, DIGITS),
    "summary": (through_summary, DIGITS),
    "R": (through_r, DIGITS),
}


def check(found):
    """Whatever it says agrees with its verdict."""
    text, document = str(found), json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["verdict"] == found.verdict
    assert document["optimal"] == found.optimal == (found.verdict == SOLUTION)
    assert document["violating"] == found.violating.tolist()
    assert text.startswith(f"Audit: {found.verdict}")
    assert repr(found) == text
    others = {SOLUTION, DIGITS, NOT} - {found.verdict}
    head = text.splitlines()[0].replace(found.verdict, "")
    assert not any(other in head for other in others)
    wrong = set(found.verdicts) - {"right"}
    if found.verdict == SOLUTION:
        assert not found.violating.any()
        assert "out of balance" not in text
    if found.verdict != NOT:
        assert not wrong
        assert found.wrong_zeros == found.wrong_nonzeros == ()
        assert "In short" not in text
    else:
        assert f"{int(found.violating.sum())} of " in text or "do not average 0" in text
        assert found.violating.any() or found.intercept_violation > 0
        assert found.lost > 0
        assert wrong or "do not average 0" in text
    assert 0 <= found.lost <= found.gap
    return found.verdict


def audited(X, y, arguments, coef, intercept):
    claim = {name: value for name, value in arguments.items() if name != "intercept"}
    return eq.audit(X, y, coef, intercept if arguments.get("intercept", True) else None, **claim)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES)
def test_our_own_fits_pass_in_whatever_digits(case, way):
    if way == "R" and which("Rscript") is None:
        pytest.skip("needs R")
    (X, y), arguments = CASES[case][0](), CASES[case][1]
    fit = eq.fit(X, y, **arguments)
    through, verdict = WAYS[way]
    given = through(np.append(fit.coef, fit.intercept))
    found = audited(X, y, arguments, given[:-1], float(given[-1]))
    assert check(found) in ({SOLUTION} if verdict == SOLUTION else {SOLUTION, DIGITS})


@pytest.mark.parametrize("case", CASES)
def test_rounded_coefficients_with_the_intercept_that_belongs_to_them_pass(case):
    (X, y), arguments = CASES[case][0](), CASES[case][1]
    fit = eq.fit(X, y, **arguments)
    coef = through_csv(fit.coef)
    for intercept in (fit.intercept, fit.intercept - X.mean(0) @ (coef - fit.coef)):
        if "sample_weight" not in arguments:
            assert check(audited(X, y, arguments, coef, float(intercept))) != NOT


@pytest.mark.parametrize("way", ["csv", "json", "single precision", "summary"])
@pytest.mark.parametrize("case", [name for name in CASES if name not in ("box", "null model")])
def test_a_coefficient_changed_beyond_its_digits_does_not(case, way):
    (X, y), arguments = CASES[case][0](), CASES[case][1]
    fit = eq.fit(X, y, **arguments)
    given = WAYS[way][0](np.append(fit.coef, fit.intercept)).copy()
    j = int(np.argmax(np.abs(fit.coef)))
    given[j] = WAYS[way][0](np.array([given[j] * (1 + 2e-3)]))[0]
    assert check(audited(X, y, arguments, given[:-1], float(given[-1]))) == NOT


@pytest.mark.parametrize("way", ["csv", "json", "single precision", "summary"])
@pytest.mark.parametrize(
    "case", ["lasso", "elastic net", "ridge", "least squares", "weights", "standardised"]
)
def test_another_penalty_or_intercept_does_not(case, way):
    (X, y), arguments = CASES[case][0](), CASES[case][1]
    other = arguments | {"l1": 1.01 * arguments["l1"], "l2": 1.01 * arguments.get("l2", 0.0) + 0.01}
    fit = eq.fit(X, y, **other)
    given = WAYS[way][0](np.append(fit.coef, fit.intercept))
    assert check(audited(X, y, arguments, given[:-1], float(given[-1]))) == NOT
    fit = eq.fit(X, y, **arguments)
    given = WAYS[way][0](np.append(fit.coef, fit.intercept))
    assert check(audited(X, y, arguments, given[:-1], float(given[-1]) * 1.01)) == NOT


def test_a_solver_that_stops_early_does_not():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(40, 100)) + rng.normal(size=(40, 1))
    y = X[:, :5] @ [3.0, -2.0, 2.0, 1.0, -1.0] + rng.normal(size=40)
    for model in (Lasso(alpha=0.05, tol=1e-4), ElasticNet(alpha=0.05, tol=1e-4)):
        assert check(eq.audit(X, y, model.fit(X, y))) == NOT


def test_numbers_of_a_digit_or_two_are_taken_as_they_stand():
    X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]  # the solution is 5/3, 2/3
    assert check(eq.audit(X, y, [1.7, 0.67], l1=1)) == NOT
    assert check(eq.audit(X, y, [1.67, 0.67], l1=1)) == DIGITS
    assert check(eq.audit(X, y, [1.67, 0.66], l1=1)) == NOT
    assert check(eq.audit(X, y, [1.66, 0.667], l1=1)) == NOT
    assert check(eq.audit(X, y, [1.667, 0.667], l1=1)) == DIGITS
    assert check(eq.audit(X, y, [0.0, 0.0], l1=1)) == NOT


def test_a_bound_is_not_left_by_rounding():
    X, y = tall()
    fit = eq.fit(X, y, l1=5.0, upper=2 / 3)
    assert fit.coef.max() == 2 / 3
    given = np.round(fit.coef, 4)
    assert given.max() > 2 / 3
    found = eq.audit(X, y, given, fit.intercept, l1=5.0, upper=2 / 3)
    assert check(found) == DIGITS
    np.testing.assert_array_equal(found.coef, given)
    with pytest.raises(ValueError, match="outside its bounds"):
        eq.audit(X, y, given + 1e-3, fit.intercept, l1=5.0, upper=2 / 3)
