"""What all intervals ask for: their level, the variance of the noise, and no weights."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_asked(level: float, variance: float | None, sample_weight: Any) -> None:
    """Refuse a level or variance out of range, and sample weights.

    Parameters
    ----------
    level, variance, sample_weight
        As a verb was given them.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level!r}: pass a number between 0 and 1, as 0.95")
    if variance is not None and not 0.0 < variance < np.inf:
        raise ValueError(f"variance is {variance!r}: pass a number above 0")
    if sample_weight is not None:
        raise ValueError(
            "sample_weight is refused here: a row that stands twice is not two independent rows; where "
            "weights are inverse variances, multiply X (with a column of ones for the intercept) and y by "
            "their square roots"
        )
