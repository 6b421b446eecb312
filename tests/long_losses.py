"""Smooth losses in extended precision, from the textbook: the truth for paths and explanations."""

import numpy as np

import equipoise as eq
from equipoise.solve.curved_branch import Branch
from equipoise.solve.path import largest_strength, solve_point

LONG = np.longdouble
LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


def slopes(loss, y, eta):
    """Residual and curvature of each row, from the textbook."""
    mean = np.exp(eta)
    if loss == "binomial":
        mean = 1 / (1 + np.exp(-eta))
        return y - mean, mean * (1 - mean)
    if loss == "poisson":
        return y - mean, mean
    if loss == "gamma":
        return y / mean - 1, y / mean
    if loss == "tweedie(1.5)":
        own, cost = y / np.sqrt(mean), np.sqrt(mean)
        return own - cost, (own + cost) / 2
    share = mean / (2 + mean)
    return y - (y + 2) * share, (y + 2) * share * (1 - share)


def eliminate(matrix, right):
    """Solve a linear system in extended precision."""
    a, b = matrix.copy(), right.copy()
    for i in range(len(b)):
        k = i + int(np.argmax(np.abs(a[i:, i])))
        a[[i, k]], b[[i, k]] = a[[k, i]], b[[k, i]]
        for r in range(i + 1, len(b)):
            f = a[r, i] / a[i, i]
            a[r, i:] -= f * a[i, i:]
            b[r] -= f * b[i]
    for i in range(len(b) - 1, -1, -1):
        b[i] = (b[i] - a[i, i + 1 :] @ b[i + 1 :]) / a[i, i]
    return b


class Exact:
    """A problem in extended precision, its l1 and l2 multiplied by a strength."""

    def __init__(self, X, y, loss, l1, l2, weights=None, offset=None, intercept=True):
        self.X, self.y, self.loss = X.astype(LONG), y.astype(LONG), loss
        self.l1, self.l2 = (np.broadcast_to(a, X.shape[1]).astype(LONG) for a in (l1, l2))
        self.s = np.ones(len(y), LONG) if weights is None else weights.astype(LONG)
        self.o = np.zeros(len(y), LONG) if offset is None else offset.astype(LONG)
        self.intercept = intercept
        self.arguments = {
            "loss": loss, "sample_weight": weights, "offset": offset, "intercept": intercept
        }  # fmt: skip
        self.points = X, y

    def fit(self, strength: float) -> eq.Fit:
        t = float(strength)
        l1, l2 = self.l1.astype(float) * t, self.l2.astype(float) * t
        return eq.fit(*self.points, l1=l1, l2=l2, **self.arguments)

    def branch(self, strength, signs):
        """Coefficients and pulls where the features with a sign are free, by Newton's method."""
        t, free, lead = LONG(strength), np.flatnonzero(signs), int(self.intercept)
        C = np.column_stack([np.ones((len(self.y), lead), LONG), self.X[:, free]])
        l2 = np.concatenate([np.zeros(lead, LONG), self.l2[free]])
        q = np.concatenate([np.zeros(lead, LONG), self.l1[free] * signs[free]])
        near = self.fit(strength)  # a start, no more
        u = np.concatenate([[near.intercept][:lead], near.coef[free]]).astype(LONG)
        for _ in range(60):
            r, h = slopes(self.loss, self.y, self.o + C @ u)
            left = C.T @ (self.s * r) - t * (q + 2 * l2 * u)
            step = eliminate(C.T @ ((self.s * h)[:, None] * C) + 2 * t * np.diag(l2), left)
            far = float(np.abs(C @ step).max())
            u = u + step / max(far, 1.0)
            if far < 1e-17:
                break
        assert far < 1e-14
        coef = np.zeros(len(signs), LONG)
        coef[free] = u[lead:]
        r, _ = slopes(self.loss, self.y, self.o + C @ u)
        return coef, self.X.T @ (self.s * r)

    def assert_solution(self, strength, signs) -> None:
        """The optimality conditions, which suffice, at the branch of these signs."""
        coef, pull = self.branch(strength, signs)
        kinked = self.l1 > 0
        assert np.array_equal(np.sign(coef)[kinked], signs[kinked])
        over = np.abs(pull) - LONG(strength) * self.l1
        assert np.all(over[signs == 0] <= 1e-13 * float(strength))


def random_problem(seed: int, loss: str) -> Exact | None:
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
    return Exact(X, y, loss, l1, l2, weights, offset, intercept)


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
