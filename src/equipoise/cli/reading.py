"""From FILE and the columns named on the command line to the arguments of the API's verbs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.cli.fold_columns import as_folds, as_groups, count_folds, folds_column
from equipoise.cli.gathering import gather_from, is_gathered
from equipoise.cli.printing import note
from equipoise.data.arguments.messages import count
from equipoise.data.disk.mapped import Mapped
from equipoise.data.files.arrow_files import is_arrow_file, is_numeric_type
from equipoise.data.files.files import read_table
from equipoise.data.files.queries import is_query
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.data.frames.columns import pick_columns, read_column
from equipoise.data.stream.open_source import is_several
from equipoise.data.stream.read_whole import read_whole
from equipoise.data.text.reading import PLAIN, Reading
from equipoise.results.fit.roles import check_exposure
from equipoise.results.fit.targets import Target, coded

Array = NDArray[np.float64]

SQUARED = Target()  # what verbs read that have no choice of a loss

FORMULA_IN_BATCHES = (
    "--formula is not for data that are read in batches: name columns by --target, --features"
)


@dataclass(frozen=True, eq=False)
class Data:
    """A table taken apart into features, target, weights, offset and folds.

    Attributes
    ----------
    X : pyarrow.Table, ModelMatrix, Mapped or Gathered
        The features.
    y : (n,) array or column, or None
        The target, a column where it may hold labels; None for Gathered, which holds its sums.
    weights, offset, exposure : (n,) array or None
        None where no column was named.
    origin : str
        The source and the columns' roles, in words.
    folds : int, str, (n,) array or None
        How many folds, blocks in order, or the fold that holds each row out; None where Gathered has its own.
    groups : (n,) array or None
        The group of each row; None where no column was named.
    reference : "binary", dict of str to str, or None
        Which level of a column of text makes no feature; settled already in Gathered.
    """

    X: Any
    y: Any
    weights: Array | None
    offset: Array | None
    origin: str
    folds: int | str | NDArray[Any] | None = None
    reference: str | dict[str, str] | None = "binary"
    groups: NDArray[Any] | None = None
    exposure: Array | None = None

    @property
    def fold_count(self) -> int:
        """The number of folds."""
        return len(self.X.moments) if self.folds is None else count_folds(self.folds)

    @property
    def names(self) -> list[str]:
        """Names of the columns, or of a formula's terms."""
        return list(getattr(self.X, "column_names", None) or self.X.features)

    def features(self, missing: str = "error") -> tuple[Sequence[str], Any]:
        """Names of the features, and how the columns of a table became features.

        `missing` is the policy: dropping rows can drop levels of a category with them.
        """
        from equipoise.data.formula.formulas import ModelMatrix
        from equipoise.data.formula.missing import drop_rows
        from equipoise.data.frames.features import read_features
        from equipoise.sums.gathered import Gathered

        if isinstance(self.X, ModelMatrix | Mapped):
            return self.X.features, None
        if isinstance(self.X, Gathered):
            return self.X.features, self.X.encoding
        assert self.y is not None
        X = self.X
        if missing != "error":
            X = drop_rows(X, coded(self.y), self.offset, self.weights, features=missing == "drop").X
        read = read_features(X, finite=False, reference=self.reference)
        return read.names, read.encoding

    def describe(self, features: int) -> str:
        """Rows, features and origin in words; `features` is their number."""
        columns = len(self.X.encoding.columns) if self.y is None else getattr(self.X, "num_columns", features)
        encoded = f" ({count(columns, 'column')})" if columns != features else ""
        rows = len(self.y) if self.y is not None else self.X.rows + (self.X.gaps or (0,))[0]
        return f"{count(rows, 'row')} × {count(features, 'feature')}{encoded} {self.origin}"


def read_data(
    source: str,
    target: str,
    *,
    weights: str | None = None,
    offset: str | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] | None = None,
    reference: str | dict[str, str] | None = "binary",
    missing: str = "error",
    folds: int | str | None = None,
    groups: str | None = None,
    reading: Reading = PLAIN,
    in_memory: bool = False,
    exposure: str | None = None,
    reads: Target = SQUARED,
) -> Data:
    """Read a table and take it apart.

    `folds` is a number of folds, blocks in order or the column that says them; with `in_memory` an Arrow
    file is read, not mapped; `reads` says how the target is read; the other arguments are as on the command
    line.
    """
    named: dict[str, Any] = {"target": target, "weights": weights, "offset": offset, "exposure": exposure}
    roles = _roles(**named, folds=folds_column(folds), groups=groups)
    table = read_source(source, reading)
    known = set(table.column_names)
    column = folds_column(folds, known)
    keep, left_out = split_names(features or (), known), split_names(drop or (), known)
    _refuse_roles(roles, keep, left_out)
    whole = missing == "error"
    y = reads.read(table, target, finite=whole)
    s = None if weights is None else read_column(table, weights, role="weights column", finite=whole)
    o = None if offset is None else read_column(table, offset, role="offset column", finite=whole)
    time = None if exposure is None else read_column(table, exposure, role="exposure column", finite=whole)
    fold = folds if column is None else as_folds(table, column, whole)
    group = None if groups is None else as_groups(table, groups, whole)
    if isinstance(y, np.ndarray) and str(table.schema.field(target).type) == "bool":
        note(f"target '{target}' holds true and false, which count as 1 and 0")
    X = pick_columns(table, keep=keep or None, drop=[*(() if keep else roles), *left_out])
    mapped = is_arrow_file(source) and missing == "error" and not in_memory
    if mapped and all(is_numeric_type(kind) for kind in X.schema.types):
        X = Mapped(X)  # its columns stay where they are
    return Data(X, y, s, o, f"from {_origin(source)}; {_roles_text(roles)}", fold, reference, group, time)


def read_formula(
    source: str,
    formula: str,
    *,
    weights: str | None = None,
    offset: str | None = None,
    missing: str = "error",
    folds: int | str | None = None,
    groups: str | None = None,
    reading: Reading = PLAIN,
    exposure: str | None = None,
    reads: Target = SQUARED,
) -> Data:
    """Read a table as a formula says; the other arguments are those of `read_data`."""
    if missing == "mean":
        raise ValueError("--missing mean is not for a formula, whose terms would have no values: use drop")
    from equipoise.data.formula.formulas import build_model_matrix

    named: dict[str, Any] = {"weights": weights, "offset": offset, "exposure": exposure}
    roles = _roles(**named, folds=folds_column(folds), groups=groups)
    table = read_source(source, reading)
    folds_column(folds, table.column_names)
    X, y = build_model_matrix(
        formula, pick_columns(table, drop=roles) if roles else table, "drop" if missing == "drop" else "error"
    )
    columns: dict[str, NDArray[Any]] = {}
    for name, role in roles.items():
        if role in ("folds", "groups"):
            values = (as_folds if role == "folds" else as_groups)(table, name, missing != "drop")
        else:
            values = read_column(table, name, role=f"{role} column", finite=missing != "drop")
        columns[role] = values if X.kept is None else values[X.kept]
    told = ", ".join([formula, *(f"{role} {name}" for name, role in roles.items())])
    return Data(
        X,
        y,
        columns.get("weights"),
        columns.get("offset"),
        f"from {_origin(source)}; {told}",
        columns.get("folds", folds),
        groups=columns.get("groups"),
        exposure=columns.get("exposure"),
    )


def read_either(
    source: str,
    target: str | None,
    formula: str | None,
    *,
    features: Sequence[str] | None,
    drop: Sequence[str] | None,
    reference: Sequence[str] | None,
    memory: str | None = None,
    checkpoint: str | None = None,
    reads: Target = SQUARED,
    exposure: str | None = None,
    **asked: Any,
) -> Data:
    """Read a table by its target or by a formula, one of which has to be given.

    A folder, a pattern, `memory` or `checkpoint` asks for reading in batches, unless the loss needs the rows;
    the rest is as in `read_data`.
    """
    batches = in_batches(source, memory, checkpoint, reads)
    of_rows: dict[str, Any] = {"reads": reads, "exposure": exposure}
    if formula is None:
        if target is None:
            instead = "" if batches else ", or write a --formula"
            raise ValueError(f"--target is missing: name the column to explain{instead}")
        asked |= {"features": features, "drop": drop, "reference": read_reference(reference)}
        if batches:
            check_exposure(reads.loss, exposure)
            return _read_in_batches(source, target, memory=memory, checkpoint=checkpoint, **asked)
        return read_data(source, target, **asked, **of_rows)
    if batches:
        raise ValueError(FORMULA_IN_BATCHES)
    replaced = {"--target": target, "--features": features, "--drop": drop, "--reference": reference}
    for option, given in replaced.items():
        if given:
            raise ValueError(f"{option} and --formula both say what is read: drop either")
    return read_formula(source, formula, **asked, **of_rows)


def in_batches(source: str, memory: str | None, checkpoint: str | None, reads: Target) -> bool:
    """Whether a source is read in batches; one whose loss needs the rows is read whole, or refused."""
    if not reads.needs_rows:
        return is_gathered(source, memory, checkpoint)
    if memory is not None or checkpoint is not None:
        option = "--memory" if memory is not None else "--checkpoint"
        raise ValueError(
            f"loss={reads.loss.label!r} needs the rows themselves, and {option} reads FILE in batches, of "
            "which only sums are kept: leave it out, and FILE is read whole"
        )
    return False


def _read_in_batches(
    source: str,
    target: str,
    *,
    weights: str | None,
    offset: str | None,
    folds: int | str | None,
    groups: str | None,
    features: Sequence[str] | None,
    drop: Sequence[str] | None,
    reference: str | dict[str, str] | None,
    **asked: Any,
) -> Data:
    """Read a table once, in batches; the rest is as in `gather_from`."""
    if isinstance(folds, str) and folds_column(folds) is None:
        raise ValueError(
            f"--folds {folds} holds out rows after those before, and FILE is read in batches, whose folds "
            "are held out from all others: name a column of folds, or read one file whole"
        )
    roles = _roles(target=target, weights=weights, offset=offset, folds=folds, groups=groups)
    keep, left_out = split_names(features or ()), split_names(drop or ())
    _refuse_roles(roles, keep, left_out)
    columns = ColumnChoice(features=keep or None, drop=left_out, reference=reference)
    named: dict[str, Any] = {"folds": folds, "groups": groups, "weights": weights, "offset": offset}
    found = gather_from(source, target, columns=columns, **named, **asked)
    return Data(found, None, None, None, f"from {_origin(source)}, read in batches; {_roles_text(roles)}")


def read_reference(given: Sequence[str] | None) -> str | dict[str, str] | None:
    """Which level of a column of text makes no feature, as the API's verbs take it.

    Examples
    --------
    >>> read_reference(["city=Oslo"]), read_reference(["none"]), read_reference(None)
    ({'city': 'Oslo'}, None, 'binary')
    """
    if not given:
        return "binary"
    if list(given) == ["none"]:
        return None
    found: dict[str, str] = {}
    for text in given:
        name, equals, level = text.partition("=")
        if not equals:
            raise ValueError(f"--reference is '{text}': write column=level, or none alone")
        if name in found:
            raise ValueError(f"--reference names '{name}' twice: keep one")
        found[name] = level
    return found


def read_source(source: str, reading: Reading = PLAIN, known: Mapping[str, bool] | None = None) -> Any:
    """Read a file, an SQL query, or, for ``-``, CSV from standard input; returns a pyarrow table.

    `known` says of the columns of a model whether they are numeric.
    """
    with on_disk(source) as file:
        if is_several(file):
            return read_whole(file, reading, known)
        return read_table(file, reading, known)


@contextmanager
def on_disk(source: str) -> Iterator[str]:
    """The source; standard input, ``-``, is a file for the while, which errors do not name."""
    if source != "-":
        yield source
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, "stdin.csv")
        path.write_bytes(open_stdin().read())
        try:
            yield str(path)
        except ValueError as error:
            raise ValueError(str(error).replace(str(path), "standard input")) from None


def open_stdin() -> IO[bytes]:
    """Standard input as bytes."""
    return sys.stdin.buffer


def _origin(source: str) -> str:
    """The source in words."""
    if source == "-":
        return "standard input"
    return "the query" if is_query(source) else source


def _roles(**columns: str | int | None) -> dict[str, str]:
    """The role of each named column that is no feature; a number of folds names no column."""
    roles: dict[str, str] = {}
    for role, name in columns.items():
        if not isinstance(name, str):
            continue
        if name in roles:
            raise ValueError(f"column '{name}' is named both as {roles[name]} and as {role}: choose one")
        roles[name] = role
    return roles


def _refuse_roles(roles: dict[str, str], features: Sequence[str], drop: Sequence[str]) -> None:
    """Refuse a column that has a role among the features, or among those to drop from them."""
    for name, role in roles.items():
        if name in features:
            raise ValueError(f"column '{name}' is the {role}: it cannot be a feature too")
        if name in drop:
            raise ValueError(f"column '{name}' is the {role}, which is no feature: leave it out of --drop")


def _roles_text(roles: dict[str, str]) -> str:
    """The roles in words."""
    return ", ".join(f"{role} {name}" for name, role in roles.items())


def split_names(given: Sequence[str], known: Collection[str] = ()) -> list[str]:
    """Names as written, each a known name or several with commas between them."""
    names: list[str] = []
    for text in given:
        parts = [text] if text in known else text.split(",")
        names += [part if part in known else part.strip() for part in parts]
    return names
