"""A wide sparse lasso path beside other packages, each at its default tolerance.

    python -m benchmarks.sparse_peers [--rows 20000] [--columns 100000] [--density 1e-3] [--rounds 3]

20 strengths from the largest that keeps anything down to 0.05 of it, no intercept (not every package has one
on a path of sparse columns). Every package is timed once a round, in turn, and its fastest round counts; the
violation is the largest, along its path, of |x_jᵀr| beyond the penalty or off it, as a part of the penalty.
"""

from __future__ import annotations

import argparse
import resource
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
COUNT, RATIO = 20, 0.05


def draw(rows: int, columns: int, density: float) -> tuple[Any, Array]:
    """Entries in columns whose numbers of them and sizes are heavy-tailed; 100 columns matter."""
    rng = np.random.default_rng(0)
    share = rng.pareto(1.5, columns) + 0.1
    counts = np.minimum(rng.poisson(density * rows * columns * share / share.sum()), rows // 4)
    where = [rng.choice(rows, count, replace=False).astype(np.int32) for count in counts]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)  # not every package takes 64 bits
    scale = np.repeat(rng.lognormal(0.0, 1.0, columns), counts)
    X = sparse.csc_array(
        (rng.normal(size=starts[-1]) * scale, np.concatenate(where), starts), (rows, columns)
    )
    X.sort_indices()
    chosen = rng.choice(columns, 100, replace=False)
    w = np.zeros(columns)
    w[chosen] = rng.normal(size=100)
    signal = X @ w
    return X, signal + signal.std() * rng.normal(size=rows)


def packages(X: Any, y: Array, alphas: Array) -> dict[str, Callable[[], Array]]:
    """What is called: each returns coefficients, (strengths, p). alphas are per row."""
    n = len(y)

    def equipoise() -> Array:
        import equipoise as eq

        return eq.path(X, y, strengths=alphas * n, intercept=False).coef

    def celer() -> Array:
        from celer import celer_path

        return np.asarray(celer_path(sparse.csc_matrix(X), y, "lasso", alphas=alphas)[1]).T

    def skglm() -> Array:
        from skglm import Lasso

        return np.asarray(Lasso(fit_intercept=False).path(sparse.csc_matrix(X), y, alphas)[1]).T

    def adelie() -> Array:
        import adelie as ad

        state = ad.grpnet(
            ad.matrix.sparse(sparse.csc_matrix(X)),
            ad.glm.gaussian(y),
            lmda_path=alphas,
            intercept=False,
            early_exit=False,
            progress_bar=False,
        )
        return np.asarray(state.betas.toarray())

    def sklearn() -> Array:
        from sklearn.linear_model import lasso_path

        return np.asarray(lasso_path(sparse.csc_matrix(X), y, alphas=alphas)[1]).T

    called = {f.__name__: f for f in (equipoise, celer, skglm, adelie, sklearn)}
    return {name: call for name, call in called.items() if find_spec(name) is not None}


def violation(X: Any, y: Array, alphas: Array, coefs: Array) -> float:
    """The largest distance of a pull from where the penalty would balance it, ÷ the penalty."""
    worst = 0.0
    for alpha, w in zip(alphas, coefs, strict=True):
        pull, limit = X.T @ (y - X @ w), alpha * len(y)
        off = np.where(w != 0, np.abs(pull - np.sign(w) * limit), np.maximum(np.abs(pull) - limit, 0.0))
        worst = max(worst, float(off.max()) / limit)
    return worst


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sparse_peers")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--columns", type=int, default=100_000)
    parser.add_argument("--density", type=float, default=1e-3)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    X, y = draw(asked.rows, asked.columns, asked.density)
    largest = float(np.abs(X.T @ y).max()) / len(y)
    alphas = largest * np.geomspace(1.0, RATIO, COUNT)
    calls = packages(X, y, alphas)
    best = dict.fromkeys(calls, np.inf)
    found: dict[str, Array] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for turn in range(asked.rounds + 1):  # the first is for compilers alone
        for name, call in calls.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                start = perf_counter()
                coefs = call()
                if turn:
                    best[name] = min(best[name], perf_counter() - start)
                found[name] = coefs
            if name == "equipoise" and not turn:
                more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
    kept = int((found["equipoise"][-1] != 0).sum())
    print(f"{asked.rows} × {asked.columns}, {X.nnz} entries, {COUNT} strengths, {kept} kept at the last")
    print(f"equipoise used {more:.0f} MB more than the data (dense coefficients of the path included)")
    print(f"{'package':10} {'seconds':>8} {'÷ ours':>7} {'violation':>10}")
    for name, seconds in best.items():
        off = violation(X, y, alphas, found[name])
        print(f"{name:10} {seconds:8.3f} {seconds / best['equipoise']:7.2f} {off:10.1e}")


if __name__ == "__main__":
    main()
