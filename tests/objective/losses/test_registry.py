"""Losses are found by the names that are documented, and anything else is refused in a sentence."""

import pytest

from equipoise.objective.losses.binomial import Binomial
from equipoise.objective.losses.negative_binomial import NegativeBinomial
from equipoise.objective.losses.registry import NAMES, read_loss
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
        ("logistic", "pass one of 'squared', 'binomial'"),
        ("", "pass one of"),
    ],
)
def test_refused(asked, told):
    """Each mistake in its own words."""
    with pytest.raises(ValueError, match=told):
        read_loss(asked)


def test_what_is_no_name():
    """A number is not."""
    with pytest.raises(TypeError, match="pass one of"):
        read_loss(3)
