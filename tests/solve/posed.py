"""Random problems of smooth losses: the library's, and the same in extended precision."""

import numpy as np
from loss_oracle import Exact

import equipoise as eq
from equipoise.solve.curved_branch import Branch
from equipoise.solve.path import largest_strength, solve_point


class Posed(Exact):
    """A problem in extended precision that the library solves, too."""

    def fit(self, strength: float) -> eq.Fit:
        t = float(strength)
        l1, l2 = self.l1.astype(float) * t, self.l2.astype(float) * t
        return eq.fit(*self.points, l1=l1, l2=l2, **self.arguments)


def random_problem(seed: int, loss: str) -> Posed | None:
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(15, 60)), int(rng.integers(2, 20))
    X = rng.standard_normal((n, p)) + rng.choice([0, 1, 2]) * rng.standard_normal((n, 1))
    X += rng.choice([0, 3]) * rng.standard_normal(p)
    w = np.where(rng.random(p) < 0.4, rng.standard_normal(p), 0)
    eta = (X - X.mean(axis=0)) @ w / np.sqrt(p)
    if loss == "binomial":
        y = (rng.random(n) < 1 / (1 + np.exp(-eta))) * 1.0
    else:
        mean = np.exp(np.clip(eta, -3, 3))
        y = rng.gamma(2.0, mean / 2) if loss == "gamma" else rng.poisson(mean) * 1.0
    if y.std() == 0:
        return None
    weights = rng.integers(0, 4, n) * 1.0 if rng.random() < 0.3 else None
    offset = 0.3 * rng.standard_normal(n) if rng.random() < 0.3 else None
    intercept = bool(rng.random() < 0.8)
    l1 = rng.choice([0.5, 1.0, 2.0], p) if rng.random() < 0.3 else np.ones(p)
    if rng.random() < 0.3 and p > 3:
        l1[rng.integers(0, p)] = 0.0
    l2 = np.where(l1 > 0, rng.choice([0.05, 0.5, 2.0]), 0.0) if rng.random() < 0.4 else np.zeros(p)
    return Posed(X, y, loss, l1, l2, weights, offset, intercept)


def branch_of(exact, share):
    """A branch of a random problem at a share of its largest strength, and the spot there."""
    problem = exact.fit(1.0).points.problem
    t = share * largest_strength(problem)
    solved = solve_point(problem, t)
    coef = solved.coef[0]
    side = np.where(problem.penalty.l1 == 0, 1, np.sign(coef)).astype(np.int8)
    branch = Branch(problem, problem.penalty.moving, side, coef)
    unknown = np.concatenate([solved.level[: branch.lead], coef[branch.free]])
    return branch, branch.solve(t, unknown)
