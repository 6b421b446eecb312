"""The encoding of a source's columns as features; columns of text are scanned for what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from equipoise.data.arguments.messages import quoted, suggestion
from equipoise.data.files.headers import line_of_row
from equipoise.data.frames.categories import (
    as_text,
    check_reference,
    declared_order,
    is_index,
    refuse_identifier,
    refuse_unused,
    with_reference,
)
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.data.frames.columns import columns_of, kind_of, open_frame, pick_columns
from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.stream.arrow_columns import complete_part
from equipoise.data.stream.piece import Piece
from equipoise.data.stream.source import Source
from equipoise.data.text.arrow_text import is_text, profile_of, with_nulls
from equipoise.data.text.forms import Profile
from equipoise.data.text.kinds import (
    Kind,
    Unclear,
    every_dot,
    kind_of_text,
    may_be_thousands,
    refuse_numbers_among_levels,
)
from equipoise.data.text.reading import Form, Reading, is_untyped

Place: TypeAlias = tuple[str, int, bool]


def learn_encoding(
    first: Any,
    source: Source,
    roles: Sequence[str],
    choice: ColumnChoice,
    reading: Reading,
    needed: Sequence[str] | None = None,
    labels: Sequence[str] = (),
) -> Encoding:
    """Return the encoding of the columns that are features; columns of text are scanned.

    Parameters
    ----------
    first : pyarrow.RecordBatch
        The first batch of the source.
    source : Source
        The source.
    roles : sequence of str
        Columns that are not features: the target, weights, offset and folds.
    choice : ColumnChoice
        Which columns are features, and the levels of text.
    reading : Reading
        How text is read.
    needed : sequence of str, optional
        Columns beside the features without which a row is dropped, and its levels with it; None where no row
        is.
    labels : sequence of str
        The roles whose columns may hold text.

    Returns
    -------
    Encoding
        The columns in the order of ``choice.features``, by default of the source.

    Raises
    ------
    ValueError, TypeError
        If a column does not exist, is neither numbers nor text, or is text in a source that can be read only
        once.
    """
    import pyarrow as pa

    check_reference(choice.reference, choice.categories)
    table = pa.Table.from_batches([first])
    kinds = _kinds(table, roles, choice, reading)
    fixed = choice.categories or {}
    texts = [name for name, kind in kinds.items() if kind == "category" and name not in fixed]
    numeric = [name for name in roles if name not in labels]
    text_roles = [name for name in numeric if is_text(table.schema.field(name).type)]
    if texts and not source.repeatable:
        raise ValueError(
            f"columns {quoted(texts)} are text, whose levels have to be found before the rows are summed up, "
            "but the source can be read only once: pass their levels by categories, or a file, a query or a "
            "frame, or drop them"
        )
    whole = () if needed is None else (*kinds, *needed)
    levels, found = _scan(source, texts, text_roles, reading, whole, typed=not is_untyped(first))
    columns = []
    for name, series in columns_of(open_frame(table.select(list(kinds)))).items():
        if kinds[name] == "numeric" or found.get(name, "text") != "text":
            columns.append(Column(name, "numeric"))
        else:
            given = fixed.get(name) or _in_order(name, levels[name], declared_order(series))
            columns.append(with_reference(name, given, choice.reference))
    refuse_unused(columns, choice.reference, choice.categories)
    forms = {name: kind for name, kind in found.items() if isinstance(kind, Form)}
    return Encoding(tuple(columns), reading.found(forms))


def _kinds(table: Any, roles: Sequence[str], choice: ColumnChoice, reading: Reading) -> dict[str, str]:
    """Whether each column that is a feature is "numeric" or a "category", by its type."""
    names = list(table.column_names)
    for name in roles:
        if name not in names:
            raise ValueError(f"there is no column '{name}': {suggestion(name, names)}")
    for name in choice.features or ():
        if name in roles:
            raise ValueError(f"column '{name}' has another role: it cannot be a feature too")
    reading.refuse_unknown(names)
    others = [] if choice.features else [*roles, *(n for k, n in enumerate(names) if is_index(n, k))]
    picked = pick_columns(table, keep=choice.features, drop=[*others, *choice.drop])
    kinds: dict[str, str] = {}
    for name, series in columns_of(open_frame(picked)).items():
        kind = kind_of(series)
        if kind is None:
            raise TypeError(
                f"column '{name}' holds {table.schema.field(name).type}, neither numbers nor text: drop it"
            )
        kinds[name] = "category" if name in reading.as_text else kind
    if not kinds:
        raise ValueError("no column is left to be a feature: drop fewer columns")
    return kinds


def _scan(
    source: Source,
    texts: Sequence[str],
    roles: Sequence[str],
    reading: Reading,
    whole: tuple[str, ...],
    *,
    typed: bool,
) -> tuple[dict[str, set[str]], dict[str, Kind]]:
    """The levels of columns of text, and what each column of text holds, from one pass or two.

    Levels are those of rows in which no column of ``whole`` is missing.
    """
    names = [*dict.fromkeys([*texts, *roles])]
    if not names:
        return {}, {}
    scanned = source.reduce(_Scan(tuple(names), reading, whole, typed), _join, _united(names, whole))
    if scanned is None or not scanned.rows:
        raise ValueError(f"{source.name} has no rows: at least one is needed")
    kinds: dict[str, Kind] = {}
    for name, profile in scanned.profiles.items():
        with suppress(Unclear) if name in roles else _placed(source, name):  # a role's row is named later
            kinds[name] = kind_of_text(profile, name, reading, typed=typed and name not in roles)
    for name, profile in scanned.profiles.items():
        if name in kinds and may_be_thousands(profile, kinds, name, reading):
            raise ValueError(every_dot(name).at(f"column '{name}'", ""))
    again = [n for n in texts if kinds.get(n) == "text" and not scanned.profiles[n].all_held]
    levels = {**scanned.levels, **(_levels(source, again, reading, whole, typed) if again else {})}
    for name in texts:
        if kinds.get(name, "text") != "text":
            continue
        if not levels[name]:
            rows = "any row without missing values" if whole else "any row"
            raise ValueError(f"column '{name}' has no value in {rows}: drop it")
        if name in kinds and name not in reading.as_text:
            profile = scanned.profiles[name]
            in_order = [*profile.others, *sorted(levels[name] - profile.others.keys())]
            with _placed(source, name):
                refuse_numbers_among_levels(in_order, name, reading)
            refuse_identifier(name, len(in_order), scanned.rows, profile.total)
    return levels, kinds


@contextmanager
def _placed(source: Source, name: str) -> Iterator[None]:
    """Name the column, and the place of the value, if it is not clear what a column holds."""
    try:
        yield
    except Unclear as unclear:
        where = "" if unclear.value is None else _place(source, name, unclear.value)
        raise ValueError(unclear.at(f"column '{name}'", where)) from None


def _in_order(name: str, levels: set[str], order: Sequence[str]) -> tuple[str, ...]:
    """Levels sorted, or in the order of an ordered type."""
    if not order:
        return tuple(sorted(levels))
    others = sorted(levels - {*order})
    if others:
        raise ValueError(
            f"column '{name}' is of an ordered type, but level '{others[0]}' is not in that of the first "
            "rows: give it one type in all rows"
        )
    return tuple(level for level in order if level in levels)


@dataclass
class _Scanned:
    """What a scan of columns of text found: rows, profiles of plain text, and levels."""

    rows: int
    profiles: dict[str, Profile]
    levels: dict[str, set[str]]


@dataclass(frozen=True)
class _Scan:
    """Scans a piece, wherever it lies."""

    names: tuple[str, ...]
    reading: Reading
    whole: tuple[str, ...]
    typed: bool

    def __call__(self, piece: Piece) -> _Scanned:

        found = _Scanned(0, {}, {name: set() for name in self.names})
        for batch in piece.open(_united(self.names, self.whole)):
            found.rows += batch.num_rows
            part, *_ = complete_part(batch, self.whole, self.reading)
            for name in self.names:
                column = part.column(name)
                if is_text(column.type):
                    # What a column holds is said by all rows, its levels by those that are complete.
                    profile = self._profile(batch.column(name))
                    found.profiles[name] = found.profiles.get(name, Profile()) + profile
                    profile = profile if part is batch else self._profile(column)
                    found.levels[name].update(profile.others)
                else:
                    found.levels[name].update(_distinct(column))
        return found

    def _profile(self, column: Any) -> Profile:
        import pyarrow as pa

        texts = with_nulls(pa.chunked_array([column]), self.reading.null, typed=self.typed)
        return profile_of(texts, self.reading.form)


def _united(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [*dict.fromkeys([*names, *others])]


def _join(some: _Scanned, others: _Scanned) -> _Scanned:
    profiles = {
        name: some.profiles.get(name, Profile()) + others.profiles.get(name, Profile())
        for name in {**some.profiles, **others.profiles}
    }
    levels = {name: some.levels[name] | others.levels[name] for name in some.levels}
    return _Scanned(some.rows + others.rows, profiles, levels)


def _distinct(column: Any) -> set[str]:
    """The distinct values of a column, as text."""
    import narwhals as nw
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    series = nw.from_native(pa.chunked_array([pc.unique(column)]), series_only=True)
    return {text for text in as_text(series) if text is not None}


def _levels(
    source: Source, names: Sequence[str], reading: Reading, whole: tuple[str, ...], typed: bool
) -> dict[str, set[str]]:
    """All distinct values of columns of text, those that look like numbers too, from one more pass."""
    read = partial(_piece_levels, scan=_Scan(tuple(names), reading, whole, typed))
    return source.reduce(read, _unite, _united(names, whole)) or {}


def _piece_levels(piece: Piece, scan: _Scan) -> dict[str, set[str]]:
    import pyarrow as pa

    found: dict[str, set[str]] = {name: set() for name in scan.names}
    for batch in piece.open(_united(scan.names, scan.whole)):
        part, *_ = complete_part(batch, scan.whole, scan.reading)
        for name in scan.names:
            column = part.column(name)
            if is_text(column.type):
                texts = with_nulls(pa.chunked_array([column]), scan.reading.null, typed=scan.typed)
                column = texts.combine_chunks()
            found[name].update(_distinct(column))
    return found


def _unite(some: Mapping[str, set[str]], others: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {name: some[name] | others[name] for name in some}


def _place(source: Source, name: str, value: str) -> str:
    """Where a value of a column first occurs, in words."""
    found = source.reduce(partial(_find, name=name, value=value), _first, [name])
    if found is None:
        return ""
    piece, row, is_text_file = found
    if is_text_file:
        return f"line {line_of_row(Path(piece), row)} of {piece}"
    return f"{piece} row {row}, counting from 0"


def _find(piece: Piece, name: str, value: str) -> Place | None:
    """The piece and the row in which a value first occurs, and whether the piece is a text file."""
    row = piece.row
    for batch in piece.open([name]):
        column = batch.column(name)
        place = column.index(value).as_py() if is_text(column.type) else -1
        if place >= 0:
            return piece.name, row + place, is_untyped(batch)
        row += batch.num_rows
    return None


def _first(some: Place | None, others: Place | None) -> Place | None:
    return others if some is None else some
