"""Coordinate descent as an animation: lasso beside ridge beside elastic net, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.results.trace.text import step_sentence
from equipoise.show.page.document import Heading, asset, bundle, embed, name_of, pack, policy_of, text_of
from equipoise.show.phrases import penalty_text
from equipoise.show.tables import number
from equipoise.solve.steps import gradient_at
from equipoise.solve.textbook import Descent

Array = NDArray[np.float64]

Run = tuple[str, Descent]
"""The name of a run, and the run."""

FEATURES, ROWS = 12, 40  # most features and residuals drawn
FIRST, LATER = 120, 40  # most pictures of single steps from the start, and of ends of sweeps after them
SHARED = ("show/page/common.js", "show/page/drawing.js", "show/page/marks.js")
SCRIPTS = (*SHARED, "show/report/walkthrough.js")


def section(runs: Sequence[Run], *, note: str = "") -> str:
    """The animation as a section of a page: HTML with its numbers and one script."""
    features, rows = _features(runs), _rows(runs)
    return Template(asset("show/report/walkthrough.html")).substitute(
        table=_table(runs, features),
        zeros=text_of(zeros_text(runs)),
        note=f'<p class="note">{text_of(note)}</p>' if note else "",
        left_out=text_of(_left_out(runs, features, rows)),
        data=embed(_numbers(runs, features, rows)),
        script=bundle(SCRIPTS),
    )


def page(runs: Sequence[Run], blackboard: str, heading: Heading, *, version: str) -> str:
    """The animation as a page of its own that requests nothing from the network, with the worked example."""
    return Template(asset("show/report/walkpage.html")).substitute(
        policy=policy_of([bundle(SCRIPTS)]),
        version=text_of(version),
        tab=heading.tab,
        title=heading.html,
        style=asset("show/page/base.css") + asset("show/report/report.css"),
        walkthrough=section(runs),
        blackboard=text_of(blackboard, lines=True),
    )


def zeros_text(runs: Sequence[Run]) -> str:
    """The number of exactly zero coefficients of each run, in a sentence."""
    total = len(runs[0][1].coef)
    told = [f"{name} {int((run.coef == 0).sum())}" for name, run in runs]
    return f"Coefficients that are exactly zero, of {total}: {', '.join(told)}."


def _names(runs: Sequence[Run]) -> list[str]:
    """The features' names as a page shows them."""
    return [name_of(name) for name in runs[0][1].steps.features]


def _features(runs: Sequence[Run]) -> NDArray[np.intp]:
    """Features to draw: the largest by max |w_j|·‖x_j‖ over the runs, then by |x_jᵀy|/‖x_j‖; ascending."""
    X, y = runs[0][1].X, runs[0][1].y
    size = np.linalg.norm(X, axis=0)
    moved = np.max([np.abs(run.coef) for _, run in runs], axis=0) * size
    pull = np.divide(np.abs(X.T @ y), size, out=np.zeros_like(size), where=size > 0)
    return np.sort(np.lexsort((-pull, -moved))[:FEATURES])


def _rows(runs: Sequence[Run]) -> NDArray[np.intp]:
    """Up to 40 rows, evenly spaced, whose residuals are drawn."""
    n = len(runs[0][1].y)
    return np.unique(np.linspace(0, n - 1, min(n, ROWS)).round().astype(np.intp))


def _moments(runs: Sequence[Run]) -> list[int]:
    """Numbers of steps after which there is a picture; 0 is the start."""
    p = max(len(runs[0][1].coef), 1)
    last = max(len(run.steps) for _, run in runs)
    first = min(FIRST, last)
    sweeps = np.geomspace(max(first // p, 1), max(last // p, 1), LATER).round().astype(int)
    return sorted({*range(first + 1), *(p * int(k) for k in sweeps if p * k > first), last})


def _numbers(runs: Sequence[Run], features: NDArray[np.intp], rows: NDArray[np.intp]) -> dict[str, Any]:
    """The numbers that the page draws, JSON-able."""
    names, moments = _names(runs), _moments(runs)
    return {
        "features": [names[j] for j in features],
        "rows": (rows + 1).tolist(),
        "y": pack(runs[0][1].y[rows]),
        "moments": moments,
        "runs": [_frames(name, run, moments, features, rows) for name, run in runs],
    }


def _frames(
    name: str, run: Descent, moments: Sequence[int], features: NDArray[np.intp], rows: NDArray[np.intp]
) -> dict[str, Any]:
    """One run, picture by picture; after its last step the last picture repeats."""
    p, steps = len(run.coef), run.steps
    found: list[tuple[Any, ...]] = []
    for done in moments:
        if done > len(steps):
            break
        step, w, residual = None, np.zeros(p), run.y
        if done:
            step, w = steps[done - 1], next(steps.states(done - 1)).coef
            residual = step.residual
        gradient = gradient_at(run.X, residual, w, run.l1, run.l2)
        objective = 0.5 * float(residual @ residual) if step is None else step.objective
        found.append((w[features], (run.X.T @ residual)[features], gradient, residual[rows], objective, step))
    found += [found[-1]] * (len(moments) - len(found))
    told = [None if step is None else step_sentence(step) for *_, step in found]
    place = {feature: k for k, feature in enumerate(features.tolist())}
    return {
        "name": name,
        "penalty": _penalty(run),
        "l1": run.l1[features].tolist(),
        "steps": len(run.steps),
        "converged": run.converged,
        "w": pack([row[0] for row in found]),
        "pull": pack([row[1] for row in found]),
        "gradient": pack([row[2][features] for row in found]),
        "largest": pack([float(np.abs(row[2]).max(initial=0.0)) for row in found]),
        "residual": pack([row[3] for row in found]),
        "objective": pack([row[4] for row in found]),
        "sentences": told,
        "moved": [-1 if k == 0 else place.get((min(k, len(run.steps)) - 1) % p, -1) for k in moments],
    }


def _penalty(run: Descent) -> str:
    l1, l2 = (float(v[0]) if np.ptp(v) == 0 else v for v in (run.l1, run.l2))
    return penalty_text(l1, l2)


def _table(runs: Sequence[Run], features: NDArray[np.intp]) -> str:
    """The coefficients at the end of each run as an HTML table, exact zeros in bold."""
    names = _names(runs)
    head = "".join(f'<th scope="col">{text_of(name)}</th>' for name, _ in runs)
    body = []
    for j in features:
        cells = "".join(
            f"<td>{'<b>0</b>' if run.coef[j] == 0 else text_of(number(float(run.coef[j])))}</td>"
            for _, run in runs
        )
        body.append(f'<tr><th scope="row"><bdi>{text_of(names[j])}</bdi></th>{cells}</tr>')
    return f"<thead><tr><th scope='col'>feature</th>{head}</tr></thead><tbody>{''.join(body)}</tbody>"


def _left_out(runs: Sequence[Run], features: NDArray[np.intp], rows: NDArray[np.intp]) -> str:
    """Sentences about features, rows and steps that are not drawn, and runs that did not converge."""
    n, p = runs[0][1].X.shape
    told = []
    if len(features) < p:
        told.append(f"{len(features)} of {p} features are drawn, those that move the fit most.")
    if len(rows) < n:
        told.append(f"{len(rows)} of {n} residuals are drawn, evenly spaced.")
    last = max(len(run.steps) for _, run in runs)
    if last > FIRST:
        told.append(f"The first {FIRST} steps have a picture each, later ones the ends of some sweeps.")
    waiting = [name for name, run in runs if not run.converged]
    if waiting:
        told.append(f"Not yet in balance at its last step: {', '.join(waiting)}.")
    return " ".join(told)
