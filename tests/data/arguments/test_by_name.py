import numpy as np
import pytest

import equipoise as eq
from equipoise.data.arguments.by_name import features_named
from equipoise.data.frames.encoding import Column, Encoding

pd = pytest.importorskip("pandas")


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"age": rng.normal(size=50), "bmi": rng.normal(size=50), "city": rng.choice(list("abc"), 50)}
    )
    return X, -3.0 * X["bmi"] + X["age"] - 2.0 * (X["city"] == "a") + rng.normal(size=50)


def test_bounds_by_name_are_bounds_in_order(data):
    X, y = data
    for lower, upper in (({"bmi": -1.0}, {"age": 0.5, "bmi": 2}), ({}, {"age": 0.0}), ({"bmi": 0.0}, {})):
        found = eq.fit(X, y, l1=1, lower=lower, upper=upper)
        low = [lower.get(name, -np.inf) for name in found.features]
        high = [upper.get(name, np.inf) for name in found.features]
        np.testing.assert_array_equal(found.coef, eq.fit(X, y, l1=1, lower=low, upper=high).coef)
        assert np.all((found.coef >= low) & (found.coef <= high))
        assert found.certificate.optimal


def test_a_bound_of_a_column_of_text_is_one_of_all_its_levels(data):
    X, y = data
    found = eq.fit(X, y, l1=1, lower={"city": 0.0, "city=b": -0.5})
    np.testing.assert_array_equal(found.lower, [-np.inf, -np.inf, 0.0, -0.5, 0.0])


def test_a_path_takes_them_too_and_they_are_saved(data, tmp_path):
    X, y = data
    path = eq.path(X, y, count=5, lower={"bmi": -1.0})
    assert path.coef[:, 1].min() == -1.0
    path.at(1.0).save(tmp_path / "model.json")
    np.testing.assert_array_equal(eq.load(tmp_path / "model.json").lower, [-np.inf, -1.0, *[-np.inf] * 3])


def test_arrays_go_by_x1_to_xp(data):
    X, y = data
    found = eq.fit(X[["age", "bmi"]].to_numpy(), y.to_numpy(), l1=1, lower={"x2": -1.0})
    assert found.coef[1] == -1.0


def test_an_unknown_name_is_refused(data):
    with pytest.raises(ValueError, match=r"upper names 'bmj', which is no feature: did you mean 'bmi'\?"):
        eq.fit(*data, l1=1, upper={"bmj": 1.0})
    with pytest.raises(ValueError, match=r"exceeds upper .* for feature 'age'"):
        eq.fit(*data, l1=1, lower={"age": 1.0}, upper={"age": 0.0})


# ---- penalties and features by name ------------------------------------------------------------


@pytest.fixture
def three(data):
    X, y = data
    city = pd.Series(np.resize(list("abc"), len(X)))
    return X.assign(city=city), y + 2.0 * (city == "b")


def test_penalties_by_name_are_penalties_in_order(three):
    X, y = three
    matrix = np.column_stack([X["age"], X["bmi"], *(X["city"] == c for c in "bc")]).astype(float)
    asked = {"reference": {"city": "a"}}
    given = eq.fit(X, y, l1={"city": 0.0, ...: 3.0}, l2={"bmi": 2.0}, **asked)
    by_hand = eq.fit(matrix, y.to_numpy(), l1=[3.0, 3.0, 0.0, 0.0], l2=[0.0, 2.0, 0.0, 0.0])
    np.testing.assert_allclose(given.coef, by_hand.coef, rtol=1e-12)
    np.testing.assert_array_equal(given.l1, [3.0, 3.0, 0.0, 0.0])
    whole = eq.fit(X, y, l1={"age": 1.0, "bmi": 2.0, "city": 3.0, "city=b": 4.0}, **asked)
    np.testing.assert_array_equal(whole.l1, [1.0, 2.0, 4.0, 3.0])
    bounds = eq.fit(X, y, l1=1.0, lower={"bmi": -1.0, ...: 0.0}, **asked)
    np.testing.assert_array_equal(bounds.lower, [0.0, -1.0, 0.0, 0.0])


VERBS = {
    "path": lambda X, y, **l1: eq.path(X, y, count=5, **l1).setup.l1,
    "cross_validate": lambda X, y, **l1: eq.cross_validate(X, y, folds=3, count=5, **l1).path.setup.l1,
    "relax": lambda X, y, **l1: eq.relax(X, y, folds=3, count=5, **l1).path.setup.l1,
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_factor_that_is_not_named_is_one(data, verb):
    X, y = data[0][["age", "bmi"]], data[1]
    assert VERBS[verb](X, y, l1={"bmi": 0.0}).tolist() == [1.0, 0.0]
    assert VERBS[verb](X, y, l1={"bmi": 0.0, ...: 2.0}).tolist() == [2.0, 0.0]


def test_in_adapt_and_stability_selection_too(data):
    X, y = data[0][["age", "bmi"]], data[1]
    assert eq.stability_selection(X, y, l1={"bmi": 0.0}, pairs=3, q=1).candidates == 1
    path = eq.adapt(X, y, l1={"bmi": 0.0}, folds=3, count=5).cv.path
    assert path.setup.penalty.l1[1] == 0.0
    assert path.setup.penalty.l1[0] > 0.0


@pytest.mark.parametrize("verb", [eq.fit, eq.trace, eq.selective_intervals, eq.debias])
def test_an_l1_that_has_no_default_is_said_for_every_feature(data, verb):
    X, y = data[0][["age", "bmi"]], data[1]
    with pytest.raises(ValueError, match=r"l1 has no number for 'age': name all features, or add the key"):
        verb(X, y, l1={"bmi": 0.0})
    with pytest.raises(ValueError, match="l1 has no number for 'age' and 1 other feature: name all"):
        verb(X, y, l1={})


def test_another_penalty_leaves_what_it_does_not_name(data):
    X, y = data[0][["age", "bmi"]], data[1]
    fit = eq.fit(X, y, l1=[3.0, 4.0], l2=1.0)
    found = fit.what_if(l1={"bmi": 0.0}).after
    np.testing.assert_array_equal(found.l1, [3.0, 0.0])
    np.testing.assert_array_equal(found.coef, eq.fit(X, y, l1=[3.0, 0.0], l2=1.0).coef)


def test_a_column_of_text_stands_for_its_features(three):
    X, y = three
    fit = eq.fit(X, y, l1=1, reference={"city": "c"})
    without = fit.what_if(without="city")
    assert without.without == ("city=a", "city=b")
    there = eq.fit(X[["age", "bmi"]], y, l1=1)
    np.testing.assert_allclose(without.after.coef, [*there.coef, 0.0, 0.0], rtol=1e-9)
    assert fit.explain("city").splitlines() == [fit.explain("city=a"), fit.explain("city=b")]
    with pytest.raises(ValueError, match="column 'city' has 2 features: name one of 'city=a', 'city=b'"):
        fit.explain()["city"]
    assert eq.debias(X[["age", "bmi"]], y, report=["bmi"]).features == ("bmi",)


THREE = Encoding((Column("n", "numeric"), Column("city", "category", ("Oslo", "Rome", "Turin"))))


def test_names_stand_for_places():
    found = features_named(["city", "n", "city=Rome"], THREE.features, THREE)
    assert found == {"city": [1, 2, 3], "n": [0], "city=Rome": [2]}
    with pytest.raises(ValueError, match="there is no feature 'cty': did you mean 'city'"):
        features_named(["cty"], THREE.features, THREE)
    with pytest.raises(ValueError, match="l1 names 'x9', which is no feature: the features are 'x1', 'x2'"):
        features_named(["x9"], ("x1", "x2"), None, "l1")


def test_the_column_of_two_levels_is_its_one_feature():
    frame = pd.DataFrame({"x": np.arange(12.0) % 5, "Student": ["No", "Yes", "Yes"] * 4})
    y = 2.0 * (frame["Student"] == "Yes") + frame["x"] + np.arange(12.0) % 2
    matrix = np.column_stack([frame["x"], frame["Student"] == "Yes"]).astype(float)
    by_hand = eq.fit(matrix, y.to_numpy(), l1=[1.0, 0.0], lower=[-np.inf, 0.5])
    for name in ("Student", "Student=Yes"):
        fit = eq.fit(frame, y, l1={name: 0, ...: 1.0}, lower={name: 0.5})
        np.testing.assert_allclose(fit.coef, by_hand.coef, rtol=1e-12)
    free = eq.fit(frame, y, l1=1.0)
    assert free.explain("Student") == free.explain("Student=Yes")
    assert free.explain()["Student"].feature == "Student=Yes"
    assert free.what_if(without=["Student"]).after.coef[1] == 0.0
    said = "'Student=No' is the reference of 'Student=Yes': name these"
    with pytest.raises(ValueError, match=f"^{said}"):
        free.explain("Student=No")
    with pytest.raises(ValueError, match=f"^{said}"):
        free.what_if(without=["Student=No"])
    for argument in ("lower", "l2"):
        with pytest.raises(ValueError, match=f"{argument} names a level without a feature: {said}"):
            eq.fit(frame, y, l1=1.0, **{argument: {"Student=No": 1.0}})
