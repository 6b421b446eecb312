"""All verbs as one command, `equipoise`."""

from typing import Annotated

import typer

from equipoise.cli.audit import audit
from equipoise.cli.explain import explain
from equipoise.cli.fit import fit
from equipoise.cli.learn import learn
from equipoise.cli.mistakes import Verbs
from equipoise.cli.path import path
from equipoise.cli.predict import predict
from equipoise.cli.printing import say
from equipoise.cli.report import report
from equipoise.cli.score import score
from equipoise.cli.trace import trace
from equipoise.cli.usage import Verb
from equipoise.cli.what_if import what_if

# Plain help and plain messages: what reads the same on a terminal, in a file and in a paper.
app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    # Help as wide as the terminal, or 80 columns where there is none.
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 1000},
)
for verb in (fit, path, trace, explain, predict, score, report, audit, learn):
    app.command(cls=Verb)(verb)
app.command("what-if", cls=Verb)(what_if)


def _show_version(wanted: bool) -> None:
    if wanted:
        from equipoise.show.page.version import version

        say(f"equipoise {version()}")
        raise typer.Exit


@app.callback()
def equipoise(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Exact, certified, explained lasso, ridge and elastic net.

    The objective is Σ ½(y − b − x·w)² + Σ l1|w| + Σ l2·w²: sums over rows, not means; --loss puts half the
    deviance of a yes/no, a count or an amount in the place of the square. FILE is a CSV, Parquet, Arrow or
    JSON-lines file, or an SQL query over such files: "select * from 'a.csv' where age > 30".

    A mistake in the input prints one sentence and exits with code 2.
    """
