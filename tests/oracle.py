"""The truth, by other means: nothing here imports the library.

``Checked`` evaluates the optimality conditions from scratch in extended precision. ``vertices`` finds every
basic solution of a small problem in rational arithmetic, where there is no rounding to argue about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import inf
from typing import Any

import numpy as np

EPS = float(np.finfo(np.float64).eps)
LONG = np.longdouble
OWN = float(np.finfo(LONG).eps) / EPS  # 5e-4 where there is extended precision, 1 where there is none


@dataclass(frozen=True, eq=False)
class Question:
    """A problem as DESIGN section 2 states it, its arguments as ``equipoise.fit`` takes them."""

    X: Any
    y: Any
    l1: Any
    l2: Any = 0.0
    intercept: bool = True
    standardize: bool = False
    sample_weight: Any = None
    offset: Any = None
    lower: Any = -inf
    upper: Any = inf

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything but X and y."""
        names = ("l1", "l2", "intercept", "standardize", "sample_weight", "offset", "lower", "upper")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def matrix(self):
        return np.asarray(self.X, dtype=float).astype(LONG)

    @cached_property
    def weights(self):
        n = len(self.matrix)
        return np.ones(n, LONG) if self.sample_weight is None else np.asarray(self.sample_weight).astype(LONG)

    @cached_property
    def target(self):
        y = np.asarray(self.y, dtype=float).astype(LONG)
        return y if self.offset is None else y - np.asarray(self.offset, dtype=float)

    @cached_property
    def mean(self):
        return self.weights @ self.matrix / self.weights.sum()

    @cached_property
    def sd(self):
        there = self.weights > 0
        sd = np.sqrt(self.weights @ (self.matrix - self.mean) ** 2 / self.weights.sum())
        return np.where(np.ptp(self.matrix[there], axis=0) == 0, 0, sd)

    @cached_property
    def limits(self):
        """l1_j, infinite for an excluded feature."""
        l1 = np.broadcast_to(np.asarray(self.l1, dtype=float), len(self.mean)).astype(LONG)
        return (
            np.where(np.isinf(l1), inf, np.where(np.isinf(l1), 0, l1) * self.sd) if self.standardize else l1
        )

    @cached_property
    def ridge(self):
        l2 = np.broadcast_to(np.asarray(self.l2, dtype=float), len(self.mean)).astype(LONG)
        return l2 * self.sd**2 if self.standardize else l2

    @cached_property
    def low(self):
        return np.broadcast_to(np.asarray(self.lower, dtype=float), len(self.mean))

    @cached_property
    def high(self):
        return np.broadcast_to(np.asarray(self.upper, dtype=float), len(self.mean))

    @cached_property
    def columns(self):
        """The columns that pull: about their weighted means with an intercept."""
        return self.matrix - self.mean if self.intercept else self.matrix

    @cached_property
    def norms(self):
        return np.sqrt(self.weights @ self.columns**2)

    @cached_property
    def constant(self):
        """Columns that cannot pull: the solution leaves them at zero, or the bound nearest to it."""
        if not self.intercept:
            return ~self.matrix[self.weights > 0].any(axis=0)
        return np.ptp(self.matrix[self.weights > 0], axis=0) == 0

    @cached_property
    def target_norm(self):
        return np.sqrt(self.weights @ self.target**2)

    def objective(self, coef, intercept) -> np.longdouble:
        """Loss plus penalty, never forming ∞ · 0."""
        w = np.asarray(coef).astype(LONG)
        r = self.target - LONG(intercept) - self.matrix @ w
        paid = np.where(w == 0, 0, np.where(w == 0, 0, self.limits) * np.abs(w))
        return (self.weights @ r**2) / 2 + paid.sum() + (self.ridge * w**2).sum()


@dataclass(frozen=True, eq=False)
class Checked:
    """Coefficients held against the optimality conditions."""

    question: Question
    coef: Any
    intercept: float = 0.0

    @cached_property
    def w(self):
        return np.asarray(self.coef).astype(LONG)

    @cached_property
    def residual(self):
        """y − o − b − Xw, with an intercept less its weighted mean (DESIGN section 4)."""
        q = self.question
        if not q.intercept:
            return q.target - q.matrix @ self.w
        r = (q.target - q.weights @ q.target / q.weights.sum()) - q.columns @ self.w
        return r - q.weights @ r / q.weights.sum()

    @cached_property
    def pull(self):
        q = self.question
        return np.where(q.constant, 0, q.columns.T @ (q.weights * self.residual))

    @cached_property
    def distance(self):
        """How far each pull is from the interval in which it balances."""
        q, w = self.question, self.w
        slope = np.sign(w) * np.where(w == 0, 0, q.limits) + 2 * q.ridge * w
        low = np.where(w == 0, -q.limits, slope)
        high = np.where(w == 0, q.limits, slope)
        low = np.where(w <= q.low, -inf, low)
        high = np.where(w >= q.high, inf, high)
        out = np.maximum(np.maximum(low - self.pull, self.pull - high), 0)
        return np.where(q.constant & (w == np.clip(0, q.low, q.high)), 0, out)

    @cached_property
    def allowed(self):
        """max(1e-9 l1_j, 64 eps ‖x_j‖ ‖y − o‖)."""
        q = self.question
        return np.maximum(
            1e-9 * np.where(np.isinf(q.limits), 0, q.limits), 64 * EPS * q.norms * q.target_norm
        )

    @cached_property
    def rounding(self):
        """What float64 can hide of a pull: Σ_k ‖x_j‖ ‖x_k‖ |w_k| roundings, √n and a few operations each."""
        q = self.question
        size = q.target_norm + q.norms @ np.abs(self.w)
        return 2 * EPS * (8 + np.sqrt(len(q.matrix))) * size * q.norms

    @cached_property
    def intercept_error(self):
        """|Σ s_i r_i| at the intercept as it is, in units of one rounding of b, x̄_j w_j and y."""
        q = self.question
        r = q.target - LONG(self.intercept) - q.matrix @ self.w
        root = np.sqrt(q.weights.sum())
        size = root * (abs(self.intercept) + np.abs(self.w) @ np.abs(q.mean)) + q.target_norm
        error = abs(q.weights @ r) / root
        return error / (EPS * size) if error > 0 else LONG(0)

    @property
    def feasible(self) -> bool:
        q, w = self.question, self.w
        return bool(np.all((q.low <= w) & (w <= q.high) & ((w == 0) | np.isfinite(q.limits))))

    @property
    def balanced(self) -> bool:
        """Whether this is the solution; no more than the checker's own rounding is granted on top."""
        ok = self.distance <= self.allowed * (1 + 1e-6) + OWN * self.rounding
        # The rounding of b is 64 eps of the sizes it is made of.
        return (
            self.feasible and bool(np.all(ok)) and (not self.question.intercept or self.intercept_error <= 64)
        )

    def blame(self) -> str:
        """The worst feature, for an assertion to print."""
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = np.where(self.distance > 0, self.distance / self.allowed, 0)
        j = int(np.argmax(excess))
        return (
            f"feature {j}: w {float(self.w[j])!r}, pull {float(self.pull[j])!r}, "
            f"l1 {float(self.question.limits[j])!r}, distance {float(self.distance[j]):.3g} = "
            f"{float(excess[j]):.3g} × allowed, rounding {float(self.rounding[j]):.3g}; "
            f"feasible {self.feasible}, intercept error {float(self.intercept_error):.3g} eps"
        )


def check(question: Question, fit: Any) -> Checked:
    """The conditions at a fitted model's coefficients."""
    return Checked(question, fit.coef, fit.intercept)


def assert_measured(checked: Checked, found: Any) -> None:
    """The figures of the certificate are those of the checker, up to rounding."""
    question = checked.question
    np.testing.assert_allclose(found.limits, question.limits.astype(float), rtol=1e-11)
    unit = np.where(question.limits > 0, question.limits, question.norms * question.target_norm)
    told = (unit > 0) & np.isfinite(unit)
    share, room = checked.distance[told] / unit[told], checked.rounding[told] / unit[told]
    if told.all():
        assert found.certificate.violation <= np.max(share + room, initial=0)
    assert found.certificate.violation >= np.max(share - room, initial=0)


def assert_honest(question: Question, found: Any) -> None:
    """The conditions hold, or the certificate says they do not and rounding is to blame."""
    checked = check(question, found)
    certificate = found.certificate
    assert checked.feasible, checked.blame()
    assert np.all(found.coef[question.constant] == np.clip(0, question.low, question.high)[question.constant])
    if certificate.optimal:
        assert checked.balanced, checked.blame()
    else:
        assert certificate.status.name == "NUMERICAL"
        # Only rounding excuses it.
        assert np.any(checked.rounding >= checked.allowed), checked.blame()
    assert certificate.gap >= 0
    assert_measured(checked, found)
    # A zero holds at every solution only where the pull, the same at all of them, is short of its limit.
    proved = certificate.zeros_proved & ~question.constant
    short = question.limits + checked.rounding
    assert np.all((checked.pull[proved] < short[proved]) | (question.high[proved] == 0))
    assert np.all((-checked.pull[proved] < short[proved]) | (question.low[proved] == 0))


@dataclass(frozen=True, eq=False)
class Exact:
    """Every basic solution of a small problem with rational data, found by trying all places of all features.

    The solutions of a problem whose penalties bound them are the convex hull of these vertices: a feature is
    zero at every solution if and only if it is at each of them, and a single one means a unique solution.
    """

    question: Question

    @cached_property
    def quadratic(self):
        """Gram matrix, pulls at zero, penalties and box, as fractions."""
        q = self.question
        rows = [[Fraction(v) for v in row] for row in np.asarray(q.X, dtype=float).tolist()]
        y = [Fraction(v) for v in np.asarray(q.y, dtype=float).tolist()]
        if q.offset is not None:
            y = [a - Fraction(b) for a, b in zip(y, np.asarray(q.offset, dtype=float).tolist(), strict=True)]
        s = [Fraction(v) for v in q.weights.astype(float).tolist()]
        p = len(rows[0])
        columns = [[row[j] for row in rows] for j in range(p)]
        if q.intercept:
            columns = [_centred(column, s) for column in columns]
            y = _centred(y, s)
        gram = [[_inner(a, b, s) for b in columns] for a in columns]
        pulls = [_inner(a, y, s) for a in columns]
        return gram, pulls, _inner(y, y, s)

    @cached_property
    def penalty(self):
        q = self.question
        assert not q.standardize, "standard deviations are irrational"
        return (
            [v if v == inf else Fraction(v) for v in q.limits.astype(float).tolist()],
            [Fraction(v) for v in q.ridge.astype(float).tolist()],
            [v if abs(v) == inf else Fraction(v) for v in q.low.tolist()],
            [v if abs(v) == inf else Fraction(v) for v in q.high.tolist()],
        )

    def value(self, coef: Sequence[float | Fraction]) -> Fraction:
        """The objective at coefficients, the intercept fitted to them, without rounding."""
        gram, pulls, total = self.quadratic
        l1, l2, _, _ = self.penalty
        w = [Fraction(v) for v in coef]
        fitted = sum(w[i] * gram[i][k] * w[k] for i in range(len(w)) for k in range(len(w)))
        paid = sum((l1[j] * abs(w[j]) if w[j] else 0) + l2[j] * w[j] ** 2 for j in range(len(w)))
        return (total + fitted) / 2 - sum(a * b for a, b in zip(w, pulls, strict=True)) + paid

    @cached_property
    def vertices(self) -> list[tuple[Fraction, ...]]:
        gram, pulls, _ = self.quadratic
        l1, l2, low, high = self.penalty
        p = len(pulls)
        found: list[tuple[Fraction, ...]] = []
        for places in product(*(_places(l1[j], low[j], high[j]) for j in range(p))):
            free = [j for j in range(p) if places[j][0] == "free"]
            w = [Fraction(0) if places[j][0] == "free" else places[j][1] for j in range(p)]
            if free:
                matrix = [[gram[i][k] + (2 * l2[i] if i == k else 0) for k in free] for i in free]
                right = [
                    pulls[i] - places[i][1] - sum(gram[i][k] * w[k] for k in range(p) if k not in free)
                    for i in free
                ]
                solved = solve_exactly(matrix, right)
                if solved is None:
                    continue
                for j, value in zip(free, solved, strict=True):
                    w[j] = value
                if any(not places[j][2] <= w[j] <= places[j][3] for j in free):
                    continue
            if tuple(w) not in found and self._balanced(w):
                found.append(tuple(w))
        assert found, "every convex problem that is bounded below has a solution"
        return found

    def _balanced(self, w: list[Fraction]) -> bool:
        gram, pulls, _ = self.quadratic
        l1, l2, low, high = self.penalty
        for j in range(len(w)):
            pull = pulls[j] - sum(gram[j][k] * w[k] for k in range(len(w)))
            above = below = 2 * l2[j] * w[j]
            if w[j] > 0 or (w[j] == 0 and l1[j] == 0):
                above, below = above + l1[j], below + l1[j]
            elif w[j] < 0:
                above, below = above - l1[j], below - l1[j]
            else:
                above, below = l1[j], -l1[j]
            if pull > above and w[j] < high[j]:
                return False
            if pull < below and w[j] > low[j]:
                return False
        return True

    @cached_property
    def least(self) -> Fraction:
        """The optimal objective."""
        return self.value(self.vertices[0])

    @cached_property
    def always_zero(self) -> list[bool]:
        return [all(v == 0 for v in values) for values in zip(*self.vertices, strict=True)]


def _places(l1, low, high) -> Iterator[tuple]:
    """Where a coefficient can be: at rest on a value, or free with a slope between two ends."""
    yield from (("rest", v) for v in {low, high, Fraction(0)} if low <= v <= high and abs(v) != inf)
    if l1 == inf or low == high:
        return
    if l1 == 0:
        yield ("free", Fraction(0), low, high)
        return
    if high > 0:
        yield ("free", l1, max(low, 0), high)
    if low < 0:
        yield ("free", -l1, low, min(high, 0))


def _centred(values: list[Fraction], weights: list[Fraction]) -> list[Fraction]:
    mean = sum(a * b for a, b in zip(values, weights, strict=True)) / sum(weights)
    return [v - mean for v in values]


def _inner(a: list[Fraction], b: list[Fraction], weights: list[Fraction]) -> Fraction:
    return sum((x * y * s for x, y, s in zip(a, b, weights, strict=True)), Fraction(0))


def solve_exactly(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Gauss, without rounding; None where the matrix is singular."""
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    k = len(rows)
    for i in range(k):
        pivot = next((r for r in range(i, k) if rows[r][i] != 0), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(k):
            if r != i and rows[r][i]:
                factor = rows[r][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[k] for row in rows]
