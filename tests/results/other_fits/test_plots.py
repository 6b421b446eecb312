"""Pictures of other fits: what stands where, against values worked out by hand."""

from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from pictures import NASTY, correlated, drawn, outside, overlapping

import equipoise as eq
from equipoise.show.plots import Display

X, Y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def fit():
    # XᵀX = [[2, 1], [1, 2]], Xᵀy = (5, 4): x1 alone is in, w = (5 − 7/2)/2 = 3/4.
    return eq.fit(X, Y, l1=3.5, intercept=False)


def marks(ax):
    """Where each kind of mark stands, by its words in the legend."""
    return {
        line.get_label(): sorted((round(x, 12), y) for x, y in zip(*line.get_data(), strict=True))
        for line in ax.get_lines()
        if not line.get_label().startswith("_")
    }


def test_a_line_goes_from_before_to_after(fit):
    display = drawn(fit.what_if(without=["x1"]).plot())
    assert isinstance(display, Display)
    # Without x1, w2 = (4 − 7/2)/2 = 1/4; x1 is the larger of the two, and on top.
    assert [text.get_text() for text in display.ax_.get_yticklabels()] == ["x1", "x2"]
    assert marks(display.ax_) == {
        "before": [(0.0, 1), (0.75, 0)],
        "after: enters": [(0.25, 1)],
        "after: leaves": [(0.0, 0)],
    }
    lines = [segment[:, 0] for segment in display.ax_.collections[0].get_segments()]
    np.testing.assert_allclose(lines, [[0.75, 0.0], [0.0, 0.25]], rtol=1e-12)
    assert display.ax_.get_ylim()[0] > display.ax_.get_ylim()[1]
    assert display.ax_.get_title(loc="left") == "without x1"


def test_marks_differ_in_form_and_colour():
    data, y = correlated(30, 8, seed=1)
    found = eq.fit(data, y, l1=1.0).what_if(without=["x3"])
    assert found.entered
    assert found.changed_sign
    looks = {
        line.get_label(): (line.get_marker(), to_hex(line.get_color()), line.get_fillstyle())
        for line in drawn(found.plot()).ax_.get_lines()
        if not line.get_label().startswith("_")
    }
    assert set(looks) == {"before", *(f"after: {w}" for w in ("stays", "enters", "leaves", "changes sign"))}
    filled = {name: look for name, look in looks.items() if name != "before"}
    assert len({marker for marker, _, _ in filled.values()}) == 4
    assert len({colour for _, colour, _ in filled.values()}) == 4
    assert looks["before"][2] == "none"


def test_a_bar_is_the_share_of_the_gain(fit):
    display = drawn(fit.survivors().plot())
    assert isinstance(display, Display)
    # Objectives: ½yᵀy = 7 for the null model, less ½(5 − 7/2)²/2 with x1, less ½(4 − 7/2)²/2 with x2 alone.
    gain, left = Fraction(9, 16), Fraction(1, 16)
    (bar,) = display.ax_.patches
    assert bar.get_width() == pytest.approx(float((gain - left) / gain), rel=1e-12)
    texts = {text.get_text() for text in display.ax_.texts}
    assert texts == {"88.9 %", "killed by a limit of"}
    # Without x1 the residual y − x2/4 pulls on it with 5 − 1/4, which is 19/14 of its limit.
    (beside,) = display.ax_.child_axes
    assert [text.get_text() for text in beside.get_yticklabels()] == ["4.75 (1.36 × its own)"]
    assert [text.get_text() for text in display.ax_.get_yticklabels()] == ["x1"]


def test_survivors_with_a_stand_in_are_hatched():
    rng = np.random.default_rng(5)
    x, z = rng.normal(size=(2, 80))
    twin = x + 1e-3 * rng.normal(size=80)
    fit = eq.fit(pd.DataFrame({"x": x, "twin": twin, "z": z}), 2 * x + z, l1=4.0)
    survivors = fit.survivors()
    kept = {name for group in survivors.groups() for name in group.kept}
    assert kept
    assert "z" not in kept
    ax = drawn(survivors.plot()).ax_
    names = [text.get_text() for text in ax.get_yticklabels()]
    hatched = {names[round(bar.get_y() + bar.get_height() / 2)] for bar in ax.patches if bar.get_hatch()}
    assert hatched == kept
    told = {names[round(text.xy[1])] for text in ax.texts if "others can stand in for it" in text.get_text()}
    assert told == kept


@pytest.mark.parametrize("count", [3, 30, 60])
def test_names_stay_inside_and_apart(count):
    data, y = correlated(150, count, true=count)
    names = [f"{NASTY} {i}" for i in range(count)]
    fit = eq.fit(pd.DataFrame(data, columns=names), y, l1=1.0)
    for result in (fit.what_if(without=names[: count // 3]), fit.survivors()):
        display = drawn(result.plot())
        ax = display.ax_
        labels = [text for text in ax.get_yticklabels() if text.get_text()]
        assert 0 < len(labels) <= 30
        texts = [*labels, *ax.texts, ax.title, ax.xaxis.label]
        texts += [text for other in ax.child_axes for text in other.get_yticklabels()]
        assert not outside(texts, display.figure_)
        assert not overlapping(labels)


def test_nothing_to_draw_is_a_picture_all_the_same(fit):
    none = eq.fit(X, Y, l1=9, intercept=False)
    what_if = drawn(none.what_if(l1=8.0).plot())
    assert marks(what_if.ax_) == {"before": []}
    for display, words in (
        (what_if, "no feature is in the model, before or after"),
        (none.survivors().plot(), "no penalised feature is in the model"),
        (none.importance().plot(), "no feature is in the model"),
        (eq.fit([[1, 2]], [3], l1=0.5, intercept=False).importance().plot(), "y is the same in all rows: it"),
    ):
        (text,) = drawn(display).ax_.texts
        assert text.get_text().startswith(words)
        assert not outside([text], display.figure_)


def test_a_survivor_without_a_cost_says_that_others_stand_in():
    rng = np.random.default_rng(5)
    x, z = rng.normal(size=(2, 80))
    # Copies: w_x + w_copy is all that matters, so that either costs nothing.
    fit = eq.fit(pd.DataFrame({"x": x, "z": z, "copy": x}), 2 * x + z, l1=4.0)
    texts = [text.get_text() for text in drawn(fit.survivors().plot()).ax_.texts]
    assert "0 %, others can stand in for it" in texts


def test_blank_and_long_names_are_seen_and_shares_stay_clear_of_figures():
    data, y = correlated(60, 5, rho=0.1)
    names = ["", "   ", "W" * 60, "a name of very many letters that goes on and on", "b"]
    fit = eq.fit(pd.DataFrame(data[:, ::-1], columns=names[::-1]), y, l1=1.0)
    assert len(fit.support) == 5
    for result in (fit.survivors(), fit.importance(), fit.what_if(without=["b"]), fit):
        display = drawn(result.plot())
        ax = display.ax_
        labels = [text.get_text() for text in ax.get_yticklabels()]
        assert {"“”", "“   ”", "b"} <= set(labels)
        beside = [text for other in ax.child_axes for text in other.get_yticklabels()]
        shares = [text for text in ax.texts if "%" in text.get_text()]
        assert not overlapping([*shares, *beside])
        legend = ax.get_legend()
        texts = [*ax.get_yticklabels(), *beside, ax.xaxis.label, *(legend.get_texts() if legend else ())]
        assert not outside(texts, display.figure_)


def test_words_are_pale_on_a_dark_ground(fit):
    def grey(colour):
        return int(to_hex(colour)[1:3], 16)

    for style, pale in (("default", False), ("dark_background", True)):
        with plt.style.context(style):
            ax = drawn(fit.survivors().plot()).ax_
            (beside,) = ax.child_axes
            words = [text for text in ax.texts if "killed" in text.get_text()] + beside.get_yticklabels()
            assert all((grey(text.get_color()) > 128) == pale for text in words)


@pytest.mark.parametrize("result", [lambda fit: fit.what_if(without=["x1"]), lambda fit: fit.survivors()])
def test_on_axes_of_ones_own(fit, result):
    figure, (one, other) = plt.subplots(1, 2, layout="constrained")
    display = drawn(result(fit).plot(other))
    assert display.ax_ is other
    assert display.figure_ is figure
    assert not one.has_data()
    assert len(plt.get_fignums()) == 1
