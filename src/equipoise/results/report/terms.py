"""What the words of a report mean."""

from __future__ import annotations

from equipoise.results.balance.text import REASONS
from equipoise.results.report.subject import Subject


def terms_of(subject: Subject) -> list[tuple[str, str]]:
    """Words and their meanings, for a reader who has seen none of them."""
    setup = subject.setup
    loss, words = setup.loss, setup.loss.words
    ratio = f", all others as they are; e to the power of it is the {words.ratio}" if words.ratio else ""
    left = "what the model leaves unexplained" if loss.squared else loss.left
    weighed = ", times the weight of the row" if setup.weights is not None else ""
    charge = "l1 times the standard deviation of the feature" if setup.standardize else "l1"
    ridge = ", plus 2·l2·|coef|" if setup.penalty.l2.any() else ""
    reasons = "; ".join(f"{reason}: {meaning}" for reason, meaning in REASONS.items())
    return [
        (
            "coef",
            f"By how much the {words.predictor} changes when the feature grows by one unit{ratio}. At 0 the "
            "feature has no part in it.",
        ),
        (
            "pull",
            "How hard the data pull on the coefficient: the sum over the rows of feature × residual"
            f"{weighed}, the residual being {left}. A positive pull is upwards.",
        ),
        (
            "alone",
            "The pull that there would be if no other penalised feature were in the model. The others "
            "explain some of the same rows, and so take from it or add to it.",
        ),
        (
            "limit",
            f"The largest pull that the penalty can hold: {charge}{ridge}. From −limit to +limit is the "
            "dead zone.",
        ),
        (
            "slack",
            "The limit less the size of the pull: how much more it would take to bring a zero into the "
            "model. A feature in the model has none.",
        ),
        (
            "status",
            "active: in the model, its pull balanced by the limit. killed: its pull does not exceed the "
            f"limit, so the coefficient is exactly 0. Why, in the words used here: {reasons}.",
        ),
        (
            "enters at",
            "The strength of the penalty at which the coefficient becomes other than 0: for a zero the next "
            "one as the penalty is weakened from here, for a feature in the model the last one passed.",
        ),
    ]
