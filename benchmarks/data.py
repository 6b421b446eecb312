"""The data of a cell: the design of Friedman, Hastie & Tibshirani (2010), *J. Stat. Softw.* 33(1), §5.1."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.cells import Cell

Array = NDArray[np.float64]

SIGNAL_TO_NOISE = 3.0  # standard deviation of the signal ÷ that of the noise
FOLDS = 10


@dataclass(frozen=True)
class Problem:
    """Data, and what is asked of them.

    Attributes
    ----------
    X, y : (n, p) and (n,) arrays
        The data.
    strengths : (m,) array
        Descending, in this library's convention: ½‖y − b − Xw‖² + t‖w‖₁. Packages that divide the loss by
        n are given t/n.
    fold : (n,) int array
        Which of ten folds holds each row out.
    """

    X: Array
    y: Array
    strengths: Array
    fold: NDArray[np.intp]

    @property
    def splits(self) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Training and held-out rows of every fold, as scikit-learn passes them about."""
        return [(np.flatnonzero(self.fold != k), np.flatnonzero(self.fold == k)) for k in range(FOLDS)]


def make(cell: Cell, order: str = "F") -> Problem:
    """Draw the data of a cell; the same on every call, in every process.

    Columns are standard normal with the cell's correlation, ``β_j = (−1)^j exp(−2(j − 1)/20)``, and normal
    noise has a third of the signal's standard deviation.

    Parameters
    ----------
    cell : Cell
        Sizes, correlation, seed, grid.
    order : "F" or "C"
        Memory order of X.
    """
    rng = np.random.default_rng(cell.seed)
    X = rng.standard_normal((cell.n, cell.p))
    if cell.autoregressive:
        for column in range(1, cell.p):
            X[:, column] = cell.rho * X[:, column - 1] + np.sqrt(1.0 - cell.rho**2) * X[:, column]
    elif cell.rho:
        X *= np.sqrt(1.0 - cell.rho)
        X += np.sqrt(cell.rho) * rng.standard_normal((cell.n, 1))
    j = np.arange(1, cell.p + 1)
    # No BLAS here: its last digit may depend on where in memory an array lies.
    signal = np.einsum("ij,j->i", X, (-1.0) ** j * np.exp(-2.0 * (j - 1) / 20.0))
    y = signal + signal.std() / SIGNAL_TO_NOISE * rng.standard_normal(cell.n)
    fold = rng.permutation(np.arange(cell.n) % FOLDS)

    largest = float(np.abs(np.einsum("ij,i->j", X, y - y.mean())).max())
    if cell.count == 1:
        strengths = np.array([largest * cell.ratio])
    else:
        strengths = np.geomspace(largest, largest * cell.ratio, cell.count)
    return Problem(np.asfortranarray(X) if order == "F" else X, y, strengths, fold)


def tiny(problem: Problem) -> Problem:
    """A problem of the same memory order and types that takes no time: what compiles, compiles on it."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 4))
    X = np.asfortranarray(X) if problem.X.flags.f_contiguous else X
    y = X[:, 0] - X[:, 1] + rng.standard_normal(40)
    largest = float(np.abs(X.T @ (y - y.mean())).max())
    return Problem(
        X, y, largest * np.array([1.0, 0.5, 0.1])[-len(problem.strengths) :], np.arange(40) % FOLDS
    )


def training(problem: Problem, k: int) -> Problem:
    """The problem of a fold: its training rows, and strengths with the same penalty per row."""
    rows = problem.splits[k][0]
    share = len(rows) / len(problem.y)
    return replace(
        problem,
        X=problem.X[rows],
        y=problem.y[rows],
        strengths=problem.strengths * share,
        fold=problem.fold[rows],
    )
