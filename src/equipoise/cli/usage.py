"""Words on the command line that would be taken for something else: each is refused in a sentence.

The parser takes the last of two values, and any word that no option asks for as FILE or as one too many.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from typer.core import TyperCommand

from equipoise.data.arguments.calls import PENALTIES, called_here
from equipoise.data.arguments.messages import quoted


class Verb(TyperCommand):
    """A verb, whose command line is looked through before it is parsed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse what would be misread, then parse; of a line that is still being typed, nothing."""
        if not ctx.resilient_parsing:
            refuse_misuse(self.name or "", args, self.get_params(ctx))
        return super().parse_args(ctx, args)


@dataclass(frozen=True)
class Run:
    """An option as it was written, with its value, if it takes one, and the words up to the next option.

    The words before the first option have none, and the parser's matter is one that is unknown.
    """

    option: Any
    written: str
    words: list[str]

    @property
    def takes_value(self) -> bool:
        """Whether the first word is the option's value."""
        return self.option is not None and not self.option.is_flag

    @property
    def loose(self) -> list[str]:
        """The words that are not the option's value."""
        return self.words[1:] if self.takes_value else self.words


def refuse_misuse(verb: str, args: Sequence[str], params: Sequence[Any]) -> None:
    """Refuse an option of another package, one given twice, and words that no option takes."""
    runs = list(_runs(verb, args, params))
    written: dict[str, Run] = {}
    for run in runs:
        if run.option is None or run.option.multiple or run.option.is_eager:
            continue
        before = written.setdefault(run.option.name, run)
        if before is not run:
            raise ValueError(_twice(before, run))
    if any(run.option is None and run.written for run in runs):
        return  # the parser tells of an unknown option, whose value is no loose word
    places = [param for param in params if param.param_type_name == "argument"]
    if sum(len(run.loose) for run in runs) > len(places):
        raise ValueError(_loose_words(verb, runs, params, places))


def _runs(verb: str, args: Sequence[str], params: Sequence[Any]) -> Iterator[Run]:
    """The command line, an option at a time."""
    options = {
        name: param
        for param in params
        if param.param_type_name == "option"
        for name in (*param.opts, *param.secondary_opts)
    }
    run, words = Run(None, "", []), iter(args)
    for word in words:
        if word == "--":
            run.words.extend(words)
        elif not word.startswith("-") or word == "-":
            run.words.append(word)
        else:
            name, equals, value = word.partition("=")
            if not name.startswith("--"):
                name, equals, value = word[:2], word[2:], word[2:]  # -oFILE
            if name not in options:
                for written in (word.partition("=")[0], name):  # -lambda, and -l5
                    _refuse_unknown(verb, written, options)
            yield run
            run = Run(options.get(name), name, [])
            if run.takes_value:
                run.words.append(value if equals else next(words, ""))
    yield run


def _refuse_unknown(verb: str, written: str, options: dict[str, Any]) -> None:
    """Refuse an option that is called otherwise here; the parser tells of any other."""
    given = written.lstrip("-").replace("-", "_")
    spelled = f"--{given.replace('_', '-')}"
    names = {param.name: param.opts[0] for param in options.values()}
    alike = spelled if spelled in options else names.get(called_here(given, list(names)))
    if alike is not None:
        raise ValueError(f"there is no {written}: it is called {alike} here")
    if given in ("loss", "family", "event"):
        why = "which is for squared loss" if verb == "trace" else "for the model has its own"
        raise ValueError(f"there is no {written} for {verb}, {why}: leave it out")
    if given not in (*PENALTIES, "l", "a", "l1"):
        return
    if "--l1" not in options:
        why = "whose strengths are values of l1" if verb == "path" else "for the model has its own"
        raise ValueError(f"there is no {written} for {verb}, {why}: fit with another by equipoise fit --l1 X")
    if given == "C":
        raise ValueError(f"there is no {written}, the inverse of a penalty: give the penalty itself, by --l1")
    raise ValueError(f"there is no {written}: {_relation(options)}")


def _relation(options: dict[str, Any]) -> str:
    """What the penalty is in terms of other packages' penalties."""
    if "--glmnet-lambda" in options:
        return "give --glmnet-lambda or --sklearn-alpha, or the penalty of a sum over rows by --l1"
    if "--no-standardize" not in options:
        return "the penalty is --l1, of a sum over rows: n times scikit-learn's alpha, where there are n rows"
    return (
        "the penalty is --l1, of a sum over rows: where there are n rows, n times glmnet's lambda or, with "
        "--no-standardize, n times scikit-learn's alpha"
    )


def _twice(first: Run, second: Run) -> str:
    """What to say of an option that is given twice."""
    if not second.takes_value:
        both = f"{first.written} is given twice"
        if first.written != second.written:
            both = f"{first.written} and {second.written} contradict each other"
        return f"{both}: keep one"
    return f"{second.written} is given twice, {quoted([first.words[0], second.words[0]])}: keep one"


def _loose_words(verb: str, runs: Sequence[Run], params: Sequence[Any], places: Sequence[Any]) -> str:
    """What to say of more words than the verb takes: those behind an option's value were meant for it."""
    # A file behind a value is FILE itself.
    behind = [
        (run, [word for word in run.loose if not os.path.exists(word)]) for run in runs if run.takes_value
    ]
    behind = [(run, words) for run, words in behind if words]
    behind.sort(key=lambda found: not found[0].option.multiple)
    if behind:
        run, words = behind[0]
        name, values = run.written, [run.words[0], *words]
        if not run.option.multiple and run.option.metavar in ("X", "N"):
            return f"{name} takes one number, and '{words[0]}' stands behind '{values[0]}': keep one"
        if not run.option.multiple:
            return (
                f"{name} takes one value, and '{words[0]}' stands behind '{values[0]}': put what belongs "
                f"together in quotes, {name} {shlex.quote(' '.join(values))}"
            )
        if "," in (run.option.metavar or ""):
            listed = ",".join(part for value in values for part in value.split(",") if part)
            return (
                f"{name} takes several values comma separated, without spaces: {name} {shlex.quote(listed)}"
            )
        return f"{name} takes one value each time: {' '.join(f'{name} {shlex.quote(v)}' for v in values)}"
    word = [word for run in runs for word in run.loose][len(places)]
    takes = "".join(f"{place.metavar or place.name.upper()} " for place in places)
    then = "and then options" if places else "options"
    names = {param.name for param in params}
    likely = next((name for name in ("target", "section") if name in names), None)
    such = "each by its name" if likely is None else f"such as --{likely} {shlex.quote(word)}"
    return f"'{word}' is one word too many: {verb} takes {takes}{then}, {such}"
