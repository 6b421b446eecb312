import matplotlib
import numpy as np
import pandas as pd
import pytest
from pictures import NASTY, correlated, diabetes, drawn, outside, overlapping

import equipoise as eq

matplotlib.use("agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def orthogonal():
    """Columns of length 1 at right angles: feature j enters exactly at |x_jᵀy|, and w_j = soft(x_jᵀy, t)."""
    X = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 6)))[0]
    return X, X @ np.array([8.0, -6.0, 4.0, -3.0, 2.0, 1.0])


def test_entries_stand_exactly_where_features_enter():
    X, y = orthogonal()
    display = drawn(eq.path(X, y, intercept=False, count=9).plot())
    found = {name: marks.get_xdata() for name, marks in display.entries_.items()}
    for j, place in enumerate(np.abs(X.T @ y)):
        assert found[f"x{j + 1}"] == pytest.approx([place])
        assert display.entries_[f"x{j + 1}"].get_ydata().tolist() == [0.0]
    assert display.exits_ == {}


def test_lines_are_the_coefficients():
    X, y = orthogonal()
    path = eq.path(X, y, intercept=False, count=9)
    display = path.plot()
    for j, pull in enumerate(X.T @ y):
        strengths, values = display.lines_[f"x{j + 1}"].get_data()
        exact = np.sign(pull) * np.maximum(np.abs(pull) - strengths, 0.0)
        there = ~np.isnan(values)
        # A line is drawn from where the feature enters, and not while it rests.
        assert values[there] == pytest.approx(exact[there], abs=1e-12)
        assert strengths[there].max() == pytest.approx(abs(pull))
        assert set(path.strengths[path.strengths < abs(pull)]) <= set(strengths[there])


def test_a_feature_that_leaves_is_marked_hollow():
    path = eq.path(*diabetes(), standardize=True)
    left = [e for e in path.events if e.kind == "leaves"]
    assert left, "the data are to have an exit"
    display = drawn(path.plot())
    for event in left:
        marks = display.exits_[event.feature]
        assert event.strength in marks.get_xdata()
        assert marks.get_markerfacecolor() == "white"


@pytest.mark.parametrize("columns", [10, 10_000])
def test_readable_with_few_and_with_many_features(columns):
    X, y = correlated(60, columns, rho=0.2)
    names = [f"{NASTY} {j}" if j % 2 else f"f_{j}" for j in range(columns)]
    display = drawn(eq.path(pd.DataFrame(X, columns=names), y, count=20).plot(top=10))
    assert len(display.labels_) == 10
    assert overlapping(display.labels_) == []
    assert outside(display.labels_, display.figure_) == []
    assert all(len(text.get_text()) <= 24 for text in display.labels_)
    assert not any(text.get_parse_math() for text in display.labels_)
    assert display.ax_.xaxis_inverted()
    assert display.ax_.get_xscale() == "log"
    if columns == 10_000:
        assert display.note_.get_text().startswith("10 of 10,000 features named")
        assert len(display.rest_.get_segments()) == len(display.features) - 10
        assert display.events is None
    # A figure of another size: names for which there is no room are left out, never put upon each other.
    _, small = plt.subplots(figsize=(4, 2), layout="constrained")
    display = drawn(display.plot(small))
    assert 1 <= len(display.labels_) < 10
    assert overlapping(display.labels_) == []
    assert display.ax_ is small


def test_named_are_the_largest_in_standard_deviations():
    X, y = orthogonal()
    X = X * np.array([1, 1, 1, 1, 1, 1e-3])  # large coefficient, small standard deviation
    path = eq.path(X, y, intercept=False, standardize=True)
    display = path.plot(top=2)
    assert set(display.lines_) == {"x1", "x2"}
    scaled = path.plot(top=1, per_sd=True)
    strengths, values = scaled.lines_["x1"].get_data()
    on_grid = np.isin(strengths, path.strengths)
    sd = X[:, 0].std()
    there = on_grid & ~np.isnan(values)
    exact = {t: w * sd for t, w in zip(path.strengths, path.coef[:, 0], strict=True)}
    assert values[there] == pytest.approx([exact[t] for t in strengths[there]])
    assert "sd" in scaled.ax_.get_ylabel()


def test_events_are_computed_only_where_they_are_cheap_or_asked_for():
    X, y = correlated(20, 600)
    path = eq.path(X, y, count=10)
    assert path.plot().events is None
    assert path.plot(events=True).events == path.events
    assert path.plot().events == path.events  # known by now
    assert path.plot(events=False).events is None
    with pytest.raises(ValueError, match="events is 'always'"):
        path.plot(events="always")


def test_strengths_are_marked_by_name():
    X, y = correlated(50, 8)
    cv = eq.cross_validate(X, y, folds=4, count=20)
    display = drawn(cv.path.plot(mark={"best": cv.best_strength, "one SE": cv.one_se_strength}))
    assert [line.get_xdata()[0] for line in display.marks_.values()] == [cv.best_strength, cv.one_se_strength]
    assert next(iter(display.marks_)).startswith("best: ")
    assert overlapping([text for text in display.ax_.texts if text.get_text() in display.marks_]) == []
    with pytest.raises(ValueError, match="outside the path"):
        cv.path.plot(mark=1e9)


def test_the_axis_says_what_a_strength_is():
    X, y = correlated(30, 4)
    of = lambda **asked: eq.path(X, y, count=5, **asked).plot().ax_.get_xlabel()  # noqa: E731
    assert of() == "strength of the penalty, l1 (stronger on the left)"
    assert "× (l1 = 2, l2 = 0.5)" in of(l1=2, l2=0.5)
    assert "penalty of each feature" in of(l1=[1, 2, 3, 4])
    assert "standardised" in of(standardize=True)


def test_a_path_down_to_zero_and_one_of_a_single_strength():
    X, y = correlated(30, 4)
    display = drawn(eq.path(X, y, strengths=[10.0, 1.0, 0.0]).plot())
    assert display.ax_.get_xscale() == "symlog"
    drawn(eq.path(X, y, strengths=[3.0]).plot())
    nothing = drawn(eq.path(X, y, strengths=[1e6, 1e5]).plot())
    assert nothing.lines_ == {}


def test_an_estimator_shows_its_alphas_and_its_choice():
    X, y = correlated(60, 5)
    frame = pd.DataFrame(X, columns=list("abcde"))
    model = eq.LassoCV(cv=4, alphas=20).fit(frame, y)
    display = drawn(eq.PathDisplay.from_estimator(model, frame, y))
    assert set(display.features) <= set("abcde")
    assert [line.get_xdata()[0] for line in display.marks_.values()] == [model.alpha_]
    strengths, values = display.lines_["a"].get_data()
    at = np.flatnonzero(strengths == model.alpha_)
    assert values[at] == pytest.approx([model.coef_[0]])
    assert set(display.entries_) <= set("abcde")
    assert display.entries_
    with pytest.raises(TypeError, match="LassoCV or ElasticNetCV of equipoise, not Lasso"):
        eq.PathDisplay.from_estimator(eq.Lasso().fit(X, y), X, y)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one row per strength"):
        eq.PathDisplay(strengths=[1.0, 2.0], coef=np.zeros((3, 1)), features=["a"])


@pytest.mark.parametrize(
    ("loss", "plain", "scaled"),
    [
        (
            "binomial",
            "coefficient (log-odds of y = 1 per unit of x)",
            "coefficient × sd of its feature (log-odds of y = 1 per sd of x)",
        ),
        (
            "gamma",
            "coefficient (log of the mean of y per unit of x)",
            "coefficient × sd of its feature (log of the mean of y per sd of x)",
        ),
        (
            "squared",
            "coefficient (y per unit of x)",
            "coefficient × sd of its feature (units of y)",
        ),
    ],
)
def test_coefficients_are_of_what_the_loss_models(loss, plain, scaled):
    X = np.random.default_rng(1).normal(size=(30, 3))
    y = (X[:, 0] + np.arange(30) % 3 > 0.8) * 1.0
    path = eq.path(X, y + (loss == "gamma"), loss=loss, count=5)
    assert path.plot(events=False).ax_.get_ylabel() == plain
    assert path.plot(events=False, per_sd=True).ax_.get_ylabel() == scaled
