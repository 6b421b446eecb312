"""Certificates at thousands of points, counted against optima in 50 digits.

``python tests/census.py 100`` counts 100 problems a loss (weights of 0, offsets, unpenalised columns, ridges,
boxes, dependent columns) at points near and far, and prints what is false and how much is proved.
"""

import sys
from collections import Counter

import mpmath as mp
import numpy as np
from exact_losses import phi, slope

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_proofs import prove_nonzeros
from equipoise.objective.evaluate import evaluate
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import largest_strength, solve_point

INF = np.inf
LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.3)", "tweedie(1.8)", "negative_binomial(1.5)")


def sample(rng, loss, mean):
    """Responses with about this mean."""
    n = len(mean)
    if loss.name == "binomial":
        y = (rng.random(n) < mean / (1 + mean)).astype(float)
        return np.where(rng.random(n) < 0.2, rng.integers(0, 5, n) / 4, y)
    if loss.name == "gamma":
        return rng.gamma(1.5, mean / 1.5) + 1e-6
    if loss.name == "tweedie":
        return np.array([rng.gamma(1.5, 1, k).sum() for k in rng.poisson(mean)])
    return rng.poisson(mean * rng.gamma(2, 0.5, n)).astype(float)


class Exact:
    """A problem in mpmath, in original units."""

    def __init__(self, loss, X, y, s, o, l1, l2, lower, upper, intercept):
        m = np.vectorize(mp.mpf, otypes=[object])
        used = s > 0
        self.loss, self.y, self.s, self.o = loss, m(y[used]), m(s[used]), m(o[used])
        self.X = np.hstack([m(np.ones((used.sum(), 1))), m(X[used])])
        self.l1, self.l2 = np.r_[[mp.mpf(0)], m(l1)], np.r_[[mp.mpf(0)], m(l2)]
        self.lower, self.upper = np.r_[-INF, lower], np.r_[INF, upper]
        self.intercept = intercept

    def parts(self, w):
        eta = self.o + self.X @ w
        own, derived = phi(self.loss), slope(self.loss)
        rows = ((own(*a), *derived(*a)) for a in zip(self.y, eta, strict=True))
        value, down, curved = (np.array(v, dtype=object) for v in zip(*rows, strict=True))
        return value, -down, curved

    @mp.workdps(50)
    def value(self, w):
        return self.s @ self.parts(w)[0] + self.l1 @ abs(w) + self.l2 @ (w * w)

    @mp.workdps(50)
    def optimum(self, w):
        """The solution near a point, verified by its optimality conditions; None where these fail."""
        w = np.vectorize(mp.mpf, otypes=[object])(w)
        at_bound = (w == self.lower) | (w == self.upper)
        F = [
            j
            for j in range(len(w))
            if (j or self.intercept) and not at_bound[j] and (w[j] != 0 or self.l1[j] == 0)
        ]
        sign = np.array([mp.sign(v) for v in w], dtype=object)
        for _ in range(12):
            if not F:
                break
            _, r, h = self.parts(w)
            g = (self.X.T @ (self.s * r) - self.l1 * sign - 2 * self.l2 * w)[F]
            A = self.X[:, F]
            H = A.T @ ((self.s * h)[:, None] * A)
            try:
                step = mp.lu_solve(
                    mp.matrix(H.tolist()) + mp.diag([2 * self.l2[j] for j in F]), mp.matrix(g.tolist())
                )
            except (ZeroDivisionError, ValueError):
                return None
            for k, j in enumerate(F):
                w[j] += step[k]
            if max(abs(v) for v in step) < mp.mpf(10) ** -42:
                break
        _, r, _ = self.parts(w)
        g = self.X.T @ (self.s * r) - 2 * self.l2 * w
        for j in range(1 - int(self.intercept), len(w)):
            if j in F:
                if self.l1[j] > 0 and mp.sign(w[j]) != sign[j]:
                    return None
                if abs(g[j] - self.l1[j] * sign[j]) > 1e-35 or not self.lower[j] <= w[j] <= self.upper[j]:
                    return None
                continue
            low, high = (-self.l1[j], self.l1[j]) if w[j] == 0 else (sign[j] * self.l1[j],) * 2
            if w[j] > self.lower[j] and not low - mp.mpf(10) ** -35 <= g[j]:
                return None
            if w[j] < self.upper[j] and not g[j] <= high + mp.mpf(10) ** -35:
                return None
        return w


def draw(rng, loss, wide=False):
    """A random problem: the library's and the exact one."""
    n, p = (
        (int(rng.integers(10, 20)), int(rng.integers(12, 30)))
        if wide
        else (int(rng.integers(15, 40)), int(rng.integers(2, 9)))
    )
    X = rng.standard_normal((n, p)) + rng.choice([0, 1]) * rng.standard_normal((n, 1))
    X[:, rng.random(p) < 0.2] += rng.choice([3.0, 100.0, 1e4])
    s = (
        np.where(rng.random(n) < 0.15, 0.0, rng.choice([0.5, 1.0, 2.0, 3.0], n))
        if rng.random() < 0.6
        else np.ones(n)
    )
    o = 0.5 * rng.standard_normal(n) if rng.random() < 0.5 else np.zeros(n)
    mean = np.exp(
        o + 0.7 * (X - X.mean(0)) @ np.where(rng.random(p) < 0.4, rng.standard_normal(p), 0) / np.sqrt(3)
    )
    y = sample(rng, loss, np.clip(mean, 0.02, 50))
    intercept = bool(rng.random() < 0.8)
    l1 = np.where(rng.random(p) < 0.2 * (not wide), 0.0, rng.choice([0.5, 1.0, 1.0, 2.0], p))
    l2 = np.where(rng.random(p) < 0.3, 0.3, 0.0) * (rng.random() < 0.5)
    boxed = (rng.random(p) < 0.3) & (rng.random() < 0.4)
    lower, upper = np.where(boxed, -0.1, -INF), np.where(boxed & (rng.random(p) < 0.7), 0.15, INF)
    lower = np.where(boxed & (rng.random(p) < 0.3), 0.0, lower)
    penalty = Penalty(l1, l2, lower, upper)
    problem = Curved.build(Dense(X), y, penalty, loss, offset=o, weights=s, intercept=intercept)
    strength = (
        largest_strength(problem) * rng.choice([1.0, 1 - 1e-9, 0.7, 0.3, 0.1, 0.02]) if l1.any() else 1.0
    )
    strength = strength if strength > 0 else 1.0
    exact = Exact(loss, X, y, s, o, strength * l1, strength * l2, lower, upper, intercept)
    return problem, float(strength), exact


@mp.workdps(50)
def census(name, seeds, wide=False):
    """Counts over problems with these seeds."""
    loss, counts = read_loss(name), Counter()
    for seed in seeds:
        rng = np.random.default_rng([seed, len(name), wide])
        try:
            problem, strength, exact = draw(rng, loss, wide)
            points = solve_point(problem, strength)
        except ValueError:
            counts["refused"] += 1
            continue
        if not np.isfinite(points.level).all() or np.abs(points.eta).max() > 40:
            counts["no finite solution"] += 1
            continue
        scale = problem.view.scale
        w, b = points.original()
        best = exact.optimum(np.r_[b[0], w[0]])
        if best is None:
            counts["unverified"] += 1
            continue
        least, true_zero = exact.value(best), np.array([v == 0 for v in best[1:]])
        for eps in (0.0, 0.0, 1e-12, 1e-9, 1e-7, 1e-5, 1e-3, 1e-2, 1e-1, 1.0):
            noise = rng.standard_normal((2, len(scale)))
            some = rng.random((2, len(scale))) < rng.choice([0.2, 1.0])
            v = points.coef[0] * (1 + eps * noise[0] * some[0]) + eps * 0.1 * noise[1] * some[1]
            v = np.clip(v, problem.penalty.lower, problem.penalty.upper)
            own = (
                None if rng.random() < 0.5 or not problem.view.intercept else b + eps * rng.standard_normal(1)
            )
            if eps == 0:
                v, own = points.coef[0], None
            there = points if eps == 0 else evaluate(problem, np.array([strength]), v[None], own)
            problem.nearby.clear() if rng.random() < 0.5 else None
            measures = there.measure()
            certificate = there.certify(found=False)
            full = np.r_[there.original()[1][0], v / scale]
            excess = exact.value(np.vectorize(mp.mpf, otypes=[object])(full)) - least
            kept = prove_nonzeros(
                problem, strength, there.place(0), measures.zeros_proved[0], float(measures.gap[0])
            )[1]
            counts["points"] += 1
            counts["gap too small"] += bool(excess > measures.gap[0])
            if 0 < measures.gap[0] < INF and eps:
                counts["tightest"] = max(counts["tightest"], round(float(excess / measures.gap[0]), 6))
            counts["false zeros"] += int((measures.zeros_proved[0] & ~true_zero).sum())
            signs = np.array([float(mp.sign(a)) for a in best[1:]]) == np.sign(v)
            counts["false non-zeros"] += int((kept & (true_zero | ~signs)).sum())
            counts["false support"] += bool(certificate.support_proved and np.any((v == 0) != true_zero))
            counts["no gap"] += not np.isfinite(measures.gap[0])
            if eps == 0:
                counts["solved"] += 1
                counts["optimal"] += certificate.optimal
                counts["unique"] += certificate.unique
                # No margin is left to a pull that reaches its limit in exact arithmetic.
                edge = true_zero & (np.abs(there.pull[0]) > (1 - 1e-7) * strength * problem.penalty.l1)
                edge &= (problem.penalty.lower < 0) | (problem.penalty.upper > 0)
                counts["zeros on the edge"] += int(edge.sum())
                counts["true zeros"] += int((true_zero & ~edge).sum())
                counts["proved zeros"] += int((measures.zeros_proved[0] & ~edge).sum())
                counts["true non-zeros"] += int((~true_zero).sum())
                counts["proved non-zeros"] += int(kept.sum())
            elif certificate.optimal and excess > 1e-12 * (1 + abs(least)):
                counts["falsely optimal"] += 1
    return counts


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for wide in (False, True):
        for name in LOSSES:
            print("wide" if wide else "tall", name, dict(census(name, range(many), wide)), flush=True)
