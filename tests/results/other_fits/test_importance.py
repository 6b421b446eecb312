"""Importance: standardised coefficients, and the share of the gain that is lost without a feature."""

import json
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_matrix
from sklearn.linear_model import Lasso

import equipoise as eq

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
Y = np.array([3.0, 2.0, 1.0])


@pytest.fixture
def data():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 6)) * [1.0, 5.0, 0.1, 1.0, 1.0, 1.0] + [0.0, 3.0, 0.0, 100.0, 0.0, 0.0]
    return X, X @ [1.0, 0.3, -8.0, 0.0, 0.0, 0.4] + rng.normal(size=60)


def objective(X, y, l1):
    """The least objective of a lasso with an intercept, by scikit-learn."""
    if X.shape[1] == 0:
        return 0.5 * np.sum((y - y.mean()) ** 2)
    model = Lasso(alpha=l1 / len(y), tol=1e-13, max_iter=10**6).fit(X, y)
    return 0.5 * np.sum((y - model.predict(X)) ** 2) + l1 * np.abs(model.coef_).sum()


def test_two_features_by_hand():
    found = eq.fit(X, Y, l1=1, intercept=False).importance()
    # XᵀX = [[2, 1], [1, 2]], Xᵀy = (5, 4), w = (5/3, 2/3); the objective is 7 − ½ (Xᵀy − 1)ᵀw.
    whole, without = Fraction(8, 3), (Fraction(19, 4), Fraction(3))
    assert found.features == ("x1", "x2")
    np.testing.assert_allclose(found.share, [float((f - whole) / (7 - whole)) for f in without], rtol=1e-12)
    np.testing.assert_allclose(found.sd, np.sqrt(2 / 9), rtol=1e-12)
    np.testing.assert_allclose(found.response_sd, np.sqrt(2 / 3), rtol=1e-12)
    np.testing.assert_allclose(found.effect, np.array([5, 2]) / 3 * np.sqrt(2 / 9), rtol=1e-12)
    np.testing.assert_allclose(found.standardized, np.array([5, 2]) / 3 / np.sqrt(3), rtol=1e-12)


@pytest.mark.parametrize("convert", [np.asarray, csc_matrix, pd.DataFrame])
def test_shares_are_those_of_fits_without_the_feature(data, convert):
    X, y = data
    l1 = 6.0
    fit = eq.fit(convert(X), y, l1=l1)
    found = fit.importance()
    whole, null = objective(X, y, l1), objective(X[:, :0], y, l1)
    for name, share in zip(found.features, found.share, strict=True):
        without = np.delete(X, fit.features.index(name), axis=1)
        assert share == pytest.approx((objective(without, y, l1) - whole) / (null - whole), rel=1e-7)
    assert list(np.abs(found.effect)) == sorted(np.abs(found.effect), reverse=True)
    assert len(found.features) == len(fit.support)


def test_standardised_coefficients_are_those_of_standardised_data(data):
    X, y = data
    found = eq.fit(X, y, l1=0.0).importance()
    scores = (X - X.mean(axis=0)) / X.std(axis=0)
    expected = np.linalg.lstsq(scores, (y - y.mean()) / y.std(), rcond=None)[0]
    place = [int(name[1:]) - 1 for name in found.features]
    np.testing.assert_allclose(found.standardized, expected[place], rtol=1e-10)
    assert np.isnan(found.share).all()  # the null model has all of them


def test_a_weight_of_two_is_a_row_twice_and_an_offset_is_no_part_of_y(data):
    X, y = data
    weights, offset = np.where(np.arange(60) % 3, 1.0, 2.0), 10.0 * np.arange(60.0)
    rows = np.repeat(np.arange(60), weights.astype(int))
    found = eq.fit(X, y + offset, l1=8.0, sample_weight=weights, offset=offset, standardize=True).importance()
    twice = eq.fit(X[rows], y[rows], l1=8.0, standardize=True).importance()
    assert found.features == twice.features
    place = [int(name[1:]) - 1 for name in found.features]
    np.testing.assert_allclose(found.sd, X[rows][:, place].std(axis=0), rtol=1e-10)
    assert found.response_sd == pytest.approx(y[rows].std(), rel=1e-10)
    for name in ("coef", "effect", "standardized", "share"):
        np.testing.assert_allclose(getattr(found, name), getattr(twice, name), rtol=1e-8)


def test_a_column_of_text_as_a_whole(data):
    X, y = data
    town = np.array(["Oslo", "Rome", "Turin", "Bonn"])[np.arange(60) % 4]
    y = y + 3.0 * (town == "Rome") - 2.0 * (town == "Turin")
    frame = pd.DataFrame({"town": town, "age": X[:, 0], "sex": np.where(np.arange(60) % 7 < 3, "f", "m")})
    found = eq.fit(frame, y, l1=2.0).importance()
    levels = np.column_stack([town == level for level in ("Bonn", "Oslo", "Rome", "Turin")]).astype(float)
    sex = (frame["sex"] == "m").to_numpy(float)
    whole = objective(np.column_stack([levels, X[:, 0], sex]), y, 2.0)
    without = objective(np.column_stack([X[:, 0], sex]), y, 2.0)
    null = objective(X[:, :0], y, 2.0)
    assert list(found.columns) == ["town"]  # sex is a single feature
    assert found.columns["town"] == pytest.approx((without - whole) / (null - whole), rel=1e-7)
    assert f"town as a whole: {100 * found.columns['town']:.1f} % of the gain" in str(found)
    assert eq.fit(frame[["town"]], y, l1=2.0).importance().columns == {"town": pytest.approx(1.0)}


def test_what_the_null_model_has_too_has_no_share(data):
    X, y = data
    free = np.array([5.0, 0.0, 5.0, 5.0, 5.0, 5.0])
    found = eq.fit(X, y, l1=free, lower=[0.2, *[-np.inf] * 5]).importance()
    shares = dict(zip(found.features, found.share, strict=True))
    assert {name for name, share in shares.items() if np.isnan(share)} == {"x1", "x2"}
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["share"][told["features"].index("x1")] is None
    assert [line.split()[-1] for line in str(found).split("\n") if line.startswith(("x1", "x2"))] == [
        "–",
        "–",
    ]
    told = " ".join(str(found).split())
    assert f"coef × sd ÷ {y.std():.6g}, the standard deviation of y" in told
    assert told.endswith("that is lost without the feature, – where the null model has it, too")
    assert str(eq.fit(X, y, l1=6.0).importance()).split()[-1] == "feature"


def test_a_loaded_model_needs_its_data(data, tmp_path):
    X, y = data
    fit = eq.fit(X, y, l1=6.0)
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    with pytest.raises(ValueError, match="loaded from a file, which holds no data: pass them, X=…, y=…"):
        loaded.importance()
    assert loaded.importance(X=X, y=y).to_dict() == fit.importance().to_dict()


def test_gathered_data_tell_the_same(data):
    X, y = data
    frame = pd.DataFrame(X, columns=list("abcdef")).assign(y=y)
    found = eq.fit(eq.gather(frame, "y"), l1=6.0).importance()
    rows = eq.fit(frame, "y", l1=6.0).importance()
    assert found.features == rows.features
    for name in ("coef", "sd", "effect", "standardized", "share"):
        np.testing.assert_allclose(getattr(found, name), getattr(rows, name), rtol=1e-8)
    assert found.response_sd == pytest.approx(y.std(), rel=1e-10)


def test_a_point_of_a_path_is_measured_under_its_own_penalty(data):
    X, y = data
    found = eq.path(X, y, count=5).at(6.0).importance()
    np.testing.assert_allclose(found.share, eq.fit(X, y, l1=6.0).importance().share, rtol=1e-8)


def test_a_model_without_features_says_so():
    found = eq.fit(X, Y, l1=9, intercept=False).importance()
    assert str(found) == "no feature is in the model"
    assert found.to_markdown().count("\n") == 1
    found.plot()
    plt.close("all")


def test_a_frame_of_the_users_library_and_a_picture(data):
    X, y = data
    found = eq.fit(pd.DataFrame(X, columns=list("abcdef")), y, l1=6.0).importance()
    frame = found.to_frame()
    assert list(frame.columns) == ["feature", "coef", "sd", "effect", "standardized", "share"]
    assert tuple(frame["feature"]) == found.features
    ax = found.plot().ax_
    assert [bar.get_width() for bar in ax.patches] == list(found.standardized)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(found.features)
    plt.close("all")


def test_progress_counts_the_features_forbidden():
    told = []
    fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    fit.importance(progress=told.append)
    assert told == [1, 2]


@pytest.mark.parametrize("y", [[3.0], [0.1, 0.1, 0.1]])
def test_a_response_without_a_spread_has_no_standardised_coefficients(y):
    X = [[1.0, 2.0], [2.0, 1.0], [0.5, 0.25]][: len(y)]
    found = eq.fit(X, y, l1=0.01, intercept=False).importance()
    assert found.features
    assert found.response_sd == 0
    assert np.isnan(found.standardized).all()
    text = " ".join(str(found).split())
    assert "nan" not in text
    assert "standardised: – because y (less any offset) is the same in all rows" in text
