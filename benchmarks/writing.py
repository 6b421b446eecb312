"""Results as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.cells import Cell
from benchmarks.record import Record
from benchmarks.targets import judge

SCHEMA = 1


def write(path: Path, about: dict[str, Any], cells: Iterable[Cell], records: list[Record]) -> None:
    """Write a run, whole or not at all: whoever reads the file never sees half of one."""
    cells = list(cells)
    content = {
        "schema": SCHEMA,
        **about,
        "cells": [cell.__dict__ for cell in cells],
        "records": [record.to_dict() for record in records],
        "targets": [verdict.__dict__ | {"met": verdict.met} for verdict in judge(cells, records)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    os.replace(draft, path)


def read(path: Path) -> list[Record]:
    """The records of a file that ``write`` wrote."""
    content = json.loads(path.read_text("utf-8"))
    if content["schema"] != SCHEMA:
        raise SystemExit(
            f"{path} has schema {content['schema']}, this reads {SCHEMA}: run the benchmark anew"
        )
    return [Record.from_dict(record) for record in content["records"]]
