"""What a path file holds: solutions and certificates at its strengths, and what predictions need; no data."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.documents import SCHEMA, read_flags, read_indices, read_numbers
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.measures import Measures
from equipoise.results.event import Event
from equipoise.results.fit.model_file import OWN, model_record, shared_arguments
from equipoise.results.fit.result import Fit
from equipoise.results.plain import to_plain
from equipoise.results.report.recipe import call_of
from equipoise.setup.setup import Setup, under_strength
from equipoise.setup.unchanged import refuse_changed

if TYPE_CHECKING:
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]

VECTORS = Measures._fields[:-1]


@dataclass(frozen=True, eq=False)
class Kept:
    """What a path that was loaded from a file has in place of its data.

    Attributes
    ----------
    model : Fit
        What the models of all strengths share, under the penalty as it was passed; it has no coefficients.
    certificates : tuple of m Certificate
        The certificate of every point.
    sd : (k,) array
        Standard deviations of the features that are ever non-zero.
    events : tuple of Event or None
        None where nobody had looked at them when the path was saved.
    separating : tuple of str
        The features of the last model that separate the responses.
    """

    model: Fit
    certificates: tuple[Certificate, ...]
    sd: Array
    events: tuple[Event, ...] | None
    separating: tuple[str, ...] = ()

    def fit_at(self, path: Path, strength: float) -> Fit:
        """The model of one of the strengths of the path."""
        i = int(np.flatnonzero(path.strengths == strength)[0])
        coef = np.zeros(len(path.features))
        coef[path.ever] = path.values[i]
        coef.setflags(write=False)
        return replace(
            self.model,
            coef=coef,
            intercept=float(path.intercept[i]),
            l1=under_strength(strength, self.model.l1),
            l2=under_strength(strength, self.model.l2),
            limits=under_strength(strength, self.model.limits),
            certificate=self.certificates[i],
        )


def data_of(path: Path, what: str) -> Setup:
    """The data of a path, unchanged; a ValueError says that ``what`` needs them if they are absent."""
    if path.setup is None:
        raise ValueError(
            f"this path was loaded from a file, which holds no data: {what} would need them; compute the "
            "path again from the data"
        )
    last = np.zeros(len(path.features))
    last[path.ever] = path.values[np.argmin(path.strengths)]
    refuse_changed(path.setup, last)
    return path.setup


def knows_events(path: Path) -> bool:
    """Whether the events of a path are there without a search."""
    return "events" in vars(path) or (path.kept is not None and path.kept.events is not None)


def path_record(path: Path) -> dict[str, Any]:
    """A path as JSON takes it; of coefficients the non-zero ones, so that wide paths make no large file."""
    some = [np.flatnonzero(row) for row in path.values]
    return {
        "model": _shared(path),
        "strengths": to_plain(path.strengths),
        "intercept": to_plain(path.intercept),
        "ever": to_plain(path.ever),
        "sd": to_plain(path.sd),
        "coef": [
            {"features": to_plain(path.ever[used]), "values": to_plain(row[used])}
            for row, used in zip(path.values, some, strict=True)
        ],
        "certificates": {
            **{name: to_plain(getattr(path.measures, name)) for name in VECTORS},
            "support_proved": [certificate.support_proved for certificate in path.certificates],
            "unique": [certificate.unique for certificate in path.certificates],
            "status": [certificate.status.name for certificate in path.certificates],
            "zeros_proved": [_runs(flags) for flags in path.measures.zeros_proved],
        },
        "events": [event.to_dict() for event in path.events] if knows_events(path) else None,
        "separating": list(path.separating),
    }


def path_arguments(record: dict[str, Any], schema: int = SCHEMA) -> dict[str, Any]:
    """The arguments of the :class:`Path` that a path file holds; an error if it is not whole."""
    m = len(record["strengths"])
    strengths = _finite(record["strengths"], m)
    p = len(record["model"]["features"])
    certificates, measures = _read_certificates(record["certificates"], m, p)
    if not m or np.any(strengths < 0):
        raise ValueError("its strengths are none, or negative")
    first: dict[str, Any] = {"coef": np.zeros(p), "intercept": 0.0, "certificate": certificates[0]}
    model = Fit(**shared_arguments(record["model"], schema), **first)
    ever = _ascending(record["ever"], p)
    if len(record["coef"]) != m:
        raise ValueError("it has not coefficients for every strength")
    values = np.zeros((m, len(ever)))
    for row, coef in zip(values, record["coef"], strict=True):
        used = _ascending(coef["features"], p)
        if not np.isin(used, ever).all():
            raise ValueError("it has a coefficient of a feature that is never in")
        row[np.searchsorted(ever, used)] = _finite(coef["values"], len(used))
    events = record["events"]
    if events is not None and not isinstance(events, list):
        raise ValueError("its events are no list")
    separating = record.get("separating", [])  # files of earlier versions do not hold it
    if not isinstance(separating, list) or not all(name in model.features for name in separating):
        raise ValueError("the features that separate are none of its features")
    return {
        "strengths": strengths,
        "intercept": _finite(record["intercept"], m),
        "setup": None,
        "ever": ever,
        "values": values,
        "measures": measures,
        "kept": Kept(
            model,
            certificates,
            _finite(record["sd"], len(ever)),
            None if events is None else tuple(_read_event(event, model.features) for event in events),
            tuple(separating),
        ),
    }


def _shared(path: Path) -> dict[str, Any]:
    """What the models of all strengths share, under the penalty as it was passed."""
    if path.kept is not None:
        model = model_record(path.kept.model)
    else:
        top = path.at(float(path.strengths.max()))
        setup = top.setup
        assert setup is not None
        came = {**(top.provenance or {}), "call": call_of("path", setup)}
        asked = replace(top, l1=setup.l1, l2=setup.l2, limits=setup.problem.limits, origin=came)
        model = model_record(asked)
    return {name: value for name, value in model.items() if name not in OWN}


def _read_certificates(record: dict[str, Any], m: int, p: int) -> tuple[tuple[Certificate, ...], Measures]:
    """The certificates of m points of p features, and their measures."""
    flags = ("balanced", "precise")
    vectors: dict[str, Any] = {
        name: read_flags(record[name], m) if name in flags else read_numbers(record[name], m)
        for name in VECTORS
    }
    if len(record["zeros_proved"]) != m or len(record["status"]) != m:
        raise ValueError("it has not a certificate for every strength")
    zeros = np.array([_read_runs(runs, p) for runs in record["zeros_proved"]]).reshape(m, p)
    measures = Measures(**vectors, zeros_proved=zeros)
    support, unique = (read_flags(record[name], m) for name in ("support_proved", "unique"))
    return tuple(
        Certificate(
            gap=float(measures.gap[i]),
            relative_gap=float(measures.relative_gap[i]),
            violation=float(measures.violation[i]),
            intercept_violation=float(measures.intercept_violation[i]),
            zeros_proved=zeros[i],
            support_proved=bool(support[i]),
            unique=bool(unique[i]),
            status=Status[record["status"][i]],
        )
        for i in range(m)
    ), measures


def _read_event(record: Any, features: tuple[str, ...]) -> Event:
    names = [field.name for field in fields(Event)]
    # Files of earlier versions do not hold the accuracy.
    if not isinstance(record, dict) or {"accuracy": None, **record}.keys() != {*names}:
        raise ValueError(f"an event has not the entries {', '.join(names)}")
    event = Event(**record)
    kinds = ("enters", "leaves", "changes sign")
    if event.feature not in features or event.kind not in kinds or event.sign not in (-1, 1):
        raise ValueError("an event is none of this path")
    if type(event.strength) is not float:
        raise ValueError("the strength of an event is no number")
    if event.accuracy is not None and not (type(event.accuracy) is float and event.accuracy >= 0):
        raise ValueError("the accuracy of an event is no number from 0 on")
    return event


def _ascending(value: Any, below: int) -> NDArray[np.intp]:
    """Indices in ascending order."""
    found = read_indices(value, len(value), below)
    if np.any(np.diff(found) <= 0):
        raise ValueError("features are not in ascending order")
    return found


def _finite(value: Any, length: int) -> Array:
    """So many finite numbers."""
    found = read_numbers(value, length)
    if not np.isfinite(found).all():
        raise ValueError("a number is null")
    return found


def _runs(flags: NDArray[np.bool_]) -> list[int]:
    """Lengths of the runs of equal flags, the first of False: few numbers where few features are in doubt."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    lengths: list[int] = np.diff(edges, prepend=0, append=len(flags)).tolist()
    return [0, *lengths] if flags[0] else lengths


def _read_runs(runs: Any, p: int) -> NDArray[np.bool_]:
    lengths = read_indices(runs, len(runs), p + 1)
    if lengths.sum() != p:
        raise ValueError("it does not say of every feature whether it is proved zero")
    return np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
