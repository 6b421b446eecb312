"""From the arguments of a verb to its setup: data read, penalties checked, features named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.arrays import as_per_feature
from equipoise.data.arguments.flags import as_flag
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.encoding import Encoding
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.penalty import Penalty
from equipoise.setup.by_column import LABELS, by_column
from equipoise.setup.reading import frame_of, in_order, read, read_rows
from equipoise.setup.response import read_event, with_exposure
from equipoise.setup.setup import PerFeature, Setup

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula

Array = NDArray[np.float64]
Numbers = ArrayLike | Mapping[Any, float]

IN_ORDER = (float, int, np.ndarray, list)  # kinds that are no mapping, told without a call of Python


def set_up(
    X: object,
    y: object = None,
    *,
    l1: Numbers,
    l2: Numbers = 0.0,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: object = None,
    offset: object = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    columns: ColumnChoice = EVERY_COLUMN,
    missing: str = "error",
    folds: object = None,
    groups: object = None,
    sort: bool = False,
    rows_for: str = "",
    l1_default: float | None = None,
    encoding: Encoding | Formula | None = None,
    loss: object = "squared",
    event: object = None,
    exposure: object = None,
) -> Setup:
    """Read and check the arguments of a verb.

    Parameters
    ----------
    X, y, l1, l2, intercept, standardize, sample_weight, offset, lower, upper, missing, folds, groups
        As passed to the verb; y, weights, offset, folds and groups may be names of columns of X.
    columns : ColumnChoice
        The arguments ``names``, ``features``, ``drop``, ``reference`` and ``categories``.
    sort : bool
        Whether rows that are not in memory are sorted into folds as they are read.
    rows_for : str
        The verb, if it needs the rows themselves: sums of them are then refused.
    l1_default : float or None
        The l1 of features that a dict does not name, if the verb has a default.
    encoding : Encoding, Formula or None
        How an earlier frame became features, to read this one in the same way.
    loss, event, exposure
        As passed to the verb; exposure may be the name of a column of X.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.
    """
    roles: Any = {"sample_weight": sample_weight, "offset": offset, "folds": folds, "groups": groups}
    roles |= {"missing": missing, "sort": sort, "rows_for": rows_for, "encoding": encoding}
    kind: Loss = SQUARED
    levels = None
    if loss != "squared":
        from equipoise.objective.losses.registry import read_loss

        kind = read_loss(loss)
        roles["rows_for"] = rows_for or ("" if kind.squared else f"loss={kind.label!r}")
    if kind.name == "binomial":
        roles["labels"] = (*LABELS, "y")
    elif event is not None:
        raise ValueError("event is for loss='binomial', which tells two labels apart: leave it out")
    taken = by_column(X, y, **roles, exposure=exposure, columns=columns)
    if kind.name == "binomial":
        coded, levels = read_event(taken.y, event)
        taken = taken._replace(y=coded)
    if taken.exposure is not None:
        taken = taken._replace(offset=with_exposure(taken.offset, taken.exposure, kind))
    found = read(taken.X, taken.y, taken.offset, taken.sample_weight, missing, encoding, taken.columns)
    features, encoding, n = found.names, found.encoding, found.matrix.shape[0]
    if not isinstance(l1, IN_ORDER):
        l1 = in_order(l1, "l1", features, encoding, l1_default)
    if not isinstance(l2, IN_ORDER):
        l2 = in_order(l2, "l2", features, encoding, 0.0)
    if not isinstance(lower, IN_ORDER):
        lower = in_order(lower, "lower", features, encoding, -np.inf)
    if not isinstance(upper, IN_ORDER):
        upper = in_order(upper, "upper", features, encoding, np.inf)
    # y, offset and weights are copied, for the caller may write to them afterwards; X is too large for that.
    response = np.array(read_rows(found.y, "y", n))
    kind.refuse(response)
    return Setup(
        matrix=found.matrix,
        response=response,
        offset=None if found.offset is None else np.array(read_rows(found.offset, "offset", n)),
        weights=None if found.weights is None else np.array(found.weights),
        penalty=_read_penalty(l1, l2, lower, upper, features),
        intercept=as_flag(intercept, "intercept") and getattr(encoding, "intercept", True),  # a formula's
        standardize=as_flag(standardize, "standardize"),
        names=features,
        encoding=encoding,
        l1=_as_passed(l1),
        l2=_as_passed(l2),
        lower=_as_passed(lower),
        upper=_as_passed(upper),
        frame=None if encoding is None else frame_of(found.X, encoding),
        moments=found.moments,
        missing=found.missing,
        kept=found.kept,
        gappy=found.gappy,
        gathered=found.gathered,
        named=taken.named,
        folds=taken.folds,
        groups=taken.groups,
        called=called if isinstance(called := getattr(y, "name", None), str) else None,
        loss=kind,
        levels=levels,
    )


def under(
    setup: Setup,
    *,
    l1: Numbers,
    l2: Numbers = 0.0,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    intercept: bool = True,
    standardize: bool = False,
) -> Setup:
    """The same data under another penalty; the arguments are those of `set_up`."""
    features, encoding = setup.features, setup.encoding
    l1 = in_order(l1, "l1", features, encoding, None)
    l2 = in_order(l2, "l2", features, encoding, 0.0)
    lower = in_order(lower, "lower", features, encoding, -np.inf)
    upper = in_order(upper, "upper", features, encoding, np.inf)
    return replace(
        setup,
        penalty=_read_penalty(l1, l2, lower, upper, features),
        intercept=as_flag(intercept, "intercept"),
        standardize=as_flag(standardize, "standardize"),
        l1=_as_passed(l1),
        l2=_as_passed(l2),
        lower=_as_passed(lower),
        upper=_as_passed(upper),
    )


def _read_penalty(
    l1: ArrayLike, l2: ArrayLike, lower: ArrayLike, upper: ArrayLike, features: Sequence[str]
) -> Penalty:
    """The penalty with one entry per feature, its bounds checked."""
    penalty = Penalty(
        as_per_feature(l1, "l1", features, minimum=0.0, allow_infinite=True),
        as_per_feature(l2, "l2", features, minimum=0.0),
        as_per_feature(lower, "lower", features, allow_infinite=True),
        as_per_feature(upper, "upper", features, allow_infinite=True),
    )
    if penalty.boxed or np.isinf(penalty.l1).any():
        _check_box(penalty, features)
    return penalty


def _as_passed(value: ArrayLike) -> PerFeature:
    """A number as float, anything else as a float64 array of its own."""
    array = np.array(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array


def _check_box(penalty: Penalty, features: Sequence[str]) -> None:
    """Refuse bounds that no coefficient meets, and an infinite penalty whose bounds forbid zero."""
    crossed = np.flatnonzero(penalty.lower > penalty.upper)
    if len(crossed):
        j = int(crossed[0])
        raise ValueError(
            f"lower ({penalty.lower[j]:g}) exceeds upper ({penalty.upper[j]:g}) for feature {features[j]!r}: "
            "swap or widen them"
        )
    unreachable = np.flatnonzero(np.isposinf(penalty.lower) | np.isneginf(penalty.upper))
    if len(unreachable):
        raise ValueError(
            f"lower or upper of feature {features[int(unreachable[0])]!r} is a bound that no number meets: "
            "use lower=-inf and upper=inf for none"
        )
    outside = np.flatnonzero(np.isinf(penalty.l1) & (penalty.null != 0))
    if len(outside):
        raise ValueError(
            f"feature {features[int(outside[0])]!r} is excluded (l1 = ∞) but its bounds forbid zero: "
            "choose one of the two"
        )
