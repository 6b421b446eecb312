import pickle

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


def pulls(X, y, coef):
    """The pulls at a solution and alone, with an intercept, from their definition."""
    X, y = X - X.mean(axis=0), y - y.mean()
    return X.T @ (y - X @ coef), X.T @ y


def shown(marks, display):
    """What stands in each feature's row."""
    places = dict(zip(display.order_[::-1], display.ax_.get_yticks()[display.order_[::-1]], strict=True))
    rows = {place: j for j, place in places.items()}
    return {rows[y]: x for line in marks.values() for x, y in zip(*line.get_data(), strict=True)}


def edges(patch):
    box = patch.get_extents().transformed(patch.axes.transData.inverted())
    return box


def test_each_pull_stands_in_its_row_against_the_dead_zone():
    X, y = diabetes()
    fit = eq.fit(X, y, l1=300.0)
    pull, alone = pulls(X.to_numpy(), y.to_numpy(), fit.coef)
    display = drawn(fit.plot(relative=False))
    zone = edges(display.zone_)
    assert [zone.x0, zone.x1] == pytest.approx([-300.0, 300.0])
    assert shown(display.pulls_, display) == pytest.approx(dict(enumerate(pull)))
    assert shown(display.alone_, display) == pytest.approx(dict(enumerate(alone)))
    kept = display.pulls_["active"].get_xdata()
    assert np.abs(kept) == pytest.approx(np.full(np.count_nonzero(fit.coef), 300.0))
    assert np.all(np.abs(display.pulls_["killed"].get_xdata()) < 300.0)
    labels = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert labels == list(X.columns)
    # From top to bottom: those kept, then the closest calls first.
    order = display.order_.tolist()
    assert set(order[: len(kept)]) == set(np.flatnonzero(fit.coef))
    assert np.all(np.diff(np.abs(pull[order[len(kept) :]])) <= 1e-9)


def test_limits_of_their_own_share_one_dead_zone():
    X, y = diabetes()
    fit = eq.fit(X, y, l1=[1, 2, 0, 4, np.inf, 60, 1, 8, 90, 3], l2=0.1, standardize=True)
    display = drawn(fit.plot())
    assert display.relative_
    zone = edges(display.zone_)
    assert [zone.x0, zone.x1] == pytest.approx([-1.0, 1.0])
    pull, _ = pulls(X.to_numpy(), y.to_numpy(), fit.coef)
    sd = X.to_numpy().std(axis=0)
    limit = fit.limits + 2 * 0.1 * sd**2 * np.abs(fit.coef)
    found = shown(display.pulls_, display)
    assert set(found) == {0, 1, 2, 3, 5, 6, 7, 8, 9}  # an excluded one has no dead zone
    for j, value in found.items():
        assert value == pytest.approx(pull[j] / limit[j], abs=1e-9)
    assert "s1 (excluded)" in [label.get_text() for label in display.ax_.get_yticklabels()]
    with pytest.raises(ValueError, match="limits of the features differ"):
        fit.plot(relative=False)


def test_a_dead_zone_that_is_tiny_beside_the_pulls_stays_in_sight():
    display = drawn(eq.fit(*diabetes(), l1=1e-3).plot())
    assert display.ax_.get_xscale() == "symlog"
    zone = display.zone_.get_window_extent()
    assert zone.width > 0.15 * display.ax_.get_window_extent().width
    assert display.relative_
    assert overlapping(display.ax_.get_xticklabels()) == []
    plain = drawn(display.plot(relative=False))
    assert not plain.relative_
    assert edges(plain.zone_).x1 == pytest.approx(1e-3)
    assert plain.ax_.get_xscale() == "symlog"


def test_who_took_a_pull_is_named_beside_it():
    sheet = eq.cross_validate(*diabetes(), standardize=True).one_se.explain()
    display = drawn(sheet.plot())
    texts = [text for text in display.ax_.texts if text.get_text()]
    beside = {round(text.xy[1]): text.get_text() for text in texts if hasattr(text, "xy")}
    row = sheet["s6"]
    largest = sorted(row.absorbed_by, key=lambda name: -row.absorbed_by[name])[:2]
    height = display.ax_.get_yticks()[sheet.features.index("s6")]
    assert beside[height] == ", ".join(largest)
    assert overlapping(texts) == []
    assert outside(texts, display.figure_) == []


@pytest.mark.parametrize("columns", [3, 40, 300, 10_000])
def test_readable_with_few_and_with_many_features(columns):
    X, y = correlated(60, columns, rho=0.3, seed=1)
    frame = pd.DataFrame(X, columns=[f"{NASTY} {j}" if j % 2 else f"f_{j}" for j in range(columns)])
    fit = eq.fit(frame, y, l1=0.2 * np.abs(pulls(X, y, np.zeros(columns))[1]).max())
    display = drawn(fit.plot())
    if columns <= 40:
        names = display.ax_.get_yticklabels()
        assert len(names) == columns
    else:
        names = display.labels_
        assert 5 < len(names) <= 29
        assert f"of {columns:,} features named" in display.note_.get_text()
        points = sum(len(line.get_xdata()) for line in display.pulls_.values())
        assert points == columns
        assert not np.any(np.isnan(display.pulls_["killed"].get_ydata()))
        zone = edges(display.zone_)
        assert [zone.y0, zone.y1] == pytest.approx([-fit.limits[0], fit.limits[0]])
    assert overlapping(names) == []
    assert outside(names, display.figure_) == []
    assert not any(text.get_parse_math() for text in names)


def test_points_are_the_pulls_and_the_closest_calls_are_named():
    X, y = correlated(60, 200, seed=2)
    fit = eq.fit(X, y, l1=20.0)
    pull, alone = pulls(X, y, fit.coef)
    display = drawn(fit.plot(closest=4))
    killed = fit.coef == 0
    assert display.pulls_["killed"].get_xdata() == pytest.approx(alone[killed])
    assert display.pulls_["killed"].get_ydata() == pytest.approx(pull[killed], abs=1e-9)
    assert np.abs(display.pulls_["active"].get_ydata()) == pytest.approx(np.full((~killed).sum(), 20.0))
    nearest = np.argsort(-np.where(killed, np.abs(pull), 0.0))[:4]
    assert set(display.order_[-4:]) == set(nearest)
    written = {text.get_text() for text in display.labels_}
    assert {f"x{j + 1}" for j in nearest} <= written


def test_where_nothing_is_penalised_or_all_is_excluded():
    X, y = correlated(30, 4)
    free = drawn(eq.fit(X, y, l1=0.0).plot())
    assert free.pulls_ == {}
    drawn(eq.fit(X, y, l1=np.inf).plot())
    ridge = drawn(eq.fit(X, y, l1=0.0, l2=3.0).plot())
    assert np.abs(ridge.pulls_["active"].get_xdata()) == pytest.approx(np.ones(4))
    bound = drawn(eq.fit(X, -y, l1=1.0, lower=0.0).plot())
    assert set(bound.pulls_) <= {"active", "killed", "at bound"}
    X, y = correlated(30, 60)
    drawn(eq.fit(X, y, l1=0.1, lower=0.0, upper=0.1).plot())


def test_ax_is_used_and_plot_returns_itself():
    figure, ax = plt.subplots(layout="constrained")
    display = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False).plot(ax)
    assert display.ax_ is ax
    assert display.figure_ is figure
    assert display.plot() is display
    assert display.ax_ is not ax


def test_an_estimator_and_its_pickle():
    X, y = diabetes()
    model = eq.Lasso(alpha=0.5, standardize=True).fit(X, y)
    display = drawn(eq.BalanceDisplay.from_estimator(model, X, y))
    assert display.features == tuple(X.columns)
    again = pickle.loads(pickle.dumps(model))
    found = eq.BalanceDisplay.from_estimator(again, X, y)
    assert found.pull == pytest.approx(display.pull, abs=1e-6)
    with pytest.raises(TypeError, match="of equipoise"):
        eq.BalanceDisplay.from_estimator(object())


def test_options_and_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="relative is 'yes'"):
        eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5).plot(relative="yes")
    with pytest.raises(ValueError, match="pass one entry each"):
        eq.BalanceDisplay(features=["a"], pull=[1, 2], limit=[1], alone=[1], status=["killed"])


@pytest.mark.parametrize("p", [3, 60])
def test_without_an_l1_there_is_no_dead_zone(p):
    rng = np.random.default_rng(0)
    drawn = eq.fit(rng.normal(size=(80, p)), rng.normal(size=80), l1=0.0).plot()
    drawn.figure_.canvas.draw()
    assert not drawn.zone_.get_visible()
    assert "no dead zone" in drawn.ax_.get_xlabel()
    assert "±" not in drawn.ax_.get_xlabel()
