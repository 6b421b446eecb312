"""Mistakes on the command line: one sentence on stderr and exit code 2, never a traceback."""

import shlex
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from equipoise.cli.spelling import in_shell
from equipoise.data.arguments.messages import MissingValues
from equipoise.show.tables import printable

MISTAKES = (ValueError, TypeError, OSError, ImportError, MemoryError)

MISTAKE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count
PIPE_CLOSED = 141  # 128 + SIGPIPE

COMMAND_LINE = "equipoise.command_line"


class Verbs(TyperGroup):
    """The group of verbs: catches a verb's mistakes, and keeps the command line for `command_line`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the command line as it was given."""
        ctx.meta[COMMAND_LINE] = ("equipoise", *args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; turn a user's mistake into a sentence on stderr."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("equipoise: interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            raise typer.Exit(PIPE_CLOSED) from None
        except MISTAKES as error:
            verb = self.get_command(ctx, ctx.invoked_subcommand or "")
            params = verb.params if verb is not None else ()
            if isinstance(error, MissingValues):
                error = error.for_verb(any(param.name == "missing" for param in params))
            told = in_shell(sentence(error), params)
            print(f"equipoise: {told}", file=sys.stderr)
            raise typer.Exit(MISTAKE) from None


def command_line(ctx: typer.Context) -> str:
    """The command line that a verb was called with, quoted for a shell."""
    return shlex.join(ctx.meta[COMMAND_LINE])


def sentence(error: BaseException) -> str:
    """An error's message on one line; for an error of the operating system, the file and what failed.

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
