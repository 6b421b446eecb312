"""The exact rank of a matrix of float64, for columns that may be dependent or only nearly so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Residues = NDArray[np.int64]

# A float64 is a whole number times a power of two, so columns have residues modulo this prime. Their rank is
# no more than that of the columns, and less only if the prime happens to divide a determinant: once in 10⁹.
# Powers of 2 are no exception, as they are modulo 2³¹ − 1, where 2³¹ is 1: here they take every value but 0.
PRIME = 2**31 - 19
SEED = 20


def exact_rank(columns: Array) -> int:
    """Rank in exact arithmetic of a matrix (n, k), modulo a prime.

    A random vector is drawn among those that some of the rows take to zero. Rows that do not take it to zero
    join them, until there are no such rows.
    """
    residues = _residues(columns)
    k = residues.shape[1]
    rng = np.random.default_rng(SEED)
    basis: Residues = np.zeros((0, k), dtype=np.int64)
    while True:
        kernel = _null_vector(basis, rng)
        wrong = np.flatnonzero(_times(residues, kernel))
        if not len(wrong):
            return len(basis)
        some = rng.permutation(wrong)[: k - len(basis) + 4]
        basis = _echelon(np.vstack([basis, residues[some]]))


def _residues(columns: Array) -> Residues:
    """Each column, times a power of two that makes it whole, modulo the prime."""
    mantissa, exponent = np.frexp(columns)
    whole = np.ldexp(mantissa, 53).astype(np.int64) % PRIME
    exponent = np.where(columns == 0, 0, exponent)
    power = exponent - exponent.min(axis=0, initial=0)
    powers = np.array([pow(2, k, PRIME) for k in range(int(power.max(initial=0)) + 1)], dtype=np.int64)
    residues: Residues = whole * powers[power] % PRIME
    return residues


def _times(matrix: Residues, vector: Residues) -> Residues:
    """Matrix times vector modulo the prime."""
    out = np.zeros(len(matrix), dtype=np.int64)
    for column, factor in zip(matrix.T, vector.tolist(), strict=True):
        if factor:
            out = (out + column * factor) % PRIME
    return out


def _echelon(rows: Residues) -> Residues:
    """The reduced echelon form of the rows, without those that become zero."""
    rows, done = rows.copy(), 0
    for column in range(rows.shape[1]):
        candidates = np.flatnonzero(rows[done:, column])
        if not len(candidates):
            continue
        pivot = done + int(candidates[0])
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        factors = rows[:, column].copy()
        factors[done] = 0
        rows = (rows - factors[:, None] * rows[done] % PRIME) % PRIME
        done += 1
        if done == len(rows):
            break
    return rows[:done]


def _null_vector(basis: Residues, rng: np.random.Generator) -> Residues:
    """A random vector that the rows of a reduced echelon form take to zero."""
    out: Residues = rng.integers(1, PRIME, size=(basis.shape[1],))
    leading = (basis != 0).argmax(axis=1)
    out[leading] = 0
    out[leading] = (PRIME - _times(basis, out)) % PRIME
    return out
