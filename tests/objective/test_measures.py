"""Measures of some points keep to their points, however these are cut and put in order."""

import numpy as np

from equipoise.objective.measures import PRECISION, ROUNDINGS, Measures


def numbered(*points):
    """Measures in which every number tells of which point it is, and of which field."""
    values = np.array(points, dtype=float)
    vectors = [100 * k + values for k in range(len(Measures._fields) - 1)]
    return Measures(*vectors, zeros_proved=values[:, None] > np.arange(4))


def test_batches_are_joined_in_the_order_asked_for():
    order, zeros = np.array([3, 0, 2, 1]), np.ones((4, 9), dtype=bool)
    joined = Measures.join([numbered(0, 1, 2), numbered(3)], order, zeros)
    expected = numbered(3, 0, 2, 1)
    for name in Measures._fields[:-1]:
        np.testing.assert_array_equal(getattr(joined, name), getattr(expected, name))
    assert joined.zeros_proved is zeros


def test_some_of_them_are_those_of_the_points():
    some, expected = numbered(4, 3, 2, 1).of(slice(1, 3)), numbered(3, 2)
    for name in Measures._fields:
        np.testing.assert_array_equal(getattr(some, name), getattr(expected, name))


def test_the_tolerances_are_those_that_the_certificate_promises():
    assert (PRECISION, ROUNDINGS) == (1e-9, 64.0)
