"""Data for a saved model: rows to predict for, or those that it was fitted to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from equipoise.cli.gathering import gather_from, is_gathered, read_batches
from equipoise.cli.reading import in_batches, on_disk, read_source, split_names
from equipoise.data.arguments.messages import suggestion
from equipoise.data.files.files import csv_texts, kind_of_file
from equipoise.data.files.queries import is_query
from equipoise.data.frames.column_choice import EVERY_COLUMN, ColumnChoice
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.data.frames.gaps import Missing as Record
from equipoise.data.text.names import nfc
from equipoise.data.text.reading import Reading
from equipoise.results.fit.kinds import check_kind
from equipoise.results.fit.predictions import linear_predictors
from equipoise.results.fit.roles import ROLES, Known, check_exposure, missing_values_told
from equipoise.results.fit.targets import Target, target_of_model

if TYPE_CHECKING:
    from equipoise.cli.options import Missing
    from equipoise.cli.text_options import TextOptions
    from equipoise.results.fit.deviance_score import DevianceScore
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score

Result = TypeVar("Result")

PREDICTION = "prediction"
NEUTRAL = {"offset": 0, "exposure": 1}  # what leaves a role out


def load_model(file: str) -> Fit:
    """Read one model; a ValueError refuses the file of a path or of a cross-validation, which hold many."""
    from equipoise.api.load import load
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.path.result import Path

    found = load(file)
    if isinstance(found, Path | CrossValidation):
        what, one = "path", "at(strength)"
        if isinstance(found, CrossValidation):
            what, one = "cross-validation", "one_se" if "one-se" in found.choices else "best"
        raise ValueError(
            f"{file} holds a {what}, not one model: save one of its models in Python, "
            f"load({file!r}).{one}.save('model.json')"
        )
    return found


def predictions(
    source: str,
    model: Fit,
    known: tuple[str | None, str | None],
    unseen: Literal["error", "zero"],
    text: TextOptions,
    *,
    kind: Literal["mean", "link", "class"] = "mean",
    keep: Sequence[str] = (),
    missing: Literal["error", "nan"] = "error",
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Predict for each row of a source, batch by batch for a folder or pattern.

    `known` are the columns of offset and exposure, "0" and "1" for nothing, or None for those that the model
    was fitted with; `unseen` says what to do with a category that the fit did not see;
    `keep` names the columns that are to stand before the predictions. Returns the header, and for each row
    its entries in those columns and its prediction, which with `missing` "nan" is None where a value is
    missing.
    """
    check_kind(kind, model.kind, model.levels)

    def predict(table: Any) -> list[Any]:
        with missing_values_told():
            names, values = _known_of(model, table, *known, finite=missing == "error")
        X = _features_of(model, table, names)
        found = model.predict(X, kind=kind, **values._asdict(), unseen=unseen, missing=missing)
        return [None if value != value else value for value in found.tolist()]  # NaN is an empty entry

    rows = _with_predictions(source, reading_for(model, text), predict, keep)
    header = next(rows)
    return list(header), rows


def _with_predictions(
    source: str,
    reading: tuple[Reading, dict[str, bool] | None],
    predict: Callable[[Any], list[Any]],
    keep: Sequence[str],
) -> Iterator[tuple[Any, ...]]:
    """The header, then each row; entries of a CSV file as they are written there, others as their values."""
    names: list[str] | None = None
    texts: Iterator[tuple[Any, ...]] = iter(())
    with on_disk(source) as file:
        for place, row, table, found in _each_table(file, reading, predict):
            if names is None:
                names = _names_to_keep(keep, table.column_names)
                yield (*names, PREDICTION)
            if not names:
                yield from zip(found, strict=True)
                continue
            if not is_query(place) and kind_of_file(Path(place)) == "CSV":
                texts = csv_texts(place, names) if row == 0 else texts
                kept = [*islice(texts, len(found))]
            else:
                kept = [*zip(*(table.column(name).to_pylist() for name in names), strict=True)]
            if len(kept) != len(found):
                raise ValueError(f"{place} was changed while it was read: predict again")
            yield from ((*entries, value) for entries, value in zip(kept, found, strict=True))
    if names is None:
        yield (*split_names(keep), PREDICTION)


def _names_to_keep(keep: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns to keep, each once."""
    names = list(dict.fromkeys(map(nfc, split_names(keep, columns))))
    for name in names:
        if name not in columns:
            raise ValueError(f"--keep names '{name}', which is no column: {suggestion(name, columns)}")
    if PREDICTION in names:
        raise ValueError(
            f"--keep names '{PREDICTION}', as the predictions are called: give the column another name in a "
            f'query, "select *, {PREDICTION} as old from …"'
        )
    return names


def score_of(
    source: str,
    model: Fit,
    *,
    target: str | None,
    weights: str | None,
    offset: str | None,
    exposure: str | None,
    unseen: Literal["error", "zero"],
    missing: Literal["error", "drop"],
    text: TextOptions,
) -> Score | DevianceScore:
    """Score a model on the rows of a source, in one pass, batch by batch for a folder or pattern.

    `target` and `weights` name columns; `offset` and `exposure` are the `known` of `predictions`.
    """
    from equipoise.results.fit.score import no_sums, refuse_other_response, sums_of

    target = _target_of(model, target)
    refuse_other_response(model.encoding, target)
    of_known = (
        model.columns["offset"] if offset is None else offset,
        model.columns["exposure"] if exposure is None else exposure,
    )
    roles = [name for name in (target, weights, *of_known) if name is not None]
    for name in roles:
        if roles.count(name) > 1:
            raise ValueError(f"column '{name}' is named in two roles: choose one")

    shifted, finite = False, missing == "error"

    def sums(table: Any) -> Any:
        nonlocal shifted
        with missing_values_told("pass missing='drop' to leave them out of the score"):
            y = target_of_model(model, table, target, finite=finite)
            names, known = _known_of(model, table, offset, exposure, finite)
            s = None if weights is None else read_column(table, weights, role="weights column", finite=finite)
            X = _features_of(model, table, (target, weights, *names))
            eta = linear_predictors(model, X, known, unseen, "error" if finite else "nan")
            shift = known.on(len(eta), finite=finite)
        shifted = shifted or bool(np.any(0.0 if shift is None else shift))
        return sums_of(model, y, eta, shift, s, missing, batch=True)

    with on_disk(source) as file:
        parts = (found for *_, found in _each_table(file, reading_for(model, text), sums))
        total = sum(parts, no_sums(model))
    return total.score(model.null_prediction, shifted)


def _each_table(
    source: str, reading: tuple[Reading, dict[str, bool] | None], work: Callable[[Any], Result]
) -> Iterator[tuple[str, int, Any, Result]]:
    """The table of a source, or each batch of a folder or pattern, and what `work` makes of it.

    They come with the file, and the place of their first row there, which a mistake in a batch names, too.
    """
    if not is_gathered(source, None, None):
        table = read_source(source, *reading)
        yield source, 0, table, work(table)
        return
    for name, row, table in read_batches(source, *reading):
        try:
            found = work(table)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{name}, rows from {row}: {error}") from None
        yield name, row, table, found


def _known_of(
    model: Fit, table: Any, offset: str | None, exposure: str | None, finite: bool = True
) -> tuple[list[str], Known]:
    """The columns of offset and exposure, and their values, or a number, or None where there is none."""
    check_exposure(model.kind, exposure)
    shift = _one_known(model, table, "offset", offset, finite)
    time = _one_known(model, table, "exposure", exposure, finite)
    return [name for name in (shift[0], time[0]) if name is not None], Known(shift[1], time[1])


def _one_known(model: Fit, table: Any, role: str, given: str | None, finite: bool) -> tuple[str | None, Any]:
    """The column of a role, and its values, or the number that was given for it."""
    names, neutral = table.column_names, NEUTRAL[role]
    if given is None and getattr(model, role):
        given = model.columns[role]
        if given not in names:
            known = "" if given is None else f" (column '{given}', which is not here)"
            raise ValueError(
                f"the model was fitted with an {role}{known}: say --{role} COLUMN, or --{role} {neutral} on "
                "purpose"
            )
    if given is None:
        return None, None
    if given not in names:
        number = _number(given)
        if number is not None and (role == "exposure" or number == 0):
            return None, number
    return given, read_column(table, given, role=f"{role} column", finite=finite)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _target_of(model: Fit, target: str | None) -> str:
    """The column to explain: the one that is named, or the model's."""
    found = target or model.columns["target"]
    if found is None:
        raise ValueError("--target is missing, and the model does not know it: name the column to explain")
    return found


def read_for_model(
    source: str,
    model: Fit,
    *,
    target: str | None,
    weights: str | None,
    offset: str | None,
    exposure: str | None,
    memory: str | None,
    checkpoint: str | None,
    missing: Missing | None,
    text: TextOptions,
) -> tuple[Fit, dict[str, Any]]:
    """Read the data that a model was fitted to; returns it, and X, y and their roles for its methods.

    The columns of `target`, `weights`, `offset` and `exposure` and the policy for `missing` values are those
    of the fit where they are None; the rest is as on the command line.
    """
    target = _target_of(model, target)
    weights, offset = weights or model.columns["weights"], offset or model.columns["offset"]
    exposure = exposure or model.columns["exposure"]
    if missing is not None and missing.value != _policy(model):
        record = None if missing.value == "error" else Record(missing.value, 0, 0, ())
        model = replace(model, missing=record)
    reads = Target(model.kind)
    if in_batches(source, memory, checkpoint, reads):
        from equipoise.data.formula.formulas import Formula

        if isinstance(model.encoding, Formula):
            raise ValueError("the model has a formula, which is not for data that are read in batches")
        encoding = model.encoding
        if encoding is not None:
            encoding = replace(encoding, reading=reading_for(model, text)[0])
        found = gather_from(
            source,
            target,
            folds=None,
            weights=weights,
            offset=offset,
            columns=ColumnChoice(features=model.features) if encoding is None else EVERY_COLUMN,
            memory=memory,
            checkpoint=checkpoint,
            reading=text.reading,
            encoding=encoding,
            missing="drop" if _policy(model) == "drop" else "error",
        )
        return model, {"X": found, "y": None, "sample_weight": None, "offset": None}
    table = read_source(source, *reading_for(model, text))
    roles = {"sample_weight": weights, "offset": offset, "exposure": exposure}
    whole = _policy(model) == "error"
    read: dict[str, Any] = {
        argument: None
        if name is None
        else read_column(table, name, role=f"{ROLES[argument]} column", finite=whole)
        for argument, name in roles.items()
    }
    read["y"] = reads.read(table, target, finite=whole)
    return model, {"X": _features_of(model, table, (target, weights, offset, exposure)), **read}


def _policy(model: Fit) -> str:
    """What the fit did about missing values."""
    return "error" if model.missing is None else model.missing.policy


def reading_for(model: Fit, text: TextOptions) -> tuple[Reading, dict[str, bool] | None]:
    """How the text of data for a model is read, and for its columns, whether they are numeric."""
    if model.encoding is None:
        return text.reading, None
    known = {column.name: column.kind == "numeric" for column in model.encoding.columns}
    return text.reading_of(model.encoding.reading, known), known


def _features_of(model: Fit, table: Any, others: Iterable[str | None]) -> Any:
    """The model's columns of a table; all in their order where a model of an array knows no such names."""
    if model.encoding is not None:
        return table
    if set(model.features) <= set(table.column_names):
        return pick_columns(table, keep=model.features)
    return pick_columns(table, drop=[name for name in others if name is not None])
