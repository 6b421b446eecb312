"""The sentence on what one unit more of a feature does."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.objective.losses.registry import read_loss
from equipoise.results.balance.ratio import ratio_text, response_text


@pytest.mark.parametrize(
    ("loss", "what"),
    [
        ("binomial", "the odds of cured = yes"),
        ("poisson", "the expected count of cured = yes"),
        ("negative_binomial(2)", "the expected count of cured = yes"),
        ("gamma", "the mean of cured = yes"),
        ("tweedie(1.5)", "the mean of cured = yes"),
    ],
)
def test_every_loss_names_what_is_multiplied(loss, what):
    words = read_loss(loss).words
    assert ratio_text(np.log(2.0), 3.0, words, "cured = yes") == (
        f"One unit more multiplies {what} by 2, one standard deviation by 8."
    )
    assert ratio_text(-np.log(2.0), None, words, "y") == (
        f"One unit more multiplies {what.replace('cured = yes', 'y')} by 0.5."
    )
    assert ratio_text(0.0, 1.0, words, "y") == ""


def test_squares_have_none():
    assert ratio_text(1.0, 1.0, read_loss("squared").words, "y") == ""


def test_beyond_the_largest_number_a_ratio_is_infinite():
    assert "by ∞." in ratio_text(1e4, None, read_loss("binomial").words, "y")


@pytest.mark.parametrize("levels", [(0.0, 1.0), (0, 1)])
def test_numbers_are_told_as_numbers(levels):
    assert response_text("dead", levels) == "dead = 1"


def test_truth_values_and_names_on_one_line():
    assert response_text("dead", (False, True)) == "dead = True"
    assert response_text("", ("a", "b\nc")) == "y = b\\nc"


def test_a_saved_model_knows_its_event(tmp_path):
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"dose": [1.0, 2, 3, 4, 5, 6], "cured": ["no", "yes", "no", "no", "yes", "yes"]})
    fit = eq.fit(table, "cured", l1=0.5, loss="binomial")
    fit.save(tmp_path / "model.json")
    again = eq.load(tmp_path / "model.json")
    for text in (str(again), again.explain("dose", table)):
        assert "cured = yes" in text
