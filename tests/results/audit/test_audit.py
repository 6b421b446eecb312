"""What an audit shows: its verdicts, its table, its frame and its picture, held against NumPy."""

import json

import numpy as np
import pandas as pd
import pytest

import equipoise as eq


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(5)
    X = pd.DataFrame(rng.normal(size=(60, 12)) + rng.normal(size=(60, 1)), columns=list("abcdefghijkl"))
    y = 2.0 * X["a"] - X["b"] + rng.normal(size=60)
    fit = eq.fit(X, y, l1=8.0, l2=0.5, standardize=True)
    coef = fit.coef.copy()
    kept, zero = np.flatnonzero(coef), np.flatnonzero(coef == 0)
    coef[kept[0]] *= 1.1
    coef[kept[1]] = 0.0
    coef[zero[0]] = 0.05
    found = eq.audit(X, y, coef, fit.intercept, l1=8.0, l2=0.5, standardize=True)
    return X, y, coef, fit, found, (kept[0], kept[1], zero[0])


def test_pulls_limits_and_excess_are_in_the_units_of_the_data(case):
    X, y, coef, fit, found, _ = case
    M, sd = X.to_numpy(), X.to_numpy().std(axis=0)
    residual = y.to_numpy() - fit.intercept - M @ coef
    # The intercept's own imbalance is no part of a pull.
    pull = (M - M.mean(axis=0)).T @ (residual - residual.mean())
    limit = 8.0 * sd + 2 * 0.5 * sd**2 * np.abs(coef)
    np.testing.assert_allclose(found.pull, pull, rtol=1e-9)
    np.testing.assert_allclose(found.limit, limit, rtol=1e-9)
    excess = np.where(coef == 0, np.maximum(np.abs(pull) - limit, 0), np.abs(pull - np.sign(coef) * limit))
    np.testing.assert_allclose(found.excess, excess, rtol=1e-7, atol=1e-9)
    assert found.violating.tolist() == (excess > 1e-9 * 8.0 * sd).tolist()


def test_each_feature_has_its_verdict(case):
    *_, found, (off, killed, revived) = case
    assert found.verdicts[off] == "value off"
    assert found.verdicts[killed] == "should not be zero"
    assert found.verdicts[revived] == "should be zero"
    zero = (found.coef == 0) & (found.exact.coef == 0)
    assert zero.any()
    assert {found.verdicts[j] for j in np.flatnonzero(zero)} == {"right"}


def test_the_relative_loss_is_of_the_null_model(case):
    X, y, coef, fit, found, _ = case
    null = 0.5 * float(((y - y.mean()) ** 2).sum())
    sd = X.to_numpy().std(axis=0)

    def objective(w):
        residual = y - fit.intercept - X.to_numpy() @ w
        return 0.5 * float(residual @ residual) + 8.0 * sd @ abs(w) + 0.5 * sd**2 @ w**2

    lost = objective(coef) - objective(fit.coef)
    assert found.lost == pytest.approx(lost, rel=1e-9)
    assert found.relative_lost == pytest.approx(lost / null, rel=1e-6)


def test_the_frame_has_a_row_a_feature(case):
    X, *_, found, _ = case
    frame = found.to_frame()
    assert frame["feature"].tolist() == list(X.columns)
    assert list(frame) == ["feature", "coef", "exact", "pull", "limit", "excess", "verdict"]
    assert frame["verdict"].tolist() == list(found.verdicts)


def test_the_document_is_json(case):
    *_, found, _ = case
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["verdicts"] == list(found.verdicts)
    assert document["violating"] == found.violating.tolist()
    assert document["relative_lost"] == found.relative_lost


def test_the_text_tells_every_feature_of_either_support_and_ends_in_a_line_to_paste(case):
    *_, found, _ = case
    text = str(found)
    first, *lines = text.splitlines()
    assert first.startswith("Audit: not the solution")
    rows = {line.split()[0]: line for line in lines if line.split()[:1] and line.split()[0] in found.features}
    either = {name for name, a, b in zip(found.features, found.coef, found.exact.coef, strict=True) if a or b}
    assert either <= set(rows)
    for name, row in rows.items():
        assert row.endswith(found.verdicts[found.features.index(name)])
    assert lines[-1].startswith("In short: violation")
    assert "1 wrong zero, 1 wrong non-zero" in lines[-1]


def test_the_solution_needs_no_table(case):
    X, y, _, fit, *_ = case
    found = eq.audit(X, y, fit.coef, fit.intercept, l1=8.0, l2=0.5, standardize=True)
    assert set(found.verdicts) == {"right"}
    assert "theirs" not in str(found)
    assert not found.violating.any()


def test_an_excluded_feature_and_a_name_that_acts_upon_terminals():
    X = pd.DataFrame({"a\x1b[31m": [1.0, 2.0, 3.0, 5.0], "b": [1.0, 0.0, 1.0, 2.0]})
    found = eq.audit(X, [1.0, 2.0, 2.0, 5.0], [0.5, 0.0], 0.0, l1=[0.1, np.inf])
    assert np.isinf(found.limit[1])
    assert "\x1b" not in str(found)
    assert found.to_dict()["limit"][1] is None


def test_the_picture_marks_what_is_wrong(case):
    pytest.importorskip("matplotlib")
    from matplotlib import pyplot as plt

    *_, found, (_, killed, revived) = case
    display = found.plot()
    display.figure_.canvas.draw()
    labels = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    counts = {verdict: found.verdicts.count(verdict) for verdict in set(found.verdicts)}
    assert sorted(labels) == sorted(f"{verdict} ({k})" for verdict, k in counts.items())
    assert {text.get_text() for text in display.ax_.texts} == {
        found.features[killed],
        found.features[revived],
    }
    plt.close(display.figure_)


def ridge_by_hand(X, residual, coef, l2):
    """The largest excess ÷ limit of a ridge, its feature's name, and all of them."""
    limit = 2.0 * l2 * np.abs(coef)
    share = np.abs(X.T @ residual - np.sign(coef) * limit) / limit
    return share, int(np.argmax(share))


def test_a_ridge_is_told_as_multiples_of_its_limits():
    X, y = eq.datasets.diabetes()
    X, y = np.asarray(X), np.asarray(y)
    coef = np.linalg.solve((X - X.mean(0)).T @ X + np.eye(10), (X - X.mean(0)).T @ y) / 2
    level = float((y - X @ coef).mean())
    share, worst = ridge_by_hand(X, y - level - X @ coef, coef, 0.5)
    found = eq.audit(X, y, coef, level, l1=0.0, l2=0.5)
    np.testing.assert_allclose(found.share, share, rtol=1e-8)
    assert found.worst == f"x{worst + 1}"
    assert f"10 of 10 features out of balance, the worst by {share[worst]:.0f} times its limit" in str(found)
    assert str(found).splitlines()[-1].startswith(f"In short: violation {share[worst]:.0f} times the limit")
    # The table begins with the worst, and its numbers say the same.
    row = next(line for line in str(found).splitlines() if line.endswith("value off")).split()
    assert row[0] == found.worst
    assert float(row[5]) / float(row[4]) == pytest.approx(share[worst], rel=5e-3)


def test_a_logistic_ridge_is_told_so_too():
    X, y = eq.datasets.breast_cancer()
    X, y = np.asarray(X), np.asarray(y)
    rng = np.random.default_rng(3)
    coef = 0.01 * rng.normal(size=30) / X.std(axis=0)
    level = 0.3
    residual = y - 1.0 / (1.0 + np.exp(-(level + X @ coef)))
    # Pulls are of the centred columns: the intercept's own imbalance is no part of one.
    share, worst = ridge_by_hand(X - X.mean(axis=0), residual, coef, 0.5)
    found = eq.audit(X, y, coef, level, l1=0.0, l2=0.5, loss="binomial")
    np.testing.assert_allclose(found.share, share, rtol=1e-6)
    assert found.worst == f"x{worst + 1}"
    assert share[worst] > 1e3 > found.violation
    assert found.to_dict()["share"] == found.share.tolist()


def test_a_ridge_without_a_limit_is_told_by_its_pull():
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.array([2.0, 1.0, -3.0])
    # At w = 0 a ridge holds nothing: the pulls are 2 + 3 and 1 + 3, of ‖x_j‖‖y‖ = √2·√14.
    found = eq.audit(X, y, [0.0, 0.0], l1=0.0, l2=1.0)
    np.testing.assert_allclose(found.share, np.array([5.0, 4.0]) / np.sqrt(28.0))
    assert "2 of 2 features out of balance, the worst x1, whose pull should be zero and is 5" in str(found)
    assert "In short: out of balance" in str(found)
    # What stands beside it is the reciprocal of a small limit, however small.
    found = eq.audit(X, y, [1e-6, 0.0], l1=0.0, l2=1.0)
    assert "the worst by 2.5e6 times its limit (x1)" in str(found)
