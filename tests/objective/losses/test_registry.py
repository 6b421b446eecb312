"""Losses are found by the names that are documented, and anything else is refused in a sentence."""

import pytest

from equipoise.objective.losses.binomial import Binomial
from equipoise.objective.losses.negative_binomial import NegativeBinomial
from equipoise.objective.losses.registry import ELSEWHERE, EXAMPLES, NAMES, read_loss
from equipoise.objective.losses.tweedie import Tweedie


@pytest.mark.parametrize(
    ("asked", "loss"),
    [
        ("binomial", Binomial()),
        ("tweedie(1.5)", Tweedie(1.5)),
        (" tweedie( power = 1.25 ) ", Tweedie(1.25)),
        ("negative_binomial(2)", NegativeBinomial(2.0)),
        ("negative_binomial(size=.5)", NegativeBinomial(0.5)),
    ],
)
def test_read(asked, loss):
    """With and without a number, and the name of the number."""
    assert read_loss(asked) == loss


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_is_read_from_its_own_label(name):
    """What files keep is what they are read from."""
    loss = read_loss(f"{name}(1.5)" if name in ("tweedie", "negative_binomial") else name)
    assert read_loss(loss.label) == loss
    assert read_loss(loss) is loss


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("tweedie", "needs its power"),
        ("tweedie(x)", "needs its power"),
        ("tweedie(2)", "between 1 and 2"),
        ("negative_binomial(0)", "above 0"),
        ("poisson(3)", "takes no number"),
        ("logistic", r"did you mean 'binomial'\?"),
        ("Binomial", r"did you mean 'binomial'\?"),
        ("binomal", r"did you mean 'binomial'\?"),
        ("gaussian", r"did you mean 'squared'\?"),
        ("quasipoisson", r"did you mean 'poisson'\?"),
        ("nb", r"did you mean 'negative_binomial\(2\)'\?"),
        ("Tweedie(1.5)", r"did you mean 'tweedie\(1.5\)'\?"),
        ("cox", r"pass one of 'squared', .*, 'tweedie\(1.5\)', 'negative_binomial\(2\)'"),
        ("", "pass one of"),
    ],
)
def test_refused(asked, told):
    """Each mistake in its own words."""
    with pytest.raises(ValueError, match=told):
        read_loss(asked)


def test_what_is_proposed_is_taken():
    """No example is refused in its turn."""
    assert [read_loss(example).name for example in EXAMPLES] == list(NAMES)
    assert set(ELSEWHERE.values()) <= set(NAMES)


def test_what_is_no_name():
    """A number is not."""
    with pytest.raises(TypeError, match="pass one of"):
        read_loss(3)
