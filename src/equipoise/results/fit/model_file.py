"""What a model file holds, as the arguments of a fit: every entry of its type, and all of them of one fit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.documents import SCHEMA
from equipoise.data.frames.encoding import Encoding
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.results.fit.entries import (
    LONGEST,
    a_count,
    a_flag,
    a_number,
    a_text,
    as_shown,
    per_feature,
    refuse_other,
    require,
    some_names,
    some_numbers,
)
from equipoise.results.fit.goodness import Deviances
from equipoise.results.fit.roles import ROLES
from equipoise.results.plain import to_plain

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.objective.losses.base import Loss
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

ENTRIES = (
    *("features", "coef", "intercept", "l1", "l2", "limits", "standardize", "with_intercept", "lower"),
    *("upper", "encoding", "missing", "certificate"),
)
SINCE_3 = ("null_prediction", "offset", "columns", "provenance")  # entries since schema 3
SINCE_4 = ("loss", "levels", "null_link", "exposure")
ERRORS = ("r_squared", "root_mean_squared_error", "null_root_mean_squared_error")  # of squared loss
DEVIANCES = ("deviance_explained", "deviance", "null_deviance", "rows", "weight", "total")  # of others
OWN = ("coef", "intercept", "certificate", *ERRORS, *DEVIANCES)  # what each model of a path has of its own
ROUNDING = 1e-9


def model_record(fit: Fit) -> dict[str, Any]:
    """A model as JSON takes it."""
    came = fit.provenance
    return {**to_record(fit), "provenance": None if came is None else dict(came)}


def to_record(fit: Fit) -> dict[str, Any]:
    """What ``Fit.to_dict`` returns."""
    return {
        "loss": fit.loss,
        "levels": to_plain(fit.levels),
        "features": list(fit.features),
        "coef": to_plain(fit.coef),
        "intercept": fit.intercept,
        "l1": to_plain(fit.l1),
        "l2": to_plain(fit.l2),
        "limits": to_plain(fit.limits),
        "standardize": fit.standardize,
        "with_intercept": fit.with_intercept,
        "lower": to_plain(fit.lower),
        "upper": to_plain(fit.upper),
        "encoding": None if fit.encoding is None else fit.encoding.to_dict(),
        "missing": None if fit.missing is None else fit.missing.to_dict(),
        "null_prediction": to_plain(fit.null_prediction),
        "null_link": to_plain(fit.null_link),
        "offset": fit.offset,
        "exposure": fit.exposure,
        "columns": fit.columns,
        **_goodness(fit),
        "certificate": fit.certificate.to_dict(),
    }


def _goodness(fit: Fit) -> dict[str, Any]:
    """What the fit explains, by the names of its loss."""
    if fit.kind.squared:
        return {name: to_plain(getattr(fit, name)) for name in ERRORS}
    found = fit.measured_deviances
    own = (None,) * 5 if found is None else found
    return dict(zip(DEVIANCES, (fit.deviance_explained, *own), strict=True))


def model_arguments(model: dict[str, Any], schema: int = SCHEMA) -> dict[str, Any]:
    """Return the arguments of the :class:`Fit` that a record describes, all of it checked.

    Parameters
    ----------
    model : dict
        What a file holds.
    schema : int
        Its version.

    Raises
    ------
    ValueError, LookupError
        If an entry is missing, unknown or of another type, or contradicts another one.
    """
    shared = shared_arguments({name: value for name, value in model.items() if name not in OWN}, schema)
    p = len(shared["features"])
    own: dict[str, Any] = {
        "coef": some_numbers(model["coef"], "coef", p),
        "intercept": a_number(model["intercept"], "intercept"),
        "certificate": Certificate.from_dict(model["certificate"]),
    }
    own["coef"].setflags(write=False)
    _refuse_contradictions(shared, **own)
    if shared["kind"].squared:
        return shared | own | {"errors": _errors(model, schema)}
    return shared | own | {"deviances": _deviances(model, shared["kind"])}


def _errors(model: dict[str, Any], schema: int) -> tuple[float, float] | None:
    """Root mean squared errors of a model and of its null model; None where the file does not hold them."""
    require(not model.keys() & {*DEVIANCES}, "it has a deviance, which no model of squared loss has")
    if schema < 3:
        require(not model.keys() & {*ERRORS}, "it has an error, which no model of its version has")
        return None
    told, *names = ERRORS
    own, null = (a_number(model[name], name, least=0.0, null=np.nan) for name in names)
    require(np.isnan(own) == np.isnan(null), "one of its errors is null")
    share = 1.0 - (own / null) ** 2 if null > 0 else None
    require(model[told] == share, f"'{told}' is not that of its errors")
    return None if np.isnan(own) else (own, null)


def _deviances(model: dict[str, Any], kind: Loss) -> Deviances | None:
    """Deviances of a model and of its null model; None where the file does not hold them."""
    require(not model.keys() & {*ERRORS}, f"it has an error, which no model of loss {kind.label} has")
    told, own, null, rows, weight, total = (model[name] for name in DEVIANCES)
    if own is None:
        require(told is null is rows is weight is total is None, "one of its deviances is null")
        return None
    found = Deviances(
        a_number(own, "deviance", least=0.0),
        a_number(null, "null_deviance", least=0.0),
        a_count(rows, "rows", 1),
        a_number(weight, "weight", least=0.0),
        a_number(total, "total", least=0.0),
    )
    share = 1.0 - found.own / found.null if found.null > 0 else None
    require(told == share, "'deviance_explained' is not that of its deviances")
    most = found.weight * (1.0 + ROUNDING)
    require(not kind.takes_labels or found.total <= most, "it has more events than trials")
    return found


def shared_arguments(model: dict[str, Any], schema: int = SCHEMA) -> dict[str, Any]:
    """The arguments of a fit that all models of a path share: those of `model_arguments` but `OWN`."""
    known = {*ENTRIES, *(SINCE_3 if schema >= 3 else ()), *(SINCE_4 if schema >= 4 else ())} - {*OWN}
    if strange := model.keys() - known:
        raise ValueError(f"it has an entry '{min(strange)[:40]}', which no model has")
    features = some_names(model["features"], "features")
    p = len(features)
    require(p > 0, "it has no features")
    encoding = _encoding(model["encoding"], features, schema)
    read: dict[str, Any] = {
        "l1": per_feature(model["l1"], "l1", p, least=0.0, null=np.inf),
        "l2": per_feature(model["l2"], "l2", p, least=0.0),
        "limits": some_numbers(model["limits"], "limits", p, least=0.0, null=np.inf),
        "features": features,
        "standardize": a_flag(model["standardize"], "standardize"),
        "with_intercept": a_flag(model["with_intercept"], "with_intercept"),
        "lower": per_feature(model["lower"], "lower", p, null=-np.inf),
        "upper": per_feature(model["upper"], "upper", p, null=np.inf),
        "encoding": encoding,
        "missing": _missing(model["missing"], p, schema),
        "null_link": np.nan,
    }
    _refuse_other_limits(read)
    if schema >= 3:
        read["null_link"] = a_number(model["null_prediction"], "null_prediction", null=np.nan)
        read["offset"] = a_flag(model["offset"], "offset")
        read["named"] = _named(model["columns"], encoding, schema)
        read["origin"] = _provenance(model["provenance"])
        told = "'columns' names an offset, but 'offset' says that there was none"
        require(read["offset"] or "offset" not in read["named"], told)
    return read | (_of_the_loss(model, read) if schema >= 4 else {"kind": SQUARED})


def _of_the_loss(model: dict[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    """The loss, and the arguments of a fit that depend on it; `read` has the others."""
    kind = read_loss(a_text(model["loss"], "loss"))
    require(kind.label == model["loss"], f"'loss' is not written as {as_shown(kind.label)}")
    levels, exposure = model["levels"], a_flag(model["exposure"], "exposure")
    if levels is not None:
        whole = isinstance(levels, list) and len(levels) == 2
        require(whole, "'levels' is no list of two labels")
        require(all(isinstance(level, bool | int | float | str) for level in levels), "a label is none")
        require(levels[0] != levels[1], "'levels' has one label twice")
        require(kind.takes_labels, f"'levels' are of a yes/no response, and loss {kind.label} has none")
    require(kind.takes_exposure or not exposure, f"loss {kind.label} has no exposure")
    told = "'columns' names an exposure, but 'exposure' says that there was none"
    require(exposure or "exposure" not in read["named"], told)
    link = a_number(model["null_link"], "null_link", null=np.nan)
    with np.errstate(over="ignore"):
        mean = float(kind.mean(np.asarray(link)))
    same = np.isclose(mean, read["null_link"], rtol=ROUNDING, atol=0.0, equal_nan=True)
    require(bool(same) or np.isinf(mean), "'null_prediction' is not the mean at 'null_link'")
    return {
        "kind": kind,
        "levels": None if levels is None else tuple(levels),
        "exposure": exposure,
        "null_link": link,
    }


def _refuse_other_limits(read: dict[str, Any]) -> None:
    """Refuse bounds that cross, and limits that l1 does not make."""
    limits = read["limits"]
    require(bool(np.all(read["lower"] <= np.asarray(read["upper"]))), "a lower bound exceeds the upper one")
    l1 = np.broadcast_to(read["l1"], limits.shape)
    same = np.array_equal(np.isinf(l1), np.isinf(limits)) and bool(np.all(limits[l1 == 0] == 0))
    if same and not read["standardize"]:
        finite = np.isfinite(limits)
        same = np.allclose(l1[finite], limits[finite], rtol=ROUNDING, atol=1e-300)
    require(same, "the limits are not those that l1 makes")


def _refuse_contradictions(
    shared: dict[str, Any], coef: Array, intercept: float, certificate: Certificate
) -> None:
    """Refuse a solution and a certificate that cannot be of one fit."""
    limits = shared["limits"]
    lower, upper = (np.broadcast_to(shared[name], coef.shape) for name in ("lower", "upper"))
    room = [np.where(np.isfinite(bound), ROUNDING * np.abs(bound), 0.0) for bound in (lower, upper)]
    within = (coef >= lower - room[0]) & (coef <= upper + room[1])
    require(bool(np.all(within)), "a coefficient is outside its bounds")
    require(bool(np.all(coef[np.isinf(limits)] == 0)), "a feature whose limit is infinite has a coefficient")
    require(shared["with_intercept"] or intercept == 0, "it has an intercept that it says it lacks")
    zeros = certificate.zeros_proved
    require(len(zeros) == len(coef), f"the certificate is of {len(zeros)} features, not of {len(coef)}")
    settled = np.all(zeros == (coef == 0))
    require(not certificate.support_proved or bool(settled), "the certificate proves another support")
    # With a limit for each feature, pulls that balance leave no such gap; without, near-copies may.
    sharp = certificate.optimal and certificate.status is not Status.AT_PRECISION
    told = sharp and certificate.relative_gap > 1 and bool(np.all(limits > 0))
    require(not told, "the certificate says optimal, at a gap larger than the objective")


def _encoding(record: Any, features: tuple[str, ...], schema: int) -> Encoding | Formula | None:
    if record is None:
        return None
    if not isinstance(record, dict):
        raise ValueError("'encoding' is no object")
    if "formula" not in record:
        found: Encoding | Formula = Encoding.from_dict(record)
    else:
        from equipoise.data.formula.formulas import Formula

        found = Formula.from_dict(record)
    some_names([column.name for column in found.columns], "encoding")
    refuse_other(record, found.to_dict(), "encoding", older=schema < 3)
    if found.features != features:
        raise ValueError("'encoding' makes other features than 'features' names")
    return found


def _missing(record: Any, p: int, schema: int) -> Missing | None:
    if record is None:
        return None
    from equipoise.data.frames.gaps import Missing

    if not isinstance(record, dict):
        raise ValueError("'missing' is no record of missing values")
    rows, dropped = a_count(record["rows"], "rows"), a_count(record["dropped"], "dropped")
    roles = record.get("roles", [])
    _counts(record["counts"], "counts")
    _counts(roles, "roles")
    means = some_numbers(record["means"], "means", p if record["policy"] == "mean" else 0)
    reasons = roles if record["policy"] == "mean" else record["counts"]
    if dropped > min(rows, sum(number for _, number in reasons)):
        raise ValueError("'missing' says that other rows were dropped than values were missing")
    found = Missing.from_dict(record | {"means": means.tolist()})
    refuse_other(record, found.to_dict(), "missing", older=schema < 3)
    return found


def _counts(value: Any, what: str) -> None:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise ValueError(f"'{what}' has not a name and a number in each place")
    for name, number in value:
        a_text(name, what)
        a_count(number, what, 1)


def _named(record: Any, encoding: Encoding | Formula | None, schema: int) -> dict[str, str]:
    roles = [role for role in ROLES.values() if schema >= 4 or role != "exposure"]
    if not isinstance(record, dict) or record.keys() != {*roles}:
        raise ValueError(f"'columns' has not the entries {', '.join(roles)}")
    there = {argument: record[role] for argument, role in ROLES.items() if record.get(role) is not None}
    named = {argument: a_text(name, "columns") for argument, name in there.items()}
    given = list(named.values())
    features = () if encoding is None else [column.name for column in encoding.columns]
    if len({*given, *features}) < len(given) + len(features):
        raise ValueError("'columns' has one column in two roles")
    return named


def _provenance(record: Any) -> dict[str, Any] | None:
    if record is None:
        return None
    if not isinstance(record, dict) or record.keys() != {"version", "call", "source", "rows", "when"}:
        raise ValueError("'provenance' has not the entries version, call, source, rows and when")
    for name in ("version", "call", "source", "when"):
        a_text(record[name], name, 10 * LONGEST)
    a_count(record["rows"], "rows", 1)
    try:
        aware = datetime.fromisoformat(record["when"]).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise ValueError(f"'when' is {as_shown(record['when'])}, no time with its zone as ISO 8601 writes it")
    return record
