import matplotlib
import numpy as np
import pandas as pd
import pytest
from pictures import NASTY, correlated, drawn, outside, overlapping

import equipoise as eq

matplotlib.use("agg")
from matplotlib import pyplot as plt

X3, Y3 = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def by_hand(X, y, l1, steps):
    """Coordinate descent by hand: partial pulls, objectives and largest gradients, step by step."""
    w, r, out = np.zeros(X.shape[1]), y.copy(), []
    for step in range(steps):
        j = step % X.shape[1]
        r = r + X[:, j] * w[j]
        g = X[:, j] @ r
        w[j] = np.sign(g) * max(abs(g) - l1, 0.0) / (X[:, j] @ X[:, j])
        r = r - X[:, j] * w[j]
        pull = X.T @ r
        left = np.where(w != 0, np.abs(pull - l1 * np.sign(w)), np.maximum(np.abs(pull) - l1, 0.0))
        out.append((g, abs(g) <= l1, 0.5 * r @ r + l1 * np.abs(w).sum(), left.max()))
    return np.array(out)


@pytest.mark.parametrize("l1", [1.0, 3.5])
def test_the_panels_show_the_document_s_algorithm(l1):
    trace = eq.trace(X3, Y3, l1=l1)
    display = drawn(trace.plot())
    expected = by_hand(X3, Y3, l1, len(trace.steps))
    assert len(display.pull_axes_) == 2
    for j, name in enumerate(("x1", "x2")):
        step, pull = display.lines_[name].get_data()
        assert step.tolist() == list(range(j + 1, len(trace.steps) + 1, 2))
        assert pull == pytest.approx(expected[j::2, 0])
        killed = expected[j::2, 1] == 1
        assert display.killed_[name].get_xdata().tolist() == step[killed].tolist()
        assert display.kept_[name].get_xdata().tolist() == step[~killed].tolist()
        zone = display.zones_[j].get_extents().transformed(display.pull_axes_[j].transData.inverted())
        assert [zone.y0, zone.y1] == pytest.approx([-l1, l1])
    assert display.objective_line_.get_ydata() == pytest.approx(expected[:, 2])
    gradient = display.gradient_line_.get_ydata()
    assert np.nan_to_num(gradient) == pytest.approx(expected[:, 3], abs=1e-12)
    if l1 == 1.0:
        assert display.gradient_ax_.get_yscale() == "log"


@pytest.mark.parametrize("columns", [6, 10, 200])
def test_readable_with_few_and_with_many_features(columns):
    X, y = correlated(40, columns, rho=0.3)
    frame = pd.DataFrame(X, columns=[f"{NASTY} {j}" if j % 2 else f"f_{j}" for j in range(columns)])
    trace = eq.trace(frame, y, l1=10.0, max_sweeps=20)
    display = drawn(trace.plot())
    names = [ax.yaxis.label for ax in display.pull_axes_] if columns <= 6 else display.labels_
    assert len(names) == min(columns, 8)
    assert overlapping(names) == []
    assert outside(names, display.figure_) == []
    assert not any(name.get_parse_math() for name in names if columns <= 6 or name in display.labels_)
    if columns > 6:
        assert len(display.pull_axes_) == 1
        zone = display.zones_[0].get_extents().transformed(display.ax_.transData.inverted())
        assert [zone.y0, zone.y1] == pytest.approx([-1.0, 1.0])
        for name, line in display.lines_.items():
            own = [step.partial_pull / 10.0 for step in trace.steps if step.feature == name]
            assert line.get_ydata() == pytest.approx(own)
        assert "8 of" in display.note_.get_text()


def test_ridge_elastic_net_and_an_excluded_feature():
    ridge = drawn(eq.trace(X3, Y3, l1=0, l2=1).plot())
    assert not any(len(marks.get_xdata()) for marks in ridge.killed_.values())
    drawn(eq.trace(X3, Y3, l1=[1, np.inf], l2=0.5).plot())
    X, y = correlated(40, 9)
    many = drawn(eq.trace(X, y, l1=0, l2=5, max_sweeps=20).plot())
    assert many.zones_ == []
    drawn(eq.trace(X, y, l1=[0, 1, 1, 1, 1, 1, 1, 1, np.inf], max_sweeps=3).plot())


def test_the_panels_take_the_place_of_a_subplot():
    figure, axes = plt.subplots(1, 2, layout="constrained")
    display = eq.trace(X3, Y3, l1=1).plot(axes[1])
    figure.canvas.draw()
    assert display.figure_ is figure
    left = axes[0].get_window_extent()
    assert all(ax.get_window_extent().x0 > left.x1 for ax in display.pull_axes_)
    with pytest.raises(ValueError, match="ax is no subplot"):
        eq.trace(X3, Y3, l1=1).plot(figure.add_axes((0, 0, 1, 1)))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="pass one entry each"):
        eq.TraceDisplay(
            features=["a"],
            feature=[0],
            partial_pull=[1.0, 2.0],
            limit=[1.0],
            killed=[True],
            objective=[1.0],
            gradient=[0.0],
            coef=[0.0],
        )
