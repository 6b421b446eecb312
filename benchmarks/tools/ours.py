"""The library itself: path, cross_validate, fit; and what they do beside taking time."""

from __future__ import annotations

from collections import Counter
from time import perf_counter
from typing import Any

import numpy as np

import equipoise
from benchmarks.counters import count
from benchmarks.data import Problem
from benchmarks.tools.base import Call, Job, Solution, Tool

PATIENCE = 20.0  # seconds to spend on drawing verdicts


class Equipoise(Tool):
    """equipoise, which has no tolerance."""

    descent = False

    def version(self) -> str:
        """Version of the package."""
        return str(equipoise.__version__)

    def path(self, problem: Problem, tolerance: float | None) -> Job:
        """eq.path."""

        def read(found: Any) -> Solution:
            return Solution.of(
                found.coef, found.intercept, found.strengths, notes=verdicts(found.certificates)
            )

        return Call(
            lambda: equipoise.path(problem.X, problem.y, strengths=problem.strengths),
            read,
        )

    def cross_validate(self, problem: Problem, tolerance: float | None) -> Job:
        """eq.cross_validate, and its best fit."""

        def call() -> Any:
            cv = equipoise.cross_validate(
                problem.X, problem.y, folds=problem.fold, strengths=problem.strengths
            )
            return cv, cv.best

        def read(found: Any) -> Solution:
            cv, best = found
            notes = ["path: " + note for note in verdicts(cv.path.certificates)]
            notes.append(f"refit: {best.certificate.status.name}")
            return Solution.of(best.coef, best.intercept, best.l1, curve=cv.mean, notes=notes)

        return Call(call, read)

    def single(self, problem: Problem, tolerance: float | None) -> Job:
        """eq.fit, its certificate included."""
        X, y, strength = problem.X, problem.y, float(problem.strengths[0])

        def call() -> Any:
            fit = equipoise.fit(X, y, l1=strength)
            return fit, fit.certificate

        return Call(
            call,
            lambda found: Solution.of(
                found[0].coef, found[0].intercept, problem.strengths, notes=[found[1].status.name]
            ),
        )

    def counters(self, task: str, problem: Problem) -> dict[str, float]:
        """Passes over X, kernel solves, Gram columns, peak memory."""
        job = self.job(task, problem, None)
        return count(lambda: job.run(0.0, 1), problem.X)


def verdicts(certificates: Any) -> list[str]:
    """How many points have which status; as many of them, evenly spread, as there is patience for.

    A path is measured before it is returned; what its statuses say on top, whether a solution is unique, is
    drawn up when one is looked at. That time is not in the path's and is said here.
    """
    order = np.argsort(np.arange(len(certificates)) % 10, kind="stable")  # every tenth first
    seen: Counter[str] = Counter()
    start = perf_counter()
    for i in map(int, order):
        seen[certificates[i].status.name] += 1
        if perf_counter() - start > PATIENCE:
            break
    spent = 1e3 * (perf_counter() - start)
    said = ", ".join(f"{number} {name}" for name, number in seen.most_common())
    left = len(certificates) - seen.total()
    return [said + (f", {left} not looked at" if left else ""), f"looking at them {spent:.1f} ms"]
