from dataclasses import dataclass

import numpy as np
import pytest

from equipoise.data.records import ByValue


@dataclass(frozen=True, eq=False)
class Record(ByValue):
    value: object


EQUAL = [
    (1.0, 1.0),
    (float("nan"), float("nan")),
    (np.float64("nan"), -float("nan")),
    (0.0, -0.0),
    (np.array([1.0, np.nan]), np.array([1.0, -np.nan])),
    (np.array([0.0]), np.array([-0.0])),
    (np.array([True, False]), np.array([True, False])),
    ((1.0, (float("nan"),)), (1.0, (float("nan"),))),
    ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
    (None, None),
]
OTHERS = [
    (1.0, 2.0),
    (0.0, float("nan")),
    (np.array([1.0]), np.array([[1.0]])),
    (np.array([1.0, 2.0]), np.array([2.0, 1.0])),
    ({"a": 1.0}, {"a": 2.0}),
    (None, 0.0),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_values_are_equal_and_have_one_hash(one, other):
    assert Record(one) == Record(other)
    assert len({Record(one), Record(other)}) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_values_are_not_equal(one, other):
    assert Record(one) != Record(other)
    assert len({Record(one), Record(other)}) == 2


def test_other_types_are_not_equal():
    assert Record(1.0) != 1.0
    assert Record(np.array([1.0])) != np.array([1.0])
    assert Record(1.0) not in [1.0, "1.0", None]
