"""Moments on disk, so that an interrupted pass goes on where it was: a file for each piece that was read."""

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
    """A folder of moments.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    asked : dict
        What was asked for, JSON-able: moments of anything else are refused.
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
        """Write the moments of a piece by fold, in one go.

        Parameters
        ----------
        number : int
            Which piece.
        piece : dict
            What the piece is, JSON-able.
        rows : int
            Rows that were read.
        parts : sequence of Moments or None
            The moments.
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
        """Read them again; None where the piece has not been read yet.

        Parameters
        ----------
        number : int
            Which piece.
        piece : dict
            What the piece is now.

        Raises
        ------
        ValueError
            If the file is damaged, or holds moments of other data or of another question.
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
    if f"{fold}.rows" not in held:
        return None
    values: dict[str, Any] = {}
    for field in fields(Moments):
        value = held[f"{fold}.{field.name}"]
        values[field.name] = value if value.ndim else value.item()
    return Moments(**values)


def _text(piece: dict[str, Any]) -> str:
    return json.dumps(piece, sort_keys=True)
