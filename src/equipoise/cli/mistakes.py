"""What goes wrong on a command line: a user's mistake is a sentence and exit code 2, never a traceback."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from equipoise.show.tables import printable

MISTAKES = (ValueError, TypeError, OSError, ImportError, MemoryError)

MISTAKE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count
PIPE_CLOSED = 141  # 128 + SIGPIPE


class Verbs(TyperGroup):
    """The verbs, run with their mistakes caught."""

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
