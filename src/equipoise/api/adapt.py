"""Choose an adaptive lasso by data held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.api.cross_validate import cross_validate_on
from equipoise.api.path import grid_of
from equipoise.data.arguments.arrays import as_per_feature
from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.messages import quoted
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.choice.adaptive import Adaptive
from equipoise.select.adaptive import Pilot, adapt_folds, adapted, pilot_on, sd_on, weights_of
from equipoise.select.cross_validation import Folds
from equipoise.select.scorers import read_scoring
from equipoise.setup.set_up import Numbers, set_up
from equipoise.setup.setup import Setup

Array = NDArray[np.float64]

PILOTS = ("ridge", "unpenalised", "lasso")
LEAST_SQUARES = "least squares"  # the unpenalised pilot of squared loss


@verb
def adapt(
    X: Any,
    y: Any,
    *,
    pilot: ArrayLike = "ridge",
    power: float = 1.0,
    folds: Any = 10,
    repeats: int = 1,
    groups: Any = None,
    l1: Numbers = 1.0,
    l2: Numbers = 0.0,
    strengths: ArrayLike | None = None,
    count: int = 100,
    ratio: float | None = None,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    loss: str = "squared",
    event: object = None,
    exposure: Any = None,
    scoring: str | Callable[..., Any] | None = None,
    early_stop: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Adaptive:
    """Choose the strength of an adaptive lasso by the loss of rows held out.

    Each l1 is divided by |pilot|^power: a feature whose pilot coefficient is large is hardly shrunk, and one
    whose pilot is 0 is excluded. A feature whose l1 is 0 stays unpenalised; l2 stays as it is. In every fold
    the pilot is computed anew from the training rows alone.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix or data frame
        Features.
    y : (n,) array or str
        Response, or the name of the column of X that holds it.
    pilot : {"ridge", "unpenalised", "lasso"} or (p,) array, default "ridge"
        First coefficients, by the same ``loss``. "ridge": at the strength of smallest generalised
        cross-validation (of the squares that the loss comes to near the intercept alone); "unpenalised", of
        squared loss also "least squares": without any penalty, of smallest norm where columns depend on each
        other (of another loss any), for more rows than features; "lasso": what ``l1`` and ``l2`` ask for at
        the best strength of an inner 10-fold cross-validation, which takes some ten times as long. Bounds
        hold in all of them. Coefficients in original units are taken as they are, in every fold: if they were
        found in these data, the held-out losses flatter.
    power : float, default 1
        Exponent of |pilot|: the larger it is, the more the penalties differ.
    folds : int, splitter, list of pairs, (n,) array or str, default 10
        As in :func:`cross_validate`.
    repeats : int, default 1
        As in :func:`cross_validate`.
    groups : (n,) array or str, optional
        As in :func:`cross_validate`.
    l1, l2 : float, (p,) array or dict of str to float
        Factors that each strength multiplies, as in :func:`path`; l1 before the pilot.
    strengths : (m,) array, optional
        The grid; by default as in :func:`path`.
    count : int, default 100
        Strengths of the default grid.
    ratio : float, optional
        Last strength of the default grid ÷ its first.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation in the rows fitted to, in the pilot too, whose
        coefficients are then measured per standard deviation. With a power of 1 the lasso itself is the same
        either way, for the weights are in the units of the coefficients.
    sample_weight : (n,) array or str, optional
        Weights in fitting and in scoring, or the name of the column of X that holds them.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`cross_validate`.
    loss, event, exposure : optional
        The loss of a row and what it needs, as in :func:`fit`.
    scoring : str or callable, optional
        The loss of held-out rows, as in :func:`cross_validate`; a lasso as pilot chooses its own strength by
        the default.
    early_stop : bool, default False
        As in :func:`cross_validate`.
    progress : callable, optional
        Called after each fold with the number of folds done.

    Returns
    -------
    Adaptive
        Pilot, weights, the cross-validation ``cv`` with them, ``best`` and ``one_se``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Zou (2006), *JASA* 101; Bühlmann & van de Geer (2011), *Statistics for High-Dimensional Data*, section
    2.8, for a lasso as pilot; Golub, Heath & Wahba (1979), *Technometrics* 21.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(12, 2) ** 2 % 7
    >>> adaptive = eq.adapt(X, 2 * X[:, 0] + np.arange(12) % 2, folds=3, count=10)
    >>> bool(np.allclose(adaptive.weights * np.abs(adaptive.pilot), 1))
    True
    """
    kind, score = _read_kind(pilot, power), read_scoring(scoring, loss)
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        loss=loss,
        event=event,
        exposure=exposure,
        folds=folds,
        groups=groups,
        rows_for="adapt",
        l1_default=1.0,
    )
    among = Folds.asked(setup, repeats, score)
    whole, first, weights = _pilot(pilot, kind, among.setup, power)
    grid = grid_of(_with_penalty(whole, among.setup), strengths, count, ratio)
    cv = cross_validate_on(adapt_folds(among, whole, kind or first, power), grid, progress, early_stop)
    return Adaptive(cv, "given" if kind is None else kind, first, weights, float(power))


def _with_penalty(whole: Setup, plain: Setup) -> Setup:
    """The setup that the grid of strengths is for.

    Where the pilot excludes everything all strengths give the same fit: those of the plain lasso are taken.
    """
    some = np.any(np.isfinite(whole.penalty.l1) & (whole.penalty.l1 > 0))
    return whole if some else plain


def _pilot(pilot: Any, kind: Pilot | None, setup: Setup, power: float) -> tuple[Setup, Array, Array]:
    """The setup under the penalties of the pilot, its coefficients (p,), and the weights from them, (p,)."""
    if kind == LEAST_SQUARES and not setup.loss.squared:
        raise ValueError(
            f"pilot is 'least squares', and the loss here is {setup.loss.label!r}: pass 'unpenalised', whose "
            "loss it is"
        )
    first = _first(pilot, kind, setup)
    weights = weights_of(first, sd_on(setup, None, setup.moments), power)
    return _refuse_barred(adapted(setup, weights)), first, weights


def _read_kind(pilot: Any, power: float) -> Pilot | None:
    """The kind of pilot; None where its coefficients were passed. The power is checked."""
    if not (np.isfinite(power) and power > 0):
        raise ValueError(f"power is {power}: pass a positive number, usually 1")
    if not isinstance(pilot, str):
        return None
    if pilot not in (*PILOTS, LEAST_SQUARES):
        raise ValueError(f"pilot is {pilot!r}: pass one of {quoted(PILOTS)}, or one coefficient a feature")
    return cast(Pilot, pilot)


def _first(pilot: Any, kind: Pilot | None, setup: Setup) -> Array:
    """The coefficients of the pilot."""
    if kind is None:
        return as_per_feature(pilot, "pilot", setup.names)
    return pilot_on(setup, None, setup.moments, kind)


def _refuse_barred(setup: Setup) -> Setup:
    """The setup, unless its bounds forbid zero where the pilot is zero."""
    barred = np.flatnonzero(np.isinf(setup.penalty.l1) & (setup.penalty.null != 0))
    if len(barred):
        raise ValueError(
            f"pilot of feature {setup.features[int(barred[0])]!r} is 0, which excludes it, but its bounds "
            "forbid zero: choose one of the two"
        )
    return setup
