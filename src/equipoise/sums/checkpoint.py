"""Checkpoints: the moments of every piece read so far, in files, so that an interrupted pass can resume."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.files.writing import write_atomically
from equipoise.sums.moments import Moments

VERSION = 3
FOLDS = 10_001  # most folds of a file: a column numbers them up to 10 000
ROUNDING = 1e-8  # of moments, beside the squares that they come from


class Checkpoint:
    """A folder with a file of moments for each piece.

    Parameters
    ----------
    folder : path
        The folder, created if it does not exist.
    asked : dict
        Roles, folds and encoding, JSON-able; files saved with others are refused.
    features, columns : int
        The numbers of features, p, and of the columns that they come from.
    """

    def __init__(
        self, folder: str | os.PathLike[str], asked: dict[str, Any], features: int, columns: int
    ) -> None:
        self.folder, self.features, self.columns = Path(folder), features, columns
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise type(error)(f"checkpoint {folder} cannot be made: {error.strerror}") from None
        self.asked = json.dumps({"version": VERSION, **asked}, sort_keys=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"piece-{number:06d}.moments"

    def save(
        self,
        number: int,
        piece: dict[str, Any],
        rows: int,
        parts: Sequence[Moments | None],
        gaps: NDArray[np.intp],
    ) -> None:
        """Write the moments of a piece atomically.

        Parameters
        ----------
        number : int
            Index of the piece in its source.
        piece : dict
            The piece's stamp, JSON-able.
        rows : int
            Number of its rows.
        parts : sequence of Moments or None
            Moments of each fold; None for a fold without rows.
        gaps : index array
            Numbers of rows dropped, and of missing values in each column, y, the offset and the weights.
        """
        held = {
            f"{fold}.{field.name}": getattr(part, field.name)
            for fold, part in enumerate(parts)
            if part is not None
            for field in fields(Moments)
        }
        stream = io.BytesIO()
        np.savez(stream, folds=len(parts), rows=rows, gaps=gaps, asked=self.asked, piece=_text(piece), **held)
        content = stream.getvalue()
        write_atomically(self._path(number), hashlib.sha256(content).digest() + content)

    def load(
        self, number: int, piece: dict[str, Any]
    ) -> tuple[int, list[Moments | None], NDArray[np.intp]] | None:
        """Return the rows, moments and gaps saved for a piece; None if there are none yet.

        Parameters
        ----------
        number : int
            Index of the piece in its source.
        piece : dict
            The piece's stamp now.

        Raises
        ------
        ValueError
            If the file is damaged, was saved by another release, for other data or with other roles, folds or
            encoding, or holds what no moments are.
        """
        path = self._path(number)
        if not path.exists():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            raise ValueError(f"checkpoint {path} is damaged: delete it, and its part is read again")
        # A checksum does not tell who wrote the file: what it holds is looked at all the same.
        try:
            held = _members(content[32:])
            asked, stamp = str(_scalar(held, "asked", "U")), str(_scalar(held, "piece", "U"))
            version = json.loads(asked).get("version")
        except (ValueError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError(
                f"checkpoint {path} is none that equipoise wrote ({_told(error)}): delete it, and its part "
                "is read again"
            ) from None
        if version != VERSION:
            raise ValueError(
                f"checkpoint {path} is of version {version!r}, and this release writes version {VERSION}: "
                "choose another folder, or delete this one"
            )
        if asked != self.asked or stamp != _text(piece):
            raise ValueError(
                f"checkpoint {path} is of other data or of another question: choose another folder, or "
                "delete this one"
            )
        try:
            return _read_parts(held, self.features, self.columns)
        except (ValueError, KeyError) as error:
            raise ValueError(
                f"checkpoint {path} does not hold the sums of any rows ({_told(error)}): delete it, and "
                "its part is read again"
            ) from None


def _members(content: bytes) -> dict[str, Any]:
    """The arrays in an ``.npz`` file as it is written here: not compressed, and without objects."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                raise ValueError("it is compressed")
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except (zipfile.BadZipFile, EOFError, OSError, MemoryError, OverflowError, SyntaxError):
        raise ValueError("it is no archive of arrays") from None


def _scalar(held: dict[str, Any], name: str, kind: str) -> Any:
    """One number or text of a file, of a kind of data type."""
    value = held[name]
    if value.shape != () or value.dtype.kind != kind:
        raise ValueError(f"'{name}' is of type {value.dtype} and shape {value.shape}")
    return value.item()


def _read_parts(
    held: dict[str, Any], p: int, columns: int
) -> tuple[int, list[Moments | None], NDArray[np.intp]]:
    """The number of rows in a file, the moments of each fold, and gaps, all of which must be possible."""
    rows, folds = _scalar(held, "rows", "i"), _scalar(held, "folds", "i")
    if not 0 < folds <= FOLDS or rows < 0:
        raise ValueError(f"it has {folds} folds and {rows} rows")
    gaps = _read_gaps(held["gaps"], columns, rows)
    there = [fold for fold in range(folds) if f"{fold}.rows" in held]
    known = {f"{fold}.{field.name}" for fold in there for field in fields(Moments)}
    strange = held.keys() - known - {"asked", "piece", "rows", "folds", "gaps"}
    if strange:
        raise ValueError(f"it has '{min(strange)}', which is nothing known")
    parts: list[Moments | None] = [None] * folds
    for fold in there:
        parts[fold] = _part(held, fold, p)
    counted = sum(part.rows for part in parts if part is not None)
    left = rows - int(gaps[0])
    if counted > left:
        raise ValueError(f"its folds have {counted} rows of {left}")
    return rows, parts, gaps


def _read_gaps(gaps: Any, columns: int, rows: int) -> NDArray[np.intp]:
    """The numbers of rows dropped and of missing values, of which a dropped row has one or more."""
    if gaps.shape != (columns + 4,) or gaps.dtype != np.intp:
        raise ValueError(f"'gaps' is of type {gaps.dtype} and shape {gaps.shape}, not {(columns + 4,)}")
    if (gaps < 0).any() or not gaps.max() == gaps[0] <= min(gaps[1:].sum(), rows):
        raise ValueError(f"'gaps' has {gaps[0]} rows dropped for {gaps[1:].tolist()} missing values")
    return np.asarray(gaps)


def _part(held: dict[str, Any], fold: int, p: int) -> Moments:
    """The moments of a fold; a ValueError where no rows have such ones."""
    shapes = {"shift_x": (p,), "offset_x": (p,), "xx": (p, p), "xy": (p,)}
    values: dict[str, Any] = {"rows": _scalar(held, f"{fold}.rows", "i")}
    for name in ("weight", "shift_y", "offset_y", "yy"):
        values[name] = _scalar(held, f"{fold}.{name}", "f")
    for name, shape in shapes.items():
        value = values[name] = held[f"{fold}.{name}"]
        if value.shape != shape or value.dtype != np.float64:
            raise ValueError(f"'{fold}.{name}' is of type {value.dtype} and shape {value.shape}, not {shape}")
    for name, value in values.items():
        if not np.isfinite(value).all():
            raise ValueError(f"'{fold}.{name}' has numbers that are not finite")
    part = Moments(**values)
    if part.rows < 1 or not part.weight > 0:
        raise ValueError(f"fold {fold} has {part.rows} rows of weight {part.weight:g}")
    _refuse_impossible(part, fold)
    return part


@np.errstate(over="ignore")
def _refuse_impossible(part: Moments, fold: int) -> None:
    """Refuse products of columns that are not symmetric or exceed ‖x_j‖‖x_k‖."""
    square = np.append(part.xx.diagonal(), part.yy)
    far = part.weight * (
        np.append(part.mean_x, part.mean_y) ** 2 + np.append(part.shift_x, part.shift_y) ** 2
    )
    product = np.column_stack([part.xx, part.xy])
    size = np.sqrt(np.maximum(square, 0.0) + far)
    slack = ROUNDING * size[:-1, None] * size
    norm = np.sqrt(np.maximum(square, 0.0))
    if np.any(square < -ROUNDING * far) or np.any(np.abs(product) > norm[:-1, None] * norm + slack):
        raise ValueError(f"fold {fold} has sums of products that exceed the sums of squares")
    if np.any(np.abs(part.xx - part.xx.T) > slack[:, :-1]):
        raise ValueError(f"fold {fold} has a matrix XᵀX that is not symmetric")


def _told(error: Exception) -> str:
    """What is wrong with a file, in words."""
    return f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())[:200]


def _text(piece: dict[str, Any]) -> str:
    return json.dumps(piece, sort_keys=True)
