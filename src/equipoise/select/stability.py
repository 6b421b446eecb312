"""Stability selection: the features that are selected again and again in random halves of the rows.

Each half of the rows selects: the first q features to enter its path, or whatever is active at given
strengths. A feature's frequency is the share of halves that select it; the stable ones reach a cutoff. How
many of these are false, on average, is bounded by q, the cutoff and the number p of candidates alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.design.dense import Dense
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.problem import Problem
from equipoise.objective.squares import Squares
from equipoise.select.folds import one_sided
from equipoise.setup.setup import Setup
from equipoise.solve.events import walk
from equipoise.solve.path import largest_strength, solve_path
from equipoise.solve.squares.crossing import Crossing
from equipoise.solve.squares.homotopy import crossings
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
Method = Literal["complementary pairs", "subsampling"]
Assumption = Literal["none", "unimodal"]

# A grid of so many strengths, down to this fraction of the largest and solved so many at a time, on which
# the q-th entry is looked for before it is located exactly.
GRID = 60
DEPTH = 1e-3
BATCH = 10
# Cutoffs and bounds that differ by less than this are the same.
SAME = 1e-9


@dataclass(frozen=True)
class Rule:
    """The bound on E[V], the expected number of false selections.

    Attributes
    ----------
    candidates : int
        p, the number of features that may be selected.
    pairs : int
        B, the number of pairs of halves.
    assumption : str
        "none" (for plain subsampling: the exchangeability that its theorem assumes), or "unimodal".
    """

    candidates: int
    pairs: int
    assumption: Assumption

    def bound(self, q: float, cutoff: float) -> float:
        """The bound where a half selects q features on average; ∞ where the theorem gives none."""
        base = q * q / self.candidates
        if self.assumption == "unimodal":
            return base * self._unimodal(q / self.candidates, cutoff)
        return base / (2.0 * cutoff - 1.0)

    def _unimodal(self, theta: float, cutoff: float) -> float:
        """C(τ, B) of Shah & Samworth's theorem 2: B pairs, selection probability θ, cutoff τ.

        The share of pairs that select a feature twice lies on {0, 1/B, …, 1}, has mean at most θ² and, by
        assumption, one mode. The law of that kind with the largest probability at or above 2τ − 1 mixes a
        point at 0 with a uniform law from 0 to about 2(2τ − 1), at most to 1.
        """
        step = 1.0 / (2.0 * self.pairs)
        least = 0.5 + min(theta**2, step + 0.75 * theta**2)
        if theta > 1.0 / np.sqrt(3.0) or cutoff <= least or cutoff < 0.5 + 2.0 * step - SAME:
            return float("inf")
        if cutoff <= 0.75:
            return 1.0 / (2.0 * (2.0 * cutoff - 1.0 - step))
        return 4.0 * (1.0 - cutoff + step) / (1.0 + 2.0 * step)

    def largest_q(self, cutoff: float, bound: float) -> int:
        """The most features a half may select; 0 if even one is too many."""
        q = 0
        while q < self.candidates and self.bound(q + 1, cutoff) <= bound * (1.0 + SAME):
            q += 1
        return q

    def smallest_cutoff(self, q: float, bound: float) -> float | None:
        """The smallest possible frequency above ½ at which the bound holds; None if there is none."""
        halves = 2 * self.pairs
        for count in range(self.pairs + 1, halves + 1):
            if self.bound(q, count / halves) <= bound * (1.0 + SAME):
                return count / halves
        return None


def draw_halves(
    rows: Indices,
    pairs: int,
    method: Method,
    random_state: int,
    groups: NDArray[Any] | None = None,
    classes: NDArray[Any] | None = None,
) -> list[Indices]:
    """2·pairs random subsamples of ⌊n/2⌋ of the n rows, each sorted; the two of a pair follow each other.

    With groups, they are of ⌊g/2⌋ of the g groups, each whole. With classes, they are of half of each class.

    Parameters
    ----------
    rows : (n,) index array
        The rows to draw from.
    pairs : int
        Number of pairs.
    method : str
        "complementary pairs" draws the two of a pair without a row in common, "subsampling" each by itself.
    random_state : int
        Seed of :func:`numpy.random.default_rng`.
    groups : (n,) array, optional
        The group of each of those rows.
    classes : (n,) array, optional
        The class of each of those rows; left alone where there are groups.
    """
    if groups is not None:
        known, of_row = np.unique(groups, return_inverse=True)
        halves = draw_halves(np.arange(len(known)), pairs, method, random_state)
        return [rows[np.isin(of_row, half)] for half in halves]
    rng = np.random.default_rng(random_state)
    parts = [rows] if classes is None else [rows[classes == value] for value in np.unique(classes)]
    found: list[Indices] = []
    for _ in range(pairs):
        one, other = _split(rng, parts)
        if method == "subsampling":
            other = _split(rng, parts)[0]
        found += [np.sort(one), np.sort(other)]
    return found


def _split(rng: np.random.Generator, parts: list[Indices]) -> tuple[Indices, Indices]:
    """Two halves without a row in common, each with half of each part; an odd row goes to either."""
    one, other, odd = [], [], []
    for part in parts:
        order, half = rng.permutation(part), len(part) // 2
        one.append(order[:half])
        other.append(order[half : 2 * half])
        odd.append(order[2 * half :])
    left = np.concatenate(odd)
    if len(left) > 1:
        half = len(left) // 2
        left = rng.permutation(left)
        one.append(left[:half])
        other.append(left[half : 2 * half])
    return np.concatenate(one), np.concatenate(other)


def refuse_one_class(setup: Setup, halves: list[Indices]) -> None:
    """Refuse halves whose rows no finite intercept fits."""
    if setup.loss.squared:
        return
    for half in halves:
        rows = np.zeros(len(setup.response), dtype=bool)
        rows[half] = True
        only = one_sided(setup, rows)
        if only is not None:
            raise ValueError(
                f"y: a half of the rows holds y = {only} alone, so that no finite intercept fits it: pass "
                "more rows with other responses"
            )


def candidates(setup: Setup) -> Flags:
    """The features that a path can select, (p,): those with a finite l1 above 0 that may leave zero."""
    penalty = setup.penalty
    moving = penalty.moving & (penalty.null == 0)
    return np.asarray(moving & (penalty.l1 > 0) & np.isfinite(penalty.l1))


def entered(
    setup: Setup, halves: list[Indices], q: int, progress: Callable[[int], None] | None = None
) -> NDArray[np.int_]:
    """The number of halves in which each feature is among the first q to enter the path, (p,)."""
    allowed = candidates(setup)

    def select(k: int, going: Callable[[], bool]) -> Indices:
        problem = _problem(setup, halves[k])[0]
        if problem.loss.squared:
            return first_to_enter(cast("Squares", problem), q, allowed, going)
        return first_of_any_loss(problem, q, allowed, going)

    count = np.zeros(len(allowed), dtype=np.int_)
    for done, (_, first) in enumerate(in_threads(select, len(halves)), 1):
        count[first] += 1
        if progress is not None:
            progress(done)
    return count


def active(
    setup: Setup, halves: list[Indices], strengths: Array, progress: Callable[[int], None] | None = None
) -> tuple[NDArray[np.int_], float]:
    """The number of halves in which each feature is active at each of the descending strengths, (p, m).

    Also the number of candidates that are active at one of the strengths or more, averaged over the halves.
    """
    allowed = candidates(setup)

    def select(k: int, going: Callable[[], bool]) -> Flags:
        problem, share = _problem(setup, halves[k])
        found = np.zeros((len(allowed), len(strengths)), dtype=bool)
        done = 0
        with closing(solve_path(problem, strengths * share)) as batches:  # type: ignore[type-var]
            for points in batches:
                columns = np.arange(len(allowed)) if points.columns is None else points.columns
                found[columns, done : done + len(points.strengths)] = (points.coef != 0).T
                done += len(points.strengths)
                if not going():
                    break
        return found & allowed[:, None]

    count = np.zeros((len(allowed), len(strengths)), dtype=np.int_)
    selected = 0
    for done, (_, found) in enumerate(in_threads(select, len(halves)), 1):
        count += found
        selected += int(found.any(axis=1).sum())
        if progress is not None:
            progress(done)
    return count, selected / len(halves)


def first_to_enter(
    problem: Squares, q: int, allowed: Flags, going: Callable[[], bool] = lambda: True
) -> Indices:
    """The first q allowed features to enter the path, in their order; fewer where it ends before.

    A grid finds a strength by which q of them have entered; the exact entries above it give their order.
    """
    largest = largest_strength(problem)
    if largest == 0.0:
        return np.zeros(0, dtype=np.intp)
    grid = np.geomspace(largest, largest * DEPTH, GRID)
    grid[0] = largest
    seen = np.zeros(len(allowed), dtype=bool)
    done = 0
    with closing(solve_path(problem, grid, BATCH)) as batches:  # type: ignore[type-var]
        for points in batches:
            for coef in points.coef:
                used = np.flatnonzero(coef)
                seen[used if points.columns is None else points.columns[used]] = True
                done += 1
                if np.count_nonzero(seen & allowed) >= q:
                    break
            else:
                if going():
                    continue
            break
    order: dict[int, None] = {}
    for crossing in _walk(problem, largest, float(grid[done - 1]), seen):
        if crossing.kind == "enters" and allowed[crossing.feature]:
            order.setdefault(crossing.feature)
    return np.array(list(order)[:q], dtype=np.intp)


def first_of_any_loss(
    problem: Problem, q: int, allowed: Flags, going: Callable[[], bool] = lambda: True
) -> Indices:
    """The same of any loss, by its entries one after the other: some features stay in for a moment only."""
    largest = largest_strength(problem)
    order: dict[int, None] = {}
    if largest > 0.0:
        for crossing in walk(problem, largest, largest * DEPTH):
            if crossing.kind == "enters" and allowed[crossing.feature]:
                order.setdefault(crossing.feature)
            if len(order) == q or not going():
                break
    return np.array(list(order), dtype=np.intp)


def _walk(problem: Squares, start: float, stop: float, seen: Flags) -> list[Crossing]:
    """All changes of the active set between two strengths, where the features ``seen`` are known to enter.

    Where there are many features, only these are walked along at first. Without an l2, pulls and limits are
    linear between two changes: a feature left out whose pull is within its limits at both is within them in
    between. The features whose pull is not are taken in, and the walk begins again.
    """
    if problem.whole or problem.penalty.l2.any():
        return crossings(problem, start, stop)
    members = seen.copy()
    while True:
        inside = np.flatnonzero(members)
        part = _among(problem, inside)
        found = crossings(part, start, stop)
        knots = np.unique([start, stop, *(crossing.strength for crossing in found)])[::-1]
        outside = np.zeros_like(members)
        done = 0
        for points in solve_path(part, knots):
            for coef in points.coef:
                pull = problem.pull(part.residual(_full_length(coef, points.columns, len(inside))))
                penalty = problem.penalty.at(float(knots[done]))
                room = PRECISION * penalty.finite_l1
                outside |= penalty.excess(penalty.null, pull) > room + ROUNDINGS * problem.floor
                done += 1
        outside &= ~members
        if not outside.any():
            return [replace(crossing, feature=int(inside[crossing.feature])) for crossing in found]
        members |= outside


def _among(problem: Squares, columns: Indices) -> Squares:
    """The same problem with some of its columns only, in the units of its view."""
    view = problem.view
    return Squares.build(
        Dense(np.asfortranarray(view.columns(columns))),
        problem.response,
        problem.penalty.of(columns),
        intercept=False,
    )


def _full_length(coef: Array, columns: Indices | None, size: int) -> Array:
    """The coefficients of some columns, with zeros for all others."""
    if columns is None:
        return coef
    out = np.zeros(size)
    out[columns] = coef
    return out


def _problem(setup: Setup, rows: Indices) -> tuple[Problem, float]:
    """The problem on some rows, and their Σs ÷ Σs, by which strengths are multiplied there."""
    mask = np.zeros(len(setup.response), dtype=bool)
    mask[rows] = True
    share = len(rows) / len(mask)
    if setup.weights is not None:
        share = float(setup.weights[rows].sum() / setup.weights.sum())
    return setup.filled_by(mask).problem_on(mask), share
