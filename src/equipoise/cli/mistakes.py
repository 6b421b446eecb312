"""What goes wrong on a command line: a user's mistake is a sentence and exit code 2, never a traceback."""

import shlex
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from equipoise.show.tables import printable

MISTAKES = (ValueError, TypeError, OSError, ImportError, MemoryError)

MISTAKE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count
PIPE_CLOSED = 141  # 128 + SIGPIPE

ASKED = "equipoise.asked"


class Verbs(TyperGroup):
    """The verbs, run with their mistakes caught, and what was asked of them remembered."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the command line as it was given: `command_line` returns it."""
        ctx.meta[ASKED] = ("equipoise", *args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; what the user got wrong becomes a sentence on stderr."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("equipoise: interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            raise typer.Exit(PIPE_CLOSED) from None
        except MISTAKES as error:
            print(f"equipoise: {sentence(error)}", file=sys.stderr)
            raise typer.Exit(MISTAKE) from None


def command_line(ctx: typer.Context) -> str:
    """Return the command line that a verb was called with, for a shell.

    Parameters
    ----------
    ctx : typer.Context
        The verb's.

    Returns
    -------
    str
        It, quoted where a shell needs that.
    """
    return shlex.join(ctx.meta[ASKED])


def sentence(error: BaseException) -> str:
    """Return an error's message on one line.

    Parameters
    ----------
    error : BaseException
        The error.

    Returns
    -------
    str
        Its message; of an error of the operating system what failed and on which file.

    Examples
    --------
    >>> sentence(FileNotFoundError(2, "No such file or directory", "model.json"))
    'model.json: no such file or directory'
    """
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        reason = error.strerror[:1].lower() + error.strerror[1:]
        text = reason if error.filename is None else f"{error.filename}: {reason}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return printable(" ".join(lines)) or type(error).__name__
