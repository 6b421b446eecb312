"""Checkpoints: the moments of every piece read so far, in files, so that an interrupted pass can resume."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.data.files.writing import write_atomically
from equipoise.sums.moments import Moments

VERSION = 1


class Checkpoint:
    """A folder with a file of moments for each piece.

    Parameters
    ----------
    folder : path
        The folder, created if it does not exist.
    asked : dict
        Roles, folds and encoding, JSON-able; files saved with others are refused.
    """

    def __init__(self, folder: str | os.PathLike[str], asked: dict[str, Any]) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise type(error)(f"checkpoint {folder} cannot be made: {error.strerror}") from None
        self.asked = json.dumps({"version": VERSION, **asked}, sort_keys=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"piece-{number:06d}.moments"

    def save(self, number: int, piece: dict[str, Any], rows: int, parts: Sequence[Moments | None]) -> None:
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
        """
        held = {
            f"{fold}.{field.name}": getattr(part, field.name)
            for fold, part in enumerate(parts)
            if part is not None
            for field in fields(Moments)
        }
        stream = io.BytesIO()
        np.savez(stream, folds=len(parts), rows=rows, asked=self.asked, piece=_text(piece), **held)
        content = stream.getvalue()
        write_atomically(self._path(number), hashlib.sha256(content).digest() + content)

    def load(self, number: int, piece: dict[str, Any]) -> tuple[int, list[Moments | None]] | None:
        """Return the number of rows and the moments saved for a piece; None if there are none yet.

        Parameters
        ----------
        number : int
            Index of the piece in its source.
        piece : dict
            The piece's stamp now.

        Raises
        ------
        ValueError
            If the file is damaged, or was saved for other data or with other roles, folds or encoding.
        """
        path = self._path(number)
        if not path.exists():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            raise ValueError(f"checkpoint {path} is damaged: delete it, and its part is read again")
        with np.load(io.BytesIO(content[32:]), allow_pickle=False) as held:
            if str(held["asked"]) != self.asked or str(held["piece"]) != _text(piece):
                raise ValueError(
                    f"checkpoint {path} is of other data or of another question: choose another folder, or "
                    "delete this one"
                )
            parts = [_part(held, fold) for fold in range(int(held["folds"]))]
            return int(held["rows"]), parts


def _part(held: Any, fold: int) -> Moments | None:
    """The moments of a fold in an opened file; None for a fold without rows."""
    if f"{fold}.rows" not in held:
        return None
    values: dict[str, Any] = {}
    for field in fields(Moments):
        value = held[f"{fold}.{field.name}"]
        values[field.name] = value if value.ndim else value.item()
    return Moments(**values)


def _text(piece: dict[str, Any]) -> str:
    return json.dumps(piece, sort_keys=True)
