"""Celer's names for our lassos and our path, with Celer's arguments.

Its ``weights`` are our ``penalty_factor``. What only its solver reads (epochs, working sets) is left aside.
"""

import numpy as np
from celer import celer_path as theirs

import equipoise as eq


class Lasso(eq.Lasso):
    """Our lasso with Celer's parameters."""

    def __init__(
        self,
        alpha=1.0,
        max_iter=100,
        max_epochs=50000,
        p0=10,
        verbose=0,
        tol=1e-4,
        prune=True,
        fit_intercept=True,
        weights=None,
        warm_start=False,
        positive=False,
    ):
        taken = {"fit_intercept": fit_intercept, "positive": positive, "warm_start": warm_start}
        super().__init__(alpha, max_iter=max_iter, tol=tol, penalty_factor=weights, **taken)
        self.max_epochs, self.p0, self.verbose, self.prune = max_epochs, p0, verbose, prune

    @property
    def weights(self):
        return self.penalty_factor

    @weights.setter
    def weights(self, weights):
        self.penalty_factor = weights


class ElasticNet(eq.ElasticNet):
    """Our elastic net with Celer's parameters."""

    def __init__(
        self,
        alpha=1.0,
        l1_ratio=1.0,
        max_iter=100,
        max_epochs=50000,
        p0=10,
        verbose=0,
        tol=1e-4,
        prune=True,
        fit_intercept=True,
        weights=None,
        warm_start=False,
        positive=False,
    ):
        taken = {"fit_intercept": fit_intercept, "positive": positive, "warm_start": warm_start}
        super().__init__(
            alpha, l1_ratio=l1_ratio, max_iter=max_iter, tol=tol, penalty_factor=weights, **taken
        )
        self.max_epochs, self.p0, self.verbose, self.prune = max_epochs, p0, verbose, prune

    weights = Lasso.weights


def celer_path(X, y, pb, **asked):
    """The path of the lasso, without an intercept, as Celer returns it; of other models Celer's own."""
    return lasso_path(X, y, **asked) if pb == "lasso" else theirs(X, y, pb, **asked)


def lasso_path(
    X,
    y,
    *,
    eps=1e-3,
    n_alphas=100,
    alphas=None,
    l1_ratio=1.0,
    weights=None,
    return_thetas=False,
    return_n_iter=False,
    **solver,
):
    n, p = X.shape
    factors = np.ones(p) if weights is None else np.asarray(weights)
    grid = {"count": n_alphas, "ratio": eps} if alphas is None else {"strengths": np.sort(alphas)[::-1]}
    penalty = {
        "l1": n * l1_ratio * factors,
        "l2": n * (1 - l1_ratio) / 2 * np.where(np.isinf(factors), 0.0, factors),
    }
    path = eq.path(X, y, **penalty, intercept=False, **grid)
    out = [path.strengths, path.coef.T, np.array([one.gap for one in path.certificates]) / n]
    if return_thetas:
        out.append((y[:, None] - path.predict(X)).T / (n * path.strengths[:, None]))
    if return_n_iter:
        out.append([1] * len(path.strengths))
    return tuple(out)


NAMES = {"Lasso": Lasso, "ElasticNet": ElasticNet, "celer_path": celer_path}
