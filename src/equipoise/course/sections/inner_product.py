"""Section 8: the inner product measures alignment; of standardised columns it is n correlations."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.fit import fit
from equipoise.course.patients import NAMES, column, standardized
from equipoise.course.section import Section

FEATURES = NAMES[:-1]


def _lines(name: str) -> str:
    """The code, with the measurements of a feature and the response in full."""
    values, y = (", ".join(f"{value:g}" for value in column(one)) for one in (name, "progression"))
    return f"""\
import numpy as np
x = np.array([{values}])  # {name}
y = np.array([{y}])
x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
print(x @ y, x @ y / len(y), np.corrcoef(x, y)[0, 1])  # inner product; the correlation, twice
print(eq.fit(x[:, None], y, l1=12, intercept=False).explain()["x1"].pull)  # the pull is this inner product"""


def numbers() -> dict[str, Any]:
    """Twelve people's standardised columns, and the pull of the response on each feature at w = 0."""
    columns, y = [standardized(name) for name in FEATURES], standardized("progression")
    # No inner product of two standardised columns is above n: at this limit every weight is 0.
    killed = fit(np.column_stack(columns), y, l1=len(y), intercept=False, names=list(FEATURES))
    sheet = killed.explain()
    return {
        "features": list(FEATURES),
        "columns": [one.tolist() for one in columns],
        "y": y.tolist(),
        "pulls": [sheet[name].pull for name in FEATURES],
    }


INNER_PRODUCT = Section(8, "inner_product", "What is an inner product?", numbers, _lines("bmi"))
