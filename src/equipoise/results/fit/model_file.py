"""What a model file holds, as the arguments of a fit: every entry of its type, and all of them of one fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.documents import SCHEMA
from equipoise.data.frames.encoding import Encoding
from equipoise.objective.certificate import Certificate, Status
from equipoise.results.fit.roles import ROLES
from equipoise.results.plain import to_plain
from equipoise.setup.setup import PerFeature

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import Formula
    from equipoise.data.frames.gaps import Missing
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

LONGEST = 10_000  # characters of a name
ENTRIES = (
    *("features", "coef", "intercept", "l1", "l2", "limits", "standardize", "with_intercept", "lower"),
    *("upper", "encoding", "missing", "certificate"),
)
NEW = ("null_prediction", "offset", "columns", "provenance")  # entries since schema 3
ERRORS = ("r_squared", "root_mean_squared_error", "null_root_mean_squared_error")  # since schema 3, too
OWN = ("coef", "intercept", "certificate", *ERRORS)  # what each model of a path has of its own
ROUNDING = 1e-9


def model_record(fit: Fit) -> dict[str, Any]:
    """A model as JSON takes it."""
    came = fit.provenance
    return {**to_record(fit), "provenance": None if came is None else dict(came)}


def to_record(fit: Fit) -> dict[str, Any]:
    """What ``Fit.to_dict`` returns."""
    return {
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
        "offset": fit.offset,
        "columns": fit.columns,
        **{name: to_plain(getattr(fit, name)) for name in ERRORS},
        "certificate": fit.certificate.to_dict(),
    }


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
        "coef": _numbers(model["coef"], "coef", p),
        "intercept": _number(model["intercept"], "intercept"),
        "certificate": Certificate.from_dict(model["certificate"]),
    }
    own["coef"].setflags(write=False)
    _refuse_contradictions(shared, **own)
    return shared | own | {"errors": _errors(model, schema)}


def _errors(model: dict[str, Any], schema: int) -> tuple[float, float] | None:
    """Root mean squared errors of a model and of its null model; None where the file does not hold them."""
    if schema < 3:
        _require(not model.keys() & {*ERRORS}, "it has an error, which no model of its version has")
        return None
    told, *names = ERRORS
    own, null = (_number(model[name], name, least=0.0, null=np.nan) for name in names)
    _require(np.isnan(own) == np.isnan(null), "one of its errors is null")
    share = 1.0 - (own / null) ** 2 if null > 0 else None
    _require(model[told] == share, f"'{told}' is not that of its errors")
    return None if np.isnan(own) else (own, null)


def shared_arguments(model: dict[str, Any], schema: int = SCHEMA) -> dict[str, Any]:
    """The arguments of a fit that all models of a path share: those of `model_arguments` but `OWN`."""
    known = {*ENTRIES, *(NEW if schema >= 3 else ())} - {*OWN}
    if strange := model.keys() - known:
        raise ValueError(f"it has an entry '{min(strange)[:40]}', which no model has")
    features = _names(model["features"], "features")
    p = len(features)
    _require(p > 0, "it has no features")
    encoding = _encoding(model["encoding"], features, schema)
    read: dict[str, Any] = {
        "l1": _per_feature(model["l1"], "l1", p, least=0.0, null=np.inf),
        "l2": _per_feature(model["l2"], "l2", p, least=0.0),
        "limits": _numbers(model["limits"], "limits", p, least=0.0, null=np.inf),
        "features": features,
        "standardize": _flag(model["standardize"], "standardize"),
        "with_intercept": _flag(model["with_intercept"], "with_intercept"),
        "lower": _per_feature(model["lower"], "lower", p, null=-np.inf),
        "upper": _per_feature(model["upper"], "upper", p, null=np.inf),
        "encoding": encoding,
        "missing": _missing(model["missing"], p, schema),
        "null_prediction": np.nan,
    }
    _refuse_other_limits(read)
    if schema >= 3:
        read["null_prediction"] = _number(model["null_prediction"], "null_prediction", null=np.nan)
        read["offset"] = _flag(model["offset"], "offset")
        read["named"] = _named(model["columns"], encoding)
        read["origin"] = _provenance(model["provenance"])
        told = "'columns' names an offset, but 'offset' says that there was none"
        _require(read["offset"] or "offset" not in read["named"], told)
    return read


def _refuse_other_limits(read: dict[str, Any]) -> None:
    """Refuse bounds that cross, and limits that l1 does not make."""
    limits = read["limits"]
    _require(bool(np.all(read["lower"] <= np.asarray(read["upper"]))), "a lower bound exceeds the upper one")
    l1 = np.broadcast_to(read["l1"], limits.shape)
    same = np.array_equal(np.isinf(l1), np.isinf(limits)) and bool(np.all(limits[l1 == 0] == 0))
    if same and not read["standardize"]:
        finite = np.isfinite(limits)
        same = np.allclose(l1[finite], limits[finite], rtol=ROUNDING, atol=1e-300)
    _require(same, "the limits are not those that l1 makes")


def _refuse_contradictions(
    shared: dict[str, Any], coef: Array, intercept: float, certificate: Certificate
) -> None:
    """Refuse a solution and a certificate that cannot be of one fit."""
    limits = shared["limits"]
    lower, upper = (np.broadcast_to(shared[name], coef.shape) for name in ("lower", "upper"))
    room = [np.where(np.isfinite(bound), ROUNDING * np.abs(bound), 0.0) for bound in (lower, upper)]
    within = (coef >= lower - room[0]) & (coef <= upper + room[1])
    _require(bool(np.all(within)), "a coefficient is outside its bounds")
    _require(bool(np.all(coef[np.isinf(limits)] == 0)), "a feature whose limit is infinite has a coefficient")
    _require(shared["with_intercept"] or intercept == 0, "it has an intercept that it says it lacks")
    zeros = certificate.zeros_proved
    _require(len(zeros) == len(coef), f"the certificate is of {len(zeros)} features, not of {len(coef)}")
    settled = np.all(zeros == (coef == 0))
    _require(not certificate.support_proved or bool(settled), "the certificate proves another support")
    # With a limit for each feature, pulls that balance leave no such gap; without, near-copies may.
    sharp = certificate.optimal and certificate.status is not Status.AT_PRECISION
    told = sharp and certificate.relative_gap > 1 and bool(np.all(limits > 0))
    _require(not told, "the certificate says optimal, at a gap larger than the objective")


def _require(whole: bool, otherwise: str) -> None:
    if not whole:
        raise ValueError(otherwise)


def _names(value: Any, what: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"'{what}' is no list of names")
    found = tuple(_text(name, what) for name in value)
    if len(set(found)) < len(found):
        raise ValueError(f"'{what}' names one twice")
    return found


def _text(value: Any, what: str, most: int = LONGEST) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"'{what}' has {_shown(value)} where a text of at most {most} characters stands")
    return value


def _flag(value: Any, what: str) -> bool:
    if type(value) is not bool:
        raise ValueError(f"'{what}' is {_shown(value)}, neither true nor false")
    return value


def _count(value: Any, what: str, least: int = 0) -> int:
    if type(value) is not int or not least <= value < 2**53:
        raise ValueError(f"'{what}' is {_shown(value)}, no number of rows")
    return value


def _number(value: Any, what: str, least: float = -np.inf, null: float | None = None) -> float:
    """A number from JSON, in which null stands for an infinity if `null` is one."""
    if value is None and null is not None:
        return null
    if type(value) is not float or not least <= value:
        above = "" if least == -np.inf else f" of at least {least:g}"
        raise ValueError(f"'{what}' has {_shown(value)} where a number{above} stands")
    return value


def _numbers(value: Any, what: str, p: int, least: float = -np.inf, null: float | None = None) -> Array:
    if not isinstance(value, list) or len(value) != p:
        raise ValueError(f"'{what}' is no list of {p} numbers, one for each feature")
    return np.array([_number(entry, what, least, null) for entry in value], dtype=np.float64)


def _per_feature(
    value: Any, what: str, p: int, least: float = -np.inf, null: float | None = None
) -> PerFeature:
    if isinstance(value, list):
        return _numbers(value, what, p, least, null)
    return _number(value, what, least, null)


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
    _names([column.name for column in found.columns], "encoding")
    _same(record, found.to_dict(), "encoding", older=schema < 3)
    if found.features != features:
        raise ValueError("'encoding' makes other features than 'features' names")
    return found


def _missing(record: Any, p: int, schema: int) -> Missing | None:
    if record is None:
        return None
    from equipoise.data.frames.gaps import Missing

    if not isinstance(record, dict):
        raise ValueError("'missing' is no record of missing values")
    rows, dropped = _count(record["rows"], "rows"), _count(record["dropped"], "dropped")
    roles = record.get("roles", [])
    _counts(record["counts"], "counts")
    _counts(roles, "roles")
    means = _numbers(record["means"], "means", p if record["policy"] == "mean" else 0)
    reasons = roles if record["policy"] == "mean" else record["counts"]
    if dropped > min(rows, sum(number for _, number in reasons)):
        raise ValueError("'missing' says that other rows were dropped than values were missing")
    found = Missing.from_dict(record | {"means": means.tolist()})
    _same(record, found.to_dict(), "missing", older=schema < 3)
    return found


def _counts(value: Any, what: str) -> None:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise ValueError(f"'{what}' has not a name and a number in each place")
    for name, number in value:
        _text(name, what)
        _count(number, what, 1)


def _named(record: Any, encoding: Encoding | Formula | None) -> dict[str, str]:
    if not isinstance(record, dict) or record.keys() != {*ROLES.values()}:
        raise ValueError("'columns' has not the entries target, weights and offset")
    there = {argument: record[role] for argument, role in ROLES.items() if record[role] is not None}
    named = {argument: _text(name, "columns") for argument, name in there.items()}
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
        _text(record[name], name, 10 * LONGEST)
    _count(record["rows"], "rows", 1)
    try:
        aware = datetime.fromisoformat(record["when"]).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise ValueError(f"'when' is {_shown(record['when'])}, no time with its zone as ISO 8601 writes it")
    return record


def _same(record: Any, again: Any, where: str, *, older: bool = False) -> None:
    """Refuse a record that does not say what its model says again; an older one may lack entries."""
    if isinstance(record, dict) and isinstance(again, dict):
        if record.keys() - again.keys() or (not older and again.keys() - record.keys()):
            raise ValueError(f"'{where}' has not the entries {', '.join(again)}")
        for name, value in record.items():
            _same(value, again[name], where, older=older)
        return
    if isinstance(record, list) and isinstance(again, list) and len(record) == len(again):
        for one, other in zip(record, again, strict=True):
            _same(one, other, where, older=older)
        return
    if type(record) is not type(again) or record != again:
        raise ValueError(f"'{where}' has {_shown(record)} where {_shown(again)} stands")


def _shown(value: Any) -> str:
    """A value of JSON in a message, cut short."""
    words: dict[type, Callable[[Any], str]] = {
        type(None): lambda _: "null",
        bool: lambda flag: str(flag).lower(),
        list: lambda entries: f"a list of {len(entries)}",
        dict: lambda _: "an object",
        int: lambda number: str(number) if abs(number) < 2**63 else "a number beyond 64 bits",
    }
    text = words.get(type(value), repr)(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
