import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from equipoise.show.labels import short, spread

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(SHARES, st.floats(0.001, 0.3))
def test_places_are_apart_in_order_and_inside(wanted, gap):
    places = spread(np.array(wanted), gap)
    gap = min(gap, 1.0 / max(len(wanted) - 1, 1))
    order = np.argsort(wanted, kind="stable")
    assert np.all(np.diff(places[order]) >= gap * (1 - 1e-9) - 1e-12)
    assert places.min() >= -1e-12
    assert places.max() <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_places_are_the_closest_in_squares(seed):
    wanted = np.sort(np.random.default_rng(seed).uniform(0, 1, 6))
    gap = 0.12
    differences = np.eye(6, k=1)[:5] - np.eye(6)[:5]
    start = np.linspace(0, 1, 6)
    best = minimize(
        lambda x: np.sum((x - wanted) ** 2),
        start,
        jac=lambda x: 2 * (x - wanted),
        method="SLSQP",
        bounds=[(0, 1)] * 6,
        constraints=LinearConstraint(differences, gap, np.inf),
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert spread(wanted, gap) == pytest.approx(best.x, abs=1e-5)


def test_places_that_are_apart_already_stay():
    wanted = np.array([0.9, 0.1, 0.5])
    assert spread(wanted, 0.2) == pytest.approx(wanted)


def test_a_long_name_keeps_both_ends_and_a_line_end_is_escaped():
    assert short("a" * 24) == "a" * 24
    name = short("first_" + "x" * 50 + "_last")
    assert len(name) == 24
    assert name.startswith("first_")
    assert name.endswith("_last")
    assert short("two\nlines") == "two\\nlines"
