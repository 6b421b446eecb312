"""Writing files atomically: after a crash a file has its old content or all of the new."""

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path


def write_text_atomically(path: str | Path, text: str) -> None:
    """Write a text file atomically: it has its old content until it has all of the new.

    Parameters
    ----------
    path : str or Path
        The file; a symbolic link is followed, and an existing file keeps its mode.
    text : str
        Its new content, written as UTF-8.

    Raises
    ------
    OSError
        If the folder does not exist, or it or the file cannot be written; an old file is then intact.
    """
    write_atomically(path, text.encode("utf-8"))


def resolve_target(path: str | Path) -> tuple[Path, int | None]:
    """Return the file to write, with symbolic links resolved, and its mode; None if it does not exist yet.

    Parameters
    ----------
    path : str or Path
        Name of the file.

    Raises
    ------
    OSError
        If it is a folder, is in a folder that does not exist, or is write-protected.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(f"cannot write {path}: it is a folder; name a file in it")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {target.parent}; create it first")
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(f"cannot write {path}: the file is write-protected; choose another name")
    return target, mode


def write_atomically(path: str | Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file atomically: it has its old content until it has all of the new.

    Parameters
    ----------
    path : str or Path
        As in :func:`write_text_atomically`.
    content : bytes or iterable of bytes
        Its new content; parts are written one by one, so they need not fit into memory together.

    Raises
    ------
    OSError
        As in :func:`write_text_atomically`.
    """
    parts = (content,) if isinstance(content, bytes) else content
    target, mode = resolve_target(path)
    if mode is not None and not stat.S_ISREG(mode):
        # A device or pipe, such as /dev/stdout, must be written to and never replaced.
        with target.open("wb") as device:
            device.writelines(parts)
        return
    draft = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            draft.chmod(stat.S_IMODE(mode))
        draft.replace(target)
    except PermissionError:
        raise PermissionError(
            f"cannot write {path}: no permission to write in {target.parent}; choose another folder"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
