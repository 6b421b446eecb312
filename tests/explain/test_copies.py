"""Features that unpenalised ones determine are told as what they are, by the names of these."""

import numpy as np
import pytest

import equipoise as eq


def _made(n=40, p=6, seed=0, far=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + far
    return X, X[:, 0] - far + X[:, 1] + rng.normal(size=n)


@pytest.mark.parametrize("p", [6, 400])
@pytest.mark.parametrize("factor", [1.0, -0.3])
@pytest.mark.parametrize("intercept", [True, False])
def test_a_penalised_copy_of_an_unpenalised_feature(intercept, factor, p):
    X, y = _made(p=p)
    X[:, 2] = factor * X[:, 0]
    l1 = np.full(p, 15.0)
    l1[0] = 0.0
    sheet = eq.fit(X, y, l1=l1, intercept=intercept).explain()
    row = sheet["x3"]
    assert (row.coef, row.status, row.reason, row.copy_of) == (0.0, "killed", "duplicate", ("x1",))
    assert sheet.sentence("x3") == (
        "x3 is zero because it is a copy of x1, which is not penalised: all that it could explain is "
        "explained at no cost, and nothing is left to pull on it."
    )
    assert row.to_dict()["copy_of"] == ["x1"]
    assert sheet["x1"].copy_of == ()
    assert sheet.sentence("x1").startswith("x1 is not penalised: its coefficient")
    assert {row.feature for row in sheet if row.copy_of} == {"x3"}


@pytest.mark.parametrize("far", [0.0, 1e3])
def test_a_combination_of_unpenalised_features_and_the_intercept(far):
    X, y = _made(far=far)
    X[:, 3] = X[:, 0] - 2.0 * X[:, 1] + 3.0
    sheet = eq.fit(X, y, l1=[0.0, 0.0, 5.0, 5.0, 5.0, 5.0]).explain()
    row = sheet["x4"]
    assert (row.status, row.reason, set(row.copy_of)) == ("killed", "explained away", {"x1", "x2"})
    assert "x4 is zero because it is a linear combination of x" in sheet.sentence("x4")
    without = eq.fit(X, y, l1=[0.0, 0.0, 5.0, 5.0, 5.0, 5.0], intercept=False).explain()["x4"]
    assert without.copy_of == ()  # the 3 is nothing that x1 and x2 make without an intercept


def test_unpenalised_copies_of_each_other_say_that_they_are():
    X, y = _made()
    X[:, 4] = 2.0 * X[:, 1]
    X[:, 5] = 7.0 * X[:, 2] + X[:, 3]
    sheet = eq.fit(X, y, l1=[5.0, 0.0, 0.0, 0.0, 0.0, 0.0]).explain()
    assert sheet["x2"].copy_of == ("x5",)
    assert sheet["x5"].copy_of == ("x2",)
    assert [set(sheet[f"x{j}"].copy_of) for j in (3, 4, 6)] == [{"x4", "x6"}, {"x3", "x6"}, {"x3", "x4"}]
    assert sheet["x2"].reason == "duplicate"
    assert sheet["x6"].reason == "explained away"
    for name, others in (
        ("x2", "a copy of x5, and neither is penalised"),
        ("x6", "a linear combination of x"),
    ):
        assert f"{name} is {others}" in sheet.sentence(name)
        assert "one of many as good" in sheet.sentence(name)
    assert "nothing pulls on it" not in str(eq.fit(X, y, l1=[5.0, 0.0, 0.0, 0.0, 0.0, 0.0]))


def test_a_ridge_does_not_hide_a_copy():
    X, y = _made()
    X[:, 2] = X[:, 0]
    sheet = eq.fit(X, y, l1=0.0, l2=[0.0, 1.0, 1.0, 1.0, 1.0, 1.0]).explain()
    if sheet["x3"].coef == 0:
        assert "x3 is zero because it is a copy of x1, which is not penalised" in sheet.sentence("x3")
    assert abs(sheet["x3"].coef) < 1e-12


def test_near_copies_are_none():
    X, y = _made()
    X[:, 2] = X[:, 0] + 1e-9 * X[:, 3]
    sheet = eq.fit(X, y, l1=[0.0, 5.0, 5.0, 5.0, 5.0, 5.0]).explain()
    assert not any(row.copy_of for row in sheet)


def test_a_copy_of_an_active_feature_is_named():
    X, y = _made()
    X[:, 2] = X[:, 0]
    fit = eq.fit(X, y, l1=5.0)
    inside, outside = ("x1", "x3") if fit.coef[0] else ("x3", "x1")
    row = fit.explain()[outside]
    assert (row.reason, row.copy_of) == ("duplicate", (inside,))
    assert f"it is a copy of {inside} in the model, and either could" in fit.explain(outside)


def test_a_report_tells_the_same_at_every_strength():
    X, y = _made()
    X[:, 2] = X[:, 0]
    path = eq.path(X, y, l1=[0.0, 1.0, 1.0, 1.0, 1.0, 1.0], count=5)
    assert "a copy of x1, which is not penalised" in path.report()
