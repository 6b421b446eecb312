"""Twelve of the 442 patients of Efron, Hastie, Johnstone and Tibshirani (2004): every 36th, from the 19th."""

from __future__ import annotations

import numpy as np

NAMES = ("age", "bmi", "bp", "s3", "s5", "progression")
"""Years, body mass index, blood pressure, HDL, log of triglycerides; how far diabetes went in a year."""

ROWS = (
    (38, 25.4, 84, 42, 4.4427, 97),
    (35, 28.7, 97, 64, 4.1897, 182),
    (52, 24, 83, 71, 3.8501, 98),
    (24, 20.7, 87, 61, 3.6109, 99),
    (34, 29.2, 73, 49, 4.3041, 172),
    (34, 31.4, 87, 46, 3.8286, 142),
    (61, 30, 108, 52, 5.3471, 246),
    (50, 29.2, 119, 54, 4.7362, 202),
    (51, 26.2, 101, 48, 4.2047, 44),
    (64, 28.4, 111, 41, 4.382, 178),
    (53, 26.6, 93, 36, 4.8903, 245),
    (71, 27, 93.33, 41, 5.2417, 131),
)


def column(name: str) -> np.ndarray:
    """The measurements of one name, as they were taken."""
    return np.array([row[NAMES.index(name)] for row in ROWS], dtype=float)


def standardized(name: str) -> np.ndarray:
    """The measurements of one name with mean 0 and standard deviation 1 (1/n)."""
    values = column(name)
    return np.asarray((values - values.mean()) / values.std())
