"""Run coordinate descent, one coefficient after the other, and keep every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.data.arguments.arrays import as_matrix
from equipoise.data.arguments.calls import verb
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.fit.provenance import source_of, told_source
from equipoise.results.trace.result import Trace
from equipoise.setup.set_up import Numbers, set_up
from equipoise.solve.textbook import descend


@verb
def trace(
    X: Any,
    y: Any,
    *,
    l1: Numbers,
    l2: Numbers = 0.0,
    intercept: bool = False,
    tol: float = 1e-9,
    max_sweeps: int = 10_000,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
) -> Trace:
    """Run coordinate descent, one coefficient after the other, and keep every step.

    Parameters
    ----------
    X : (n, p) array or data frame
        Features of small data, for every step is kept.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    l1, l2 : float, (p,) array or dict of str to float
        Penalties; both 0 for least squares.
    intercept : bool, default False
        Whether to fit an intercept, by centring.
    tol : float, default 1e-9
        Stop when the largest violation is at most this fraction of its limit.
    max_sweeps : int, default 10000
        Stop after this many rounds over the features.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`.

    Returns
    -------
    Trace
        The steps and where they led.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import equipoise as eq
    >>> print(eq.trace([[2.0]], [3.0], l1=1))
    sweep  feature  pull  limit  verdict         w  residual  objective  |gradient|
        1  x1          6      1  kept     0 → 1.25  (0.5)         1.375           0
    <BLANKLINE>
    converged after 1 sweep: violation 0
    x1 = 1.25
    """
    if not tol >= 0:
        raise ValueError(f"tol is {tol}: pass a number that is not negative")
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        rows_for="trace",
    )
    setup.need_memory("trace")
    descent = descend(
        as_matrix(setup.matrix),
        setup.response,
        setup.penalty.l1,
        setup.penalty.l2,
        features=setup.features,
        intercept=intercept,
        tol=tol,
        max_sweeps=max_sweeps,
    )
    return Trace(descent, setup.features, setup.frame, setup.target, told_source(source_of(setup)))
