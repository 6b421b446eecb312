"""The verbs, for a shell: `equipoise fit`, `path`, `explain` and so on, one file a verb."""

import os
import sys
from importlib.util import find_spec
from io import TextIOWrapper

NEEDED = ("typer", "rich", "duckdb", "pyarrow")


def main() -> None:
    """Run the command line and exit: the console script's entry point.

    Exits with 0 if all went well, 1 where `audit` finds that coefficients are not the solution, 2 for a
    mistake in the input, 130 when interrupted.
    """
    _open_closed_streams()
    if any(find_spec(package) is None for package in NEEDED):
        print('the command line needs: pip install "equipoise[cli]"', file=sys.stderr)
        raise SystemExit(2)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show ≤ shows ? and not a traceback.
        sys.stdout.reconfigure(errors="replace")
    try:
        from equipoise.cli.app import app

        app(prog_name="equipoise")
    except KeyboardInterrupt:
        # Ctrl-C before a verb began: those that run answer for themselves.
        print("equipoise: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except OSError as error:
        # Help that cannot be printed. What is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"equipoise: cannot write the output: {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from None


def _open_closed_streams() -> None:
    """Open what the shell closed, ``>&-``: the next file to be opened would take its place and its output.

    Standard output is opened for reading, so that writing to it is an error still.
    """
    for name, flags, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode))
