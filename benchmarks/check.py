"""Is the benchmark itself right? ``python -m benchmarks.check`` says so, or what is not.

- The precision computed here agrees with the library's own audit of the same coefficients, and with P − D
  by its definition: on loose coefficients, where both have digits to compare.
- Every peer, tightened, finds the coefficients that we find: each conversion of λ is right.
- Every peer, loosened, shows a large gap on a path: a poor result does not go unnoticed.
"""

from __future__ import annotations

import sys

import numpy as np

import equipoise
from benchmarks.cells import Cell
from benchmarks.data import Problem, make
from benchmarks.precision import gaps_and_violations, measure, value_and_dual
from benchmarks.tools import create, names
from benchmarks.tools.base import NotOfferedError, Solution, Tool

CELLS = [
    Cell("200×40 ρ=0.5", "", 200, 40, 0.5, seed=1, ratio=1e-3, count=20),
    Cell("60×150 ρ=0.5", "", 60, 150, 0.5, seed=2, ratio=5e-2, count=20),
    Cell("CV 200×40", "", 200, 40, 0.3, 3, "cross-validation", ratio=1e-3, count=20),
    Cell("small 100×10", "", 100, 10, 0.0, 4, "single", ratio=0.1, count=1),
]
TIGHT = {"glmnet": 1e-20, "glmnet-rs": 1e-20, "adelie": 1e-20, "celer": 1e-15}  # on squares; others:
GAP = 1e-12
LOOSE = 3e-2
LARGE = 1e-3
AGREE = 1e-6


def main() -> None:
    """Check every package that is there, on every cell."""
    wrong = 0
    for name in names:
        try:
            tool = create(name)
        except (ImportError, OSError) as absent:
            print(f"{name}: skipped, {absent}")
            continue
        for cell in CELLS:
            try:
                wrong += not check(tool, name, cell)
            except NotOfferedError:
                continue
        tool.close()
    sys.exit(f"{wrong} checks failed" if wrong else 0)


def check(tool: Tool, name: str, cell: Cell) -> bool:
    """One package on one cell; a line of what was found."""
    problem = make(cell)
    exact = equipoise.path(problem.X, problem.y, strengths=problem.strengths)
    tight = solve(tool, cell, problem, TIGHT.get(name, GAP) if tool.descent else None)
    if tight is None:
        raise NotOfferedError
    place = np.searchsorted(-exact.strengths, -tight.strengths * (1.0 + 1e-9))
    error = float(np.abs(tight.coef.toarray() - exact.coef[place]).max() / np.abs(exact.coef).max())
    good = error <= AGREE
    line = f"{name:14}{cell.name:14} coefficients agree to {error:.0e}"
    if tool.descent:
        loose = solve(tool, cell, problem, LOOSE)
        assert loose is not None
        gap = measure(problem, loose).relative_gap
        audit, dual = differences(problem, loose)
        good &= (gap > LARGE or cell.count == 1) and audit <= 1e-6 and dual <= 1e-6
        line += f"; loosened: gap {gap:.0e}, off eq.audit by {audit:.0e}, off P − D by {dual:.0e}"
    print(line + ("" if good else "   WRONG"), flush=True)
    return good


def solve(tool: Tool, cell: Cell, problem: Problem, tolerance: float | None) -> Solution | None:
    """The package's answer at a tolerance."""
    job = tool.job(cell.task, problem, tolerance)
    job.run(0.0, 1)
    return job.read()


def differences(problem: Problem, solution: Solution) -> tuple[float, float]:
    """Relative difference of gap and violation to ``eq.audit``, and of the gap to P − D; the largest."""
    gaps, violations, _ = gaps_and_violations(problem, solution)
    null = problem.y - problem.y.mean()
    scale = 0.5 * float(null @ null)
    audit, dual = [0.0], [0.0]
    for i, t in enumerate(map(float, solution.strengths)):
        if gaps[i] < 1e-7:
            continue
        coef, intercept = solution.coef[[i]].toarray()[0], float(solution.intercept[i])
        found = equipoise.audit(problem.X, problem.y, coef, intercept, l1=t)
        audit.append(abs(found.relative_gap / gaps[i] - 1.0))
        if violations[i] > 1e-7:  # else the gap is the intercept's
            audit.append(abs(found.violation / violations[i] - 1.0))
        primal, value = value_and_dual(problem, solution, i)
        dual.append(abs((primal - value) / scale / gaps[i] - 1.0))
    return max(audit), max(dual)


if __name__ == "__main__":
    main()
