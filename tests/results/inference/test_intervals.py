"""Intervals as text, frame, dict and picture."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import equipoise as eq


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(40, 5)), columns=["age", "bmi", "bp", "s1", "s2"])
    return X, X["bmi"] + rng.normal(size=40)


def test_debiased_intervals_say_that_nothing_is_conditioned_on(frame):
    found = eq.debias(*frame)
    text = str(found).replace("\n", " ")
    assert "nothing is conditioned on" in text
    assert "scaled lasso" in text
    assert "bmi" in text
    table = found.to_frame()
    assert isinstance(table, pd.DataFrame)
    assert list(table["feature"]) == ["age", "bmi", "bp", "s1", "s2"]
    np.testing.assert_array_equal(table["lower"], found.lower)
    assert found.truncation is None


def test_selective_intervals_say_what_they_condition_on(frame):
    found = eq.selective_intervals(*frame, l1=5.0, variance=1.0)
    text = str(found).replace("\n", " ")
    assert "with these signs at this l1" in text
    assert "not by cross-validation" in text
    assert "as given" in text


def test_dict_is_json_and_keeps_infinities_as_none(frame):
    found = eq.selective_intervals(*frame, l1=30.0, variance=1.0)
    assert found.features == ("bmi",)  # alone it may grow for ever
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["features"] == list(found.features)
    assert np.isinf(found.truncation).any()
    assert any(end is None for pair in plain["truncation"] for end in pair)


def test_picture_has_a_line_a_feature(frame):
    found = eq.debias(*frame)
    ax = found.plot().ax_
    assert [label.get_text() for label in ax.get_yticklabels()] == list(found.features)
    drawn = [tuple(line.get_xdata()) for line in ax.get_lines()]
    for lower, upper in zip(found.lower, found.upper, strict=True):
        assert (pytest.approx(lower), pytest.approx(upper)) in drawn
    _, own = plt.subplots()
    selective = eq.selective_intervals(*frame, l1=5.0, variance=1.0)
    assert selective.plot(own).ax_ is own
    plt.close("all")
