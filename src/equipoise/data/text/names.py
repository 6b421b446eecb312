"""Names in Unicode's normal form C, so that names that look alike are alike."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize


def nfc(name: str) -> str:
    """Return a name in normal form C."""
    return name if name.isascii() else normalize("NFC", name)


def with_nfc_names(batch: Any) -> Any:
    """Return an Arrow batch or table whose columns have names in normal form C."""
    names = list(map(nfc, batch.schema.names))
    return batch if names == batch.schema.names else batch.rename_columns(names)
