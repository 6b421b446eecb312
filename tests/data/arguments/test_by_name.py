import numpy as np
import pytest

import equipoise as eq

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
