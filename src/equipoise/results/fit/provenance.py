"""Where a fit comes from: the version, the call, the source, the number of rows and the time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from equipoise.data.arguments.sparse import is_sparse
from equipoise.data.disk.mapped import Mapped
from equipoise.data.files.queries import is_query
from equipoise.data.frames.columns import library_of
from equipoise.results.report.recipe import call_of
from equipoise.setup.setup import Setup
from equipoise.show.page.version import version

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


def provenance_of(fit: Fit, setup: Setup) -> dict[str, Any]:
    """Describe a fit to the data of a setup: the entries of ``Fit.provenance``."""
    return {
        "version": version(),
        "call": call_of("fit", setup, l1=fit.l1, l2=fit.l2),
        "source": source_of(setup),
        "rows": setup.rows,
        "when": datetime.fromtimestamp(setup.when, UTC).isoformat(timespec="seconds"),
    }


def source_of(setup: Setup) -> str:
    """What X was: the file that it came from, or its kind."""
    if setup.gathered is not None:
        return setup.gathered.source
    if setup.frame is not None:
        return f"{library_of(setup.frame)} frame"
    if isinstance(setup.matrix, Mapped):
        return setup.matrix.source
    return "sparse matrix" if is_sparse(setup.matrix) else "array"


def told_source(source: str) -> str:
    """A source as a heading names it: a file without its folders, or the kind of data with its article."""
    if source == "-":
        return "standard input"
    if is_query(source):
        return "an SQL query"
    if source in ("array", "sparse matrix") or source.endswith(" frame"):
        return f"{'an' if source[0] in 'aeiou' else 'a'} {source}"
    return PurePath(source).name or source
