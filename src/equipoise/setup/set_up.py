"""From the arguments of a verb to its setup: data read, penalties checked, features named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.data.arguments.arrays import as_per_feature
from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.floats import describe_gaps
from equipoise.data.arguments.messages import MissingValues
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.encoding import Encoding
from equipoise.data.frames.labels import label_column
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.objective.penalty import Penalty
from equipoise.setup.by_column import LABELS, Taken, by_column
from equipoise.setup.reading import Read, frame_of, in_order, read, read_for, read_rows
from equipoise.setup.response import Levels, read_event, told_of_labels, with_exposure
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
    loss: object = None,
    event: object = None,
    exposure: object = None,
    levels: Levels | None = None,
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
        As passed to the verb; exposure may be the name of a column of X. Without a loss it is squared loss,
        and the verb has no other.
    levels : pair or None
        The two labels of an earlier y, to read this one in the same way.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.
    """
    roles: Any = {"sample_weight": sample_weight, "offset": offset, "folds": folds, "groups": groups}
    roles |= {"missing": missing, "sort": sort, "rows_for": rows_for, "encoding": encoding}
    kind: Loss = SQUARED
    if loss is not None and loss != "squared":
        kind, X = _read_loss(loss, X, roles)
    if event is not None:
        _refuse_event(kind)
    try:
        taken = by_column(X, y, **roles, exposure=exposure, columns=columns)
    except TypeError as error:
        raise _not_numeric(X, y, error, loss, rows_for) from None
    if kind is not SQUARED or exposure is not None:
        taken, levels = _response(taken, kind, event, levels, missing == "error")
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
    try:
        response = np.array(read_rows(found.y, "y", n))
    except TypeError as error:
        raise _not_numeric(None, found.y, error, loss, rows_for) from None
    if kind is not SQUARED:
        kind.refuse(response)
    called = called if isinstance(called := getattr(y, "name", None), str) else None
    of_y = (response, called, kind, levels, exposure is not None, offset is None)
    return _made(found, taken, (l1, l2, lower, upper), intercept, standardize, *of_y)


def _made(
    found: Read,
    taken: Taken,
    numbers: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    intercept: bool,
    standardize: bool,
    response: Array,
    called: str | None,
    kind: Loss,
    levels: Levels | None,
    exposed: bool,
    no_offset: bool,
) -> Setup:
    """The setup of data as they were read; numbers are l1, l2, lower and upper, in order."""
    l1, l2, lower, upper = numbers
    features, encoding = found.names, found.encoding
    return Setup(
        matrix=found.matrix,
        response=response,
        offset=None if found.offset is None else np.array(read_rows(found.offset, "offset", len(response))),
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
        called=called,
        loss=kind,
        levels=levels,
        exposed=exposed,
        offset_is_exposure=exposed and no_offset,
    )


def _read_loss(loss: object, X: object, roles: dict[str, Any]) -> tuple[Loss, object]:
    """A loss, and X, of which a file is read whole where the rows are needed; `roles` are told of both."""
    from equipoise.objective.losses.registry import read_loss

    kind = read_loss(loss)
    if kind.squared:
        return SQUARED, X
    roles["rows_for"] = roles["rows_for"] or f"loss={kind.label!r}"
    if kind.takes_labels:
        roles["labels"] = (*LABELS, "y")
    return kind, read_for(X, roles["encoding"])


def _refuse_event(kind: Loss) -> None:
    """Refuse an event of a loss that knows no labels."""
    if not kind.takes_labels:
        remedy = "pass that too, or leave it out" if kind.squared else "leave it out"
        raise ValueError(f"event is for loss='binomial', which tells two labels apart: {remedy}")


def _response(
    taken: Taken, kind: Loss, event: object, levels: Levels | None, finite: bool
) -> tuple[Taken, Levels | None]:
    """Labels as 0 and 1, with the two of them, and the exposure as part of the offset."""
    if kind.takes_labels:
        coded, levels = read_event(taken.y, event, levels)
        if finite and isinstance(coded, np.ndarray) and coded.dtype.kind == "f":
            _refuse_gaps(np.isnan(coded), taken.named.get("y"))
        taken = taken._replace(y=coded)
    if taken.exposure is not None:
        rows = len(taken.exposure if taken.y is None else taken.y)
        known = with_exposure(taken.offset, taken.exposure, kind, rows, finite=finite)
        taken = taken._replace(offset=known)
    return taken, levels


def _refuse_gaps(missing: NDArray[np.bool_], name: str | None) -> None:
    """Refuse labels that are missing."""
    if missing.any():
        found = describe_gaps(missing, np.zeros_like(missing), nulls=True)
        raise MissingValues.of(f"y {found}" if name is None else f"y '{name}' {found}", "drop")


def _not_numeric(X: Any, y: Any, error: TypeError, loss: object, verb: str) -> TypeError:
    """The error of a response without numbers; it names a loss, or says that there is no choice of one."""
    told = str(error)
    if loss is not None and isinstance(y, str) and f"column '{y}' holds" in told and "no number" in told:
        return TypeError(f"{told}, or pass loss='binomial' if it holds two labels")  # read in batches
    if "not numeric" not in told or not told.startswith("y "):
        return error
    if isinstance(y, str):
        y = label_column(X, y)
    return told_of_labels(y, error, verb if loss is None else None)


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
