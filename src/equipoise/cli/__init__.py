"""The verbs, for a shell: `equipoise fit`, `path`, `explain` and so on, one file a verb."""

import sys
from importlib.util import find_spec
from io import TextIOWrapper

NEEDED = ("typer", "rich", "duckdb", "pyarrow")


def main() -> None:
    """Run the command line and exit: the console script's entry point.

    Exits with 0 if all went well, 1 where `audit` finds that coefficients are not the solution, 2 for a
    mistake in the input, 130 when interrupted.
    """
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
