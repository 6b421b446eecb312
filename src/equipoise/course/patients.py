"""Twelve of the 442 patients of the table ``diabetes``, as they were measured: every 36th, from the 19th."""

from __future__ import annotations

from functools import cache

import numpy as np

from equipoise.data.datasets.tables import read_table

NAMES = ("age", "bmi", "bp", "s3", "s5", "progression")
"""Years, body mass index, blood pressure, HDL, log of triglycerides; how far diabetes went in a year."""


def column(name: str) -> np.ndarray:
    """The measurements of one name, as they were taken."""
    names, table = _patients()
    return table[:, names.index(name)]


def standardized(name: str) -> np.ndarray:
    """The measurements of one name with mean 0 and standard deviation 1 (1/n)."""
    values = column(name)
    return np.asarray((values - values.mean()) / values.std())


@cache
def _patients() -> tuple[list[str], np.ndarray]:
    names, table = read_table("diabetes")
    return names, table[18::36]
