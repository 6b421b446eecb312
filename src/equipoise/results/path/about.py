"""The report of a path: the path, and its solution at one strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.results.fit.about import solution_of
from equipoise.results.path.path_file import data_of
from equipoise.results.report.recipe import call_of
from equipoise.results.report.subject import Subject

if TYPE_CHECKING:
    from equipoise.results.path.result import Path


def about_path(path: Path, strength: float | None) -> Subject:
    """The subject of a report on a path and on its solution at one strength, by default the middle one."""
    why = "as it was asked for"
    if strength is None:
        strength = float(np.sort(path.strengths)[(len(path.strengths) - 1) // 2])
        why = "the middle of the path, for none was chosen"
    setup = data_of(path, "a report")
    fit = path.at(strength)
    strengths, values, ever = path.strengths, path.values, path.ever
    if strength not in strengths:
        strengths = np.append(strengths, strength)
        ever = np.union1d(ever, fit.support)
        values = np.append(path.coef[:, ever], fit.coef[None, ever], axis=0)
    balanced = int(path.measures.balanced.sum()) + (len(strengths) > len(path) and fit.certificate.optimal)
    recipe = "\n".join(
        [
            f"path = {call_of('path', setup, strengths=path.strengths)}",
            f"fit = path.at({strength!r})",
            f"path.report('report.html', strength={strength!r})",
        ]
    )
    order = np.argsort(-strengths, kind="stable")
    return Subject(
        **solution_of(fit),
        why=why,
        strengths=strengths[order],
        ever=ever,
        values=values[order],
        balanced=balanced,
        recipe=recipe,
    )
