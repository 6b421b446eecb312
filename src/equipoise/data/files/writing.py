"""Writing files atomically: after a crash a file has its old content or all of the new."""

import errno
import glob
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where a file that is open elsewhere cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

DRAFT_BYTES = 200  # of a file's name in that of its draft; a name may have 255 bytes in all
UNLOCKED = 60  # seconds, more than passes between making a draft and locking it
DESCRIPTORS = re.compile(r"/proc/\d+(/task/\d+)?/fd|/dev/fd")  # folders whose entries are files that are open


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
        Name of the file. A file that is open already, such as /dev/stdout, counts as a pipe.

    Raises
    ------
    OSError
        If it is a folder, is in a folder that does not exist or may not be written to, or is write-protected.
    """
    if not os.fspath(path):
        raise FileNotFoundError("cannot write '': that is no name; name a file")
    if _descriptor(path) is not None:
        return Path(path), stat.S_IFIFO
    target = Path(os.path.realpath(path))
    mode = None
    with _naming(path, target), suppress(FileNotFoundError, NotADirectoryError):
        mode = target.stat().st_mode
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(f"cannot write {path}: it is a folder; name a file in it")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {target.parent}; create it first")
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(f"cannot write {path}: the file is write-protected; choose another name")
    if (mode is None or stat.S_ISREG(mode)) and not os.access(target.parent, os.W_OK):
        raise PermissionError(_no_permission(path, target))
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
        As in :func:`write_text_atomically`; what `content` raises is passed on.
    """
    parts = (content,) if isinstance(content, bytes) else content
    target, mode = resolve_target(path)
    if mode is not None and not stat.S_ISREG(mode):
        # A device or pipe, such as /dev/stdout, must be written to and never replaced.
        with _naming(path, target):
            number = _descriptor(path)
            device = target.open("wb") if number is None else os.fdopen(os.dup(number), "wb")
        _write_parts(device, parts, path, target)
        return
    stem = os.fsencode(target.name)[:DRAFT_BYTES].decode(errors="ignore")
    _remove_left_drafts(target.parent, stem)
    draft = target.with_name(f".{stem}.{secrets.token_hex(4)}.tmp")
    try:
        with _naming(path, target):
            file = draft.open("xb")
        with suppress(OSError):  # some file systems have no locks
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _write_parts(file, parts, path, target, lasting=True)
        with _naming(path, target):
            if mode is not None:
                draft.chmod(stat.S_IMODE(mode))
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _write_parts(
    file: IO[bytes], parts: Iterable[bytes], path: str | Path, target: Path, *, lasting: bool = False
) -> None:
    """Write the parts and close the file; `lasting` waits until they are on the disk."""
    try:
        for part in parts:  # its errors are those of whoever makes the parts
            with _naming(path, target):
                file.write(part)
        with _naming(path, target):
            file.flush()
            if lasting:
                os.fsync(file.fileno())
    finally:
        with suppress(OSError):  # what could not be written has been said
            file.close()


@contextmanager
def _naming(path: str | Path, target: Path) -> Iterator[None]:
    """Name the file in errors of the operating system."""
    try:
        yield
    except BrokenPipeError:
        raise
    except PermissionError:
        raise PermissionError(_no_permission(path, target)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "; free some, or choose another disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise OSError(f"cannot write {path}: {reason[:1].lower()}{reason[1:]}{remedy}") from None


def _no_permission(path: str | Path, target: Path) -> str:
    return f"cannot write {path}: no permission to write in {target.parent}; choose another folder"


def _remove_left_drafts(folder: Path, stem: str) -> None:
    """Remove the drafts of a file whose writers were killed: no process holds a lock on them any more."""
    for name in glob.glob(f".{glob.escape(stem)}.{'[0-9a-f]' * 8}.tmp", root_dir=folder):
        draft = folder / name
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime < UNLOCKED:
                continue
            if fcntl is None:
                draft.unlink()
                continue
            with draft.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                draft.unlink()


def _descriptor(path: str | Path) -> int | None:
    """The number of the open file that a name stands for, 1 of /dev/stdout; None of any other file."""
    name = os.path.abspath(path)
    for _ in range(40):  # as many links as Linux follows
        folder, last = os.path.split(name)
        if last.isdecimal() and DESCRIPTORS.fullmatch(os.path.realpath(folder)):
            return int(last)
        if not os.path.islink(name):
            return None
        name = os.path.normpath(os.path.join(folder, os.readlink(name)))
    return None
