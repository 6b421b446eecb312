"""The balance sheet: each feature's pull, the limit of its penalty, and what other features took of the pull.

With S the weights, P the projection that removes intercept and unpenalised columns, and
``alone_j = x_jᵀSP(y − o)`` the pull of feature j when no other penalised feature is in the model,

    alone_j − pull_j = Σ_{k penalised} (x_jᵀ S P x_k) w_k.

Each term is what feature k took of that pull, with its sign; the sum is exact, and nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from equipoise.explain.copies import combinations
from equipoise.explain.walked import Walked, located
from equipoise.objective.measures import PRECISION, ROUNDINGS
from equipoise.objective.points import Points
from equipoise.objective.problem import EPS, Problem
from equipoise.setup.setup import Setup
from equipoise.setup.unchanged import refuse_changed
from equipoise.solve.events import crossings, walk
from equipoise.solve.grid import default_ratio
from equipoise.solve.path import largest_strength
from equipoise.solve.squares.crossing import Crossing

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

ACTIVE = "active"
KILLED = "killed"
AT_BOUND = "at bound"
UNPENALISED = "unpenalised"
CONSTANT = "constant"
EXCLUDED = "excluded"

# Entries of X up to which a sheet walks the path as it is made: a tenth of a second, if the path is straight.
QUICK = 100_000
BENT = 10  # times as long a change takes where it is not
FEW = 4  # changes along the path for each feature or row, whichever are fewer: more than most paths have

# How far below the end of a default path entries are looked for, as a share of its strength: squared loss
# goes down in straight lines, any other in steps, thousands of them where classes are nearly separate.
DEEPER, DEEPER_BENT = 1e-2, 0.5

HELD = 100_000  # numbers of all shares up to which they are formed together

WEAK = "weak"
EXPLAINED_AWAY = "explained away"
DUPLICATE = "duplicate"


@dataclass(frozen=True)
class BalanceColumns:
    """The columns of the balance sheet of one solution, all in original units.

    Attributes
    ----------
    points : Points
        Solutions of one problem.
    index : int
        Which of them the sheet is about.
    setup : Setup or None
        The data, which must be those of the fit when they are read again; None where that is known.
    """

    points: Points
    index: int = 0
    setup: Setup | None = None

    def refuse_changed(self) -> None:
        """Refuse data that have changed since the fit."""
        if self.setup is not None:
            refuse_changed(self.setup, self.coef, self.pull)

    def prepare(self) -> None:
        """Compute what a printed sheet tells, which then reads no data; of large ones not where all enter."""
        self.reason  # noqa: B018  formed once, for all
        rows, p = self.problem.view.shape
        quick = rows * p * (BENT if np.any(self.problem.penalty.l2 > 0) else 1) <= QUICK
        if quick and self._has_few_events(FEW * min(rows, p) + FEW):
            self.entry_strength, self.shares  # noqa: B018

    def _has_few_events(self, most: int) -> bool:
        """Whether a walk along the path meets so many changes at most: all of them are then known.

        Among copies to the last digits a walk may meet one at every step.
        """
        self.refuse_changed()
        largest, end = self._range
        met = list(islice(walk(self.problem, largest, end), most + 1)) if largest > 0 else []
        if len(met) > most:
            return False
        vars(self)["events"] = tuple(met)
        return True

    @property
    def prepared(self) -> bool:
        """Whether all is computed, down to where features enter and who took their pulls."""
        return {"entry_strength", "shares"} <= vars(self).keys()

    @property
    def problem(self) -> Problem:
        """The problem solved."""
        return self.points.problem

    @property
    def strength(self) -> float:
        """The strength it was solved at."""
        return float(self.points.strengths[self.index])

    @cached_property
    def coef(self) -> Array:
        """Coefficients, (p,)."""
        return np.asarray(self.points.coef[self.index] / self.problem.view.scale)

    @cached_property
    def pull(self) -> Array:
        """Pulls x_jᵀ S r at the solution, (p,)."""
        return np.asarray(self.points.pull[self.index] * self.problem.view.scale)

    @cached_property
    def limit(self) -> Array:
        """Limits l1_j + 2 l2_j |w_j|, (p,)."""
        penalty = self.problem.penalty.at(self.strength)
        return np.asarray(penalty.limit(self.points.coef[self.index]) * self.problem.view.scale)

    @cached_property
    def slack(self) -> Array:
        """Limit − |pull|, exactly 0 for an active feature, (p,)."""
        return np.where(np.array(self.status) == ACTIVE, 0.0, self.limit - np.abs(self.pull))

    @cached_property
    def alone(self) -> Array:
        """The pull of each feature when only intercept and unpenalised columns are fitted, (p,)."""
        if self.problem.penalty.unpenalised.any():
            self.refuse_changed()
        return self.problem.alone * self.problem.view.scale

    @cached_property
    def takers(self) -> NDArray[np.intp]:
        """Indices of the penalised features that are in the model."""
        return np.flatnonzero((self.coef != 0) & ~self.problem.penalty.unpenalised)

    @cached_property
    def shares(self) -> Array:
        """(x_jᵀ S P x_k) w_k: what each taker k took of each feature's pull, (p, takers)."""
        self.refuse_changed()
        problem, view = self.problem, self.problem.view
        taken = self.points.takings(self.index, self.takers, self.points.coef[self.index][self.takers])
        parts: Array = (problem.pulls(taken) * view.scale).T
        parts[problem.penalty.unpenalised] = 0.0
        return parts

    def shares_of(self, feature: int) -> Array:
        """One row of ``shares``, (takers,): where the whole would be large, none of the others."""
        if "shares" in self.__dict__ or len(self.coef) * len(self.takers) <= HELD:
            return np.asarray(self.shares[feature])
        self.refuse_changed()
        problem, view = self.problem, self.problem.view
        if problem.penalty.unpenalised[feature]:
            return np.zeros(len(self.takers))
        # P is symmetric: the taker's share of the feature's pull is also the feature's of the taker's.
        column = self.points.takings(self.index, np.array([feature]), np.ones(1))
        pull = problem.pulls(column)[0, self.takers]
        return np.asarray(pull * self.points.coef[self.index][self.takers] * view.scale[feature])

    @cached_property
    def status(self) -> tuple[str, ...]:
        """The status of each feature: active, killed, at bound, unpenalised, constant or excluded."""
        penalty, view = self.problem.penalty, self.problem.view
        w = self.points.coef[self.index]
        pull = np.abs(self.points.pull[self.index])
        # A zero at a bound whose pull exceeds what the penalty alone would hold.
        l1 = penalty.finite_l1 * self.strength
        held = (w == 0) & ((penalty.lower == 0) | (penalty.upper == 0)) & (pull > l1 + self._room)
        at_bound = ((w != 0) & ((w == penalty.lower) | (w == penalty.upper))) | held
        free = (penalty.l1 == 0) & (penalty.l2 == 0)
        return tuple(
            np.select(
                [view.norm == 0, np.isinf(penalty.l1), at_bound, free, (w == 0) & (penalty.l1 > 0)],
                [CONSTANT, EXCLUDED, AT_BOUND, UNPENALISED, KILLED],
                ACTIVE,
            ).tolist()
        )

    @property
    def _room(self) -> Array:
        """By how much a pull may exceed its limit and still count as on it, in the view's units, (p,)."""
        l1 = self.problem.penalty.finite_l1
        return np.asarray(PRECISION * self.strength * l1 + ROUNDINGS * self.problem.floor)

    @cached_property
    def reason(self) -> tuple[str | None, ...]:
        """Why a killed feature is zero, and what takes part in an unpenalised one; None for the others."""
        weak = np.abs(self.alone) <= self.limit
        return tuple(
            self._reason(j, status, bool(weak[j])) if status in (KILLED, UNPENALISED) else None
            for j, status in enumerate(self.status)
        )

    def _reason(self, j: int, status: str, weak: bool) -> str | None:
        """The reason of a killed or unpenalised feature."""
        if j in self.copies:
            return DUPLICATE if len(self.copies[j]) == 1 else EXPLAINED_AWAY
        if status == UNPENALISED:
            return None
        return WEAK if weak else EXPLAINED_AWAY

    @cached_property
    def copies(self) -> dict[int, tuple[int, ...]]:
        """Features that are combinations of unpenalised ones or copies of an active one, and of which."""
        return self.twins() | self.combined

    @cached_property
    def combined(self) -> dict[int, tuple[int, ...]]:
        """Features that are linear combinations of unpenalised ones, whatever the strength, and of which."""
        problem, view = self.problem, self.problem.view
        if not problem.penalty.unpenalised.any():
            return {}
        self.refuse_changed()
        # Unpenalised features leave a combination of them nothing that could pull on it.
        still = np.abs(self.alone / view.scale) <= PRECISION * view.norm * problem.size
        open_ = still & (view.norm > 0) & ~np.isinf(problem.penalty.l1) & ~problem.penalty.unpenalised
        return combinations(problem, np.flatnonzero(open_))

    def twins(self) -> dict[int, tuple[int, ...]]:
        """Killed features on their limit whose column is a multiple of an active feature's."""
        view = self.problem.view
        on_limit = self.limit - np.abs(self.pull) <= self._room * view.scale
        killed = np.flatnonzero((np.array(self.status) == KILLED) & on_limit)
        active = np.flatnonzero((np.array(self.status) == ACTIVE) & (self.coef != 0))
        if not len(killed) or not len(active):
            return {}
        self.refuse_changed()
        candidates = view.columns(killed) / view.norm[killed]
        others = view.columns(active) / view.norm[active]
        alike = np.abs(candidates.T @ others) >= 1.0 - 1e-6
        twins: dict[int, tuple[int, ...]] = {}
        for i, k in zip(*np.nonzero(alike), strict=True):
            sign = np.sign(candidates[:, i] @ others[:, k])
            apart = np.linalg.norm(candidates[:, i] - sign * others[:, k])
            if apart <= 16.0 * EPS * np.sqrt(len(candidates)):
                twins.setdefault(int(killed[i]), (int(active[k]),))
        return twins

    @cached_property
    def events(self) -> tuple[Crossing, ...]:
        """Changes of the active set along the whole path, on which the strength scales every penalty."""
        return tuple(self.events_to(self._range[1]))

    def events_to(self, stop: float) -> list[Crossing]:
        """The same down to ``stop``: one walk, after which ``events`` are known."""
        self.refuse_changed()
        largest, end = self._range
        if "events" in vars(self):
            below = crossings(self.problem, end, stop) if stop < end else []
            return [event for event in (*self.events, *below) if event.strength >= stop]
        found = crossings(self.problem, largest, min(stop, end)) if largest > 0 else []
        vars(self)["events"] = tuple(event for event in found if event.strength >= end)
        return [event for event in found if event.strength >= stop]

    @cached_property
    def _range(self) -> tuple[float, float]:
        """Largest and smallest strength of the walk: below a default path's end and the present strength."""
        largest = largest_strength(self.problem)
        end = default_ratio(self.problem) * largest
        end = min(end, self.strength) if self.strength > 0 else end
        return largest, end * (DEEPER if self.problem.loss.squared else DEEPER_BENT)

    def entry_of(self, feature: int) -> float | None:
        """The ``entry_strength`` of one feature, walking no further along the path than that takes."""
        if "events" in self.__dict__:
            return self.entry_strength[feature]
        self.refuse_changed()
        if self._range[0] == 0:
            return None
        inside = bool(self.points.coef[self.index][feature] != 0)
        entries = (
            event
            for event in (self._above if inside else self._below)
            if event.feature == feature and event.kind == "enters"
        )
        # The last entry above is known at the present strength, the first one below as soon as it is met.
        found = [*entries][-1:] if inside else [*islice(entries, 1)]
        sharp = [located(self.problem, event) for event in found]
        if None in sharp:
            return self.entry_strength[feature]
        return self._nearest([event.strength for event in sharp if event], above=inside)

    def searched(self, feature: int) -> float | None:
        """How far down a zero without an entry was found not to enter: a strength, 0 where it never does."""
        if self.coef[feature] != 0 or self.status[feature] in (ACTIVE, UNPENALISED):
            return None
        if self.reason[feature] == DUPLICATE and self._open[feature]:
            return None  # a copy of an active feature is on its limit: it may be said to be in at any time
        if not self._open[feature]:
            return 0.0
        return self._range[1] if self.entry_of(feature) is None else None

    @cached_property
    def _open(self) -> Flags:
        """Zeros that may enter at some strength, (p,): no bound, penalty or other feature holds them."""
        penalty, view = self.problem.penalty, self.problem.view
        held = ~penalty.moving | (view.norm == 0) | np.isinf(penalty.l1)
        held[list(self.combined)] = True
        return np.asarray(~held & (self._range[0] > 0))

    def events_of(self, feature: int) -> tuple[Crossing, ...]:
        """Changes of one feature along the whole path."""
        if "events" in self.__dict__:
            return tuple(event for event in self.events if event.feature == feature)
        self.refuse_changed()
        sharp = [located(self.problem, event) for event in self._whole if event.feature == feature]
        if None in sharp:
            return tuple(event for event in self.events if event.feature == feature)
        return tuple(event for event in sharp if event)

    @cached_property
    def _whole(self) -> Walked:
        """The changes along the whole path."""
        return Walked(self.problem, *self._range)

    @cached_property
    def _above(self) -> Walked:
        """The changes from the top of the path down to the present strength."""
        largest, end = self._range
        return Walked(self.problem, largest, max(self._present[0], end))

    @cached_property
    def _below(self) -> Walked:
        """The changes from the present strength down to the end of the path."""
        largest, end = self._range
        return Walked(self.problem, min(self._present[1], largest), end)

    @cached_property
    def entry_strength(self) -> tuple[float | None, ...]:
        """For a zero the next strength below at which it enters; for an active feature the last one above."""
        w = self.points.coef[self.index]
        entries: dict[int, list[float]] = {}
        for event in self.events:
            if event.kind == "enters":
                entries.setdefault(event.feature, []).append(event.strength)
        out: list[float | None] = []
        for j in range(len(w)):
            out.append(self._nearest(entries.get(j, ()), above=w[j] != 0))
        return tuple(out)

    @property
    def _present(self) -> tuple[float, float]:
        """The strengths between which an event counts as one at the present strength."""
        return self.strength * (1.0 - PRECISION), self.strength * (1.0 + PRECISION)

    def _nearest(self, entries: Iterable[float], *, above: bool) -> float | None:
        """The entry nearest to the present strength, at it or on one side of it; None if there is none."""
        low, high = self._present
        if above:
            return min((max(t, self.strength) for t in entries if t >= low), default=None)
        return max((min(t, self.strength) for t in entries if t <= high), default=None)
