"""Writing files: all of the new content or all of the old, and what is left by writers that were killed."""

import errno
import os
import stat
import subprocess
import sys
import time

import pytest

from equipoise.data.files.writing import resolve_target, write_atomically, write_text_atomically


def test_text_is_written_whole_and_nothing_else_stays(tmp_path):
    path = tmp_path / "model.json"
    for text in ("λ = 1\n", "", "a\r\nb\n"):
        write_text_atomically(path, text)
        assert path.read_bytes() == text.encode()
        assert os.listdir(tmp_path) == ["model.json"]
    write_text_atomically(str(path), "again")
    assert path.read_text() == "again"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode bits")
def test_mode_bits_stay_and_new_files_follow_the_umask(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    old.chmod(0o640)
    write_text_atomically(old, "new")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_text_atomically(new, "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_symbolic_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    target, link, dangling = (
        tmp_path / "real" / "model.json",
        tmp_path / "link.json",
        tmp_path / "dangling.json",
    )
    target.write_text("old")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "real" / "later.json")
    write_text_atomically(link, "new")
    write_text_atomically(dangling, "later")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert (tmp_path / "real" / "later.json").read_text() == "later"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text_atomically(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("no space left"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch, step, failure):
    path = tmp_path / "model.json"
    path.write_text("old")

    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(failure)):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["model.json"]


def test_text_that_is_no_utf8_leaves_the_old_file(tmp_path):
    path = tmp_path / "model.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text_atomically(path, "\ud800")
    assert path.read_text() == "old"


def test_where_nothing_can_be_written_is_said(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*none; create it first"):
        write_text_atomically(tmp_path / "none" / "model.json", "new")
    with pytest.raises(FileNotFoundError, match=r"cannot write '': that is no name; name a file"):
        write_text_atomically("", "new")
    with pytest.raises(IsADirectoryError, match="it is a folder; name a file in it"):
        write_text_atomically(tmp_path, "new")

    path = tmp_path / "model.json"
    path.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(PermissionError, match="the file is write-protected; choose another name"):
            write_text_atomically(path, "new")

    def deny(*_, **__):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "replace", deny)
    with pytest.raises(PermissionError, match=r"no permission to write in .*; choose another folder"):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"


def run(code, *arguments, **options):
    code = f"from equipoise.data.files.writing import write_atomically\n{code}"
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], **options)


KILLED = """
import os, signal, sys
def parts():
    yield b"x" * 100_000
    os.kill(os.getpid(), signal.SIGKILL)
write_atomically(sys.argv[1], parts())
"""
SLOW = """
import sys
def parts():
    yield b"x" * 100_000
    print("writing", flush=True)
    yield sys.stdin.readline().encode()
write_atomically(sys.argv[1], parts())
"""

needs_signals = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


def age(folder, seconds):
    for path in folder.glob(".*.tmp"):
        os.utime(path, (time.time() - seconds,) * 2)


@needs_signals
def test_what_a_killed_writer_left_is_removed_by_a_later_one(tmp_path):
    path, other = tmp_path / "model [1].json", tmp_path / "model.json"
    path.write_text("old")
    for target in (path, path, other):
        assert run(KILLED, target).wait() == -9
    assert path.read_text() == "old"
    assert len(list(tmp_path.glob(".*.tmp"))) == 3
    kept = tmp_path / ".model [1].json.notes.tmp"  # resembles a draft
    kept.write_text("kept")
    age(tmp_path, 120)
    write_text_atomically(path, "new")
    assert path.read_text() == "new"
    left = sorted(p.name for p in tmp_path.iterdir())
    assert left[0] == kept.name
    assert left[1].startswith(".model.json.")  # of the other file, whose own next writer removes it
    assert left[2:] == ["model [1].json"]
    write_text_atomically(other, "new")
    assert sorted(p.name for p in tmp_path.iterdir()) == [kept.name, "model [1].json", "model.json"]


@needs_signals
def test_the_draft_of_a_writer_that_is_alive_stays(tmp_path):
    path = tmp_path / "model.json"
    with run(SLOW, path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as slow:
        assert slow.stdout.readline() == "writing\n"
        age(tmp_path, 10_000)
        write_text_atomically(path, "quick")
        assert path.read_text() == "quick"
        slow.communicate("end\n")
    assert slow.returncode == 0
    assert path.read_text() == "x" * 100_000 + "end\n"
    assert os.listdir(tmp_path) == ["model.json"]


@pytest.mark.parametrize(
    "name", ["語" * 80 + ".csv", "ж" * 125 + ".csv", "x" * 251 + ".csv", "é" * 50, "\udcff" * 99]
)
def test_names_that_are_long_in_bytes(tmp_path, name):
    if os.name == "nt" and "\udcff" in name:
        pytest.skip("names are text there")
    for text in ("old", "new"):
        write_text_atomically(tmp_path / name, text)
        assert (tmp_path / name).read_text() == text
        assert os.listdir(tmp_path) == [name]
    longer = tmp_path / ("語" * 86 + ".csv")
    with pytest.raises(OSError, match=f"^cannot write {longer}: file name too long$"):
        resolve_target(longer)  # before any work is done


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_said_with_the_name_of_the_file(tmp_path, monkeypatch):
    said = "^cannot write /dev/full: no space left on device; free some, or choose another disk$"
    for content in (b"text", [b"x" * 10_000_000], [b"x", b"y"]):
        with pytest.raises(OSError, match=said):
            write_atomically("/dev/full", content)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    # The same while a draft is written: it lies on a disk that is full.
    path = tmp_path / "model.json"
    path.write_text("old")
    full = os.open("/dev/full", os.O_WRONLY)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.open", lambda *_: os.fdopen(os.dup(full), "wb"))
        for content in (b"text", [b"x" * 10_000_000]):
            with pytest.raises(OSError, match=rf"^cannot write {path}: no space left on device; free some"):
                write_atomically(path, content)
    os.close(full)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["model.json"]


def test_errors_of_what_is_written_are_not_those_of_writing(tmp_path):
    def parts():
        yield b"x"
        raise OSError(errno.ENOSPC, "of the source")

    with pytest.raises(OSError, match="of the source") as caught:
        write_atomically(tmp_path / "t.csv", parts())
    assert "cannot write" not in str(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs /dev/stdout")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_standard_output_is_written_to_wherever_it_leads(tmp_path, name):
    if name == "link":
        name = tmp_path / "link"
        name.symlink_to("/dev/stdout")
    code = "import sys\nprint('a', flush=True); write_atomically(sys.argv[1], b'b\\n'); print('c')"
    with run(code, name, stdout=subprocess.PIPE) as piped:
        assert piped.communicate() == (b"a\nb\nc\n", None)
    assert piped.returncode == 0
    file = tmp_path / "out.txt"
    file.write_text("before\n")
    with file.open("a") as out:
        assert run(code, name, stdout=out).wait() == 0
    assert file.read_text() == "before\na\nb\nc\n"  # neither cut off nor replaced


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs /dev/stdout")
def test_a_reader_that_left_and_a_closed_output(tmp_path):
    code = "import sys\ntry: write_atomically('/dev/stdout', [b'x' * 100_000] * 10)\n"
    code += "except OSError as error: print(type(error).__name__, error, file=sys.stderr)"
    with run(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        left.stdout.close()
        assert left.stderr.read().startswith(b"BrokenPipeError ")
    script = 'exec "$1" -c "$2" >&-'
    done = subprocess.run(
        [
            "sh",
            "-c",
            script,
            "sh",
            sys.executable,
            f"from equipoise.data.files.writing import write_atomically\n{code}",
        ],
        stderr=subprocess.PIPE,
    )
    assert done.stderr == b"OSError cannot write /dev/stdout: bad file descriptor\n"


def test_a_folder_that_may_not_be_written_to_is_said_before_any_work(tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda name, mode: os.fspath(name) != str(tmp_path) and real(name, mode)
    )
    for _ in range(2):
        with pytest.raises(
            PermissionError, match=f"^cannot write {path}: no permission to write in {tmp_path}; ch"
        ):
            resolve_target(path)
        path.write_text("there already")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_that_lead_in_a_circle(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.symlink_to(b)
    b.symlink_to(a)
    with pytest.raises(OSError, match=f"^cannot write {a}: too many levels of symbolic links$"):
        write_text_atomically(a, "new")
    assert a.is_symlink()
