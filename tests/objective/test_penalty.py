"""The penalty against its definition, in rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.objective.penalty import Penalty

INF = np.inf
TINY = Fraction(1, 10**6)


def arrays(*columns):
    return Penalty(*(np.array(column, dtype=float) for column in columns))


def h(l1, l2, w):
    """l1·|w| + l2·w², exactly."""
    return (0 if w == 0 else Fraction(l1) * abs(w)) + Fraction(l2) * w * w


CASES = [
    (l1, l2, lower, upper, w)
    for l1 in (0.0, 1.5)
    for l2 in (0.0, 0.25)
    for lower, upper in (
        (-INF, INF),
        (0.0, INF),
        (-INF, 0.0),
        (-1.0, 2.0),
        (0.5, 2.0),
        (-2.0, -0.5),
        (1.0, 1.0),
    )
    for w in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
    if lower <= w <= upper
]


@pytest.mark.parametrize(("l1", "l2", "lower", "upper", "w"), CASES)
def test_the_interval_holds_the_subgradients_and_nothing_else(l1, l2, lower, upper, w):
    """g is one if h(v) ≥ h(w) + g·(v − w) for every v of the box; near w tells, for h is convex."""
    low, high = (side.item() for side in arrays([l1], [l2], [lower], [upper]).interval(np.array([w])))
    here = Fraction(w)
    near = [v for v in (here - TINY, here + TINY, here - 1, here + 1) if lower <= v <= upper]
    for g in np.arange(-4.0, 4.125, 0.125):
        inside = all(h(l1, l2, v) >= h(l1, l2, here) + Fraction(g) * (v - here) for v in near)
        assert inside == (low <= g <= high), (g, low, high)


def test_the_value_is_the_sum_and_never_infinity_times_zero():
    rng = np.random.default_rng(0)
    l1, l2, w = rng.integers(0, 9, 7) / 4, rng.integers(0, 9, 7) / 8, rng.integers(-9, 9, (5, 7)) / 2
    l1[2], w[:, 2] = INF, 0.0
    free = np.full(7, INF)
    found = Penalty(l1, l2, -free, free).value(w)
    for k in range(5):
        exact = sum(
            h(*term) for term in zip(l1, l2, map(Fraction, w[k]), strict=True) if np.isfinite(term[0])
        )
        assert Fraction(found[k]) == exact
    w[0, 2] = 1.0
    assert Penalty(l1, l2, -free, free).value(w)[0] == INF


def test_distance_is_what_is_missing_to_the_interval_and_excess_is_negative_inside():
    penalty = arrays([2.0, 2.0, 2.0, INF], [0.0, 0.0, 0.5, 0.0], [-INF] * 4, [INF, INF, INF, INF])
    w, pull = np.array([0.0, 0.0, -3.0, 0.0]), np.array([1.5, -2.5, -4.0, 1e300])
    # The last is excluded; the third balances at −2 + 2·½·(−3) = −5.
    np.testing.assert_array_equal(penalty.excess(w, pull), [-0.5, 0.5, 1.0, -INF])
    np.testing.assert_array_equal(penalty.distance(w, pull), [0.0, 0.5, 1.0, 0.0])


def test_the_null_model_is_the_point_of_the_box_nearest_to_zero():
    lower, upper = [-INF, -1.0, 0.5, -3.0, 0.0, 2.0], [INF, 2.0, 4.0, -1.5, INF, 2.0]
    penalty = arrays([1.0] * 6, [0.0] * 6, lower, upper)
    np.testing.assert_array_equal(penalty.null, [0.0, 0.0, 0.5, -1.5, 0.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        penalty.null[0] = 1.0


def test_a_strength_multiplies_both_penalties_and_leaves_infinity():
    penalty = arrays([1.0, INF, 0.0], [0.5, 0.0, 2.0], [-1.0, -INF, 0.0], [1.0, INF, 3.0])
    for strength in (0.0, 0.25, 8.0):
        there = penalty.at(strength)
        np.testing.assert_array_equal(there.l1, [strength, INF, 0.0])
        np.testing.assert_array_equal(there.l2, [0.5 * strength, 0.0, 2.0 * strength])
        np.testing.assert_array_equal(there.lower, penalty.lower)
        np.testing.assert_array_equal(there.upper, penalty.upper)
    stack = penalty.at(np.array([[0.0], [2.0]]))
    np.testing.assert_array_equal(stack.l1, [[0.0, INF, 0.0], [2.0, INF, 0.0]])
    np.testing.assert_array_equal(stack.l2, [[0.0, 0.0, 0.0], [1.0, 0.0, 4.0]])


def test_scaled_coefficients_cost_the_same_and_meet_the_same_bounds():
    penalty = arrays([1.0, 3.0, INF], [0.5, 0.0, 1.0], [-1.0, -INF, 0.0], [2.0, INF, 0.0])
    scale, w = np.array([4.0, 0.125, 2.0]), np.array([-1.0, 5.0, 0.0])
    scaled = penalty.scaled(scale)
    assert scaled.value(scale * w) == penalty.value(w) == 16.5
    np.testing.assert_array_equal(scaled.lower, [-4.0, -INF, 0.0])
    np.testing.assert_array_equal(scaled.upper, [8.0, INF, 0.0])


def test_which_features_are_free_and_whether_one_has_a_bound():
    penalty = arrays([0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0], [-INF, -INF, 0.0, -INF], [INF] * 4)
    np.testing.assert_array_equal(penalty.unpenalised, [True, False, False, False])
    assert penalty.boxed
    assert not penalty.of(np.array([0, 1, 3])).boxed
    assert penalty.of(np.array([3, 1])).l1.tolist() == [1.0, 0.0]
