"""The arguments and options that verbs share, each declared once."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, BadParameter, Option

from equipoise.cli.completion import complete_column, complete_columns, complete_loss


class Choice(StrEnum):
    """Which of cross-validation's two strengths is taken."""

    BEST = "best"
    ONE_SE = "one-se"


CHOICES = {
    **dict.fromkeys(("best", "min", "lambda.min"), Choice.BEST),
    **dict.fromkeys(("one-se", "one_se", "1-se", "1se", "lambda.1se"), Choice.ONE_SE),
}
"""The two strengths, also as glmnet and the attributes of a cross-validation call them."""


def read_choice(text: str) -> Choice:
    """Read the value of --choose.

    Examples
    --------
    >>> read_choice("1se")
    <Choice.ONE_SE: 'one-se'>
    """
    if text.lower() not in CHOICES:
        raise BadParameter(f"'{text}' is neither best nor one-se (glmnet's min and 1se): write one")
    return CHOICES[text.lower()]


class Markup(StrEnum):
    """How a table is written for a paper."""

    MARKDOWN = "markdown"
    LATEX = "latex"


class Unseen(StrEnum):
    """What to do with a category that the fit did not see."""

    ERROR = "error"
    ZERO = "zero"


class Missing(StrEnum):
    """What to do about missing values."""

    ERROR = "error"
    DROP = "drop"
    MEAN = "mean"


class Kind(StrEnum):
    """What is predicted."""

    MEAN = "mean"
    LINK = "link"
    CLASS = "class"


class MissingInNewRows(StrEnum):
    """What to do about missing values in rows to predict for."""

    ERROR = "error"
    NAN = "nan"


class MissingInScore(StrEnum):
    """What to do about missing values in rows to score."""

    ERROR = "error"
    DROP = "drop"


Source = Annotated[
    str,
    Argument(
        metavar="FILE",
        help="CSV, Parquet, Arrow or JSON lines, or an SQL query over such files; - is CSV from standard "
        "input.",
    ),
]
AnySource = Annotated[
    str,
    Argument(
        metavar="FILE",
        help="CSV, Parquet, Arrow or JSON lines, or an SQL query over such files; - is CSV from standard "
        "input; a folder of files, or a pattern such as 'data/*.parquet', is read once, in batches.",
    ),
]
Model = Annotated[str, Argument(metavar="MODEL", help="A model that `equipoise fit --save` wrote.")]

Target = Annotated[
    str, Option("--target", metavar="COLUMN", autocompletion=complete_column, help="The column to explain.")
]
TargetOrFormula = Annotated[
    str | None,
    Option(
        "--target",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The column to explain; required unless --formula names it.",
    ),
]
Formula = Annotated[
    str | None,
    Option(
        "--formula",
        metavar="Y~A+B",
        help='Response and features, as in "y ~ a + b:c + poly(d, 2)", in place of --target, --features and '
        "--drop; - 1 leaves out the intercept.",
    ),
]
Weights = Annotated[
    str | None,
    Option(
        "--weights",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="Sample weights: a row of weight 2 counts twice.",
    ),
]
Offset = Annotated[
    str | None,
    Option(
        "--offset",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="A known part of each row's prediction, added to it.",
    ),
]
Loss = Annotated[
    str,
    Option(
        "--loss",
        metavar="NAME",
        autocompletion=complete_loss,
        help="What the target is: squared (a measurement), binomial (yes/no), poisson (a count), gamma (a "
        "positive amount), 'tweedie(1.5)' (amounts many of which are 0) or 'negative_binomial(2)' (counts "
        "that vary more).",
    ),
]
Event = Annotated[
    str | None,
    Option(
        "--event",
        metavar="LABEL",
        help="With --loss binomial the label whose probability is modelled.  [default: the second, sorted]",
    ),
]
Exposure = Annotated[
    str | None,
    Option(
        "--exposure",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The time or amount that each row was observed for, by which its expected count is multiplied.",
    ),
]
KnownExposure = Annotated[
    str | None,
    Option(
        "--exposure",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The exposure of each row.  [default: the model's column]",
    ),
]
AddedExposure = Annotated[
    str | None,
    Option(
        "--exposure",
        metavar="COLUMN|1",
        autocompletion=complete_column,
        help="The exposure of each row, or one for all: 1 for the rate.  [default: the model's column]",
    ),
]
KnownTarget = Annotated[
    str | None,
    Option(
        "--target",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The column to explain.  [default: the model's]",
    ),
]
KnownWeights = Annotated[
    str | None,
    Option(
        "--weights",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="Sample weights.  [default: the model's column]",
    ),
]
KnownOffset = Annotated[
    str | None,
    Option(
        "--offset",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The known part of predictions.  [default: the model's column]",
    ),
]
AddedOffset = Annotated[
    str | None,
    Option(
        "--offset",
        metavar="COLUMN|0",
        autocompletion=complete_column,
        help="The known part of each prediction, or 0 for none.  [default: the model's column]",
    ),
]
KnownMissing = Annotated[
    Missing | None,
    Option("--missing", help="What to do about missing values.  [default: as at the fit]"),
]
Features = Annotated[
    list[str] | None,
    Option(
        "--features",
        metavar="A,B,…",
        autocompletion=complete_columns,
        help="Columns to use as features, comma separated or repeated.  [default: all others]",
    ),
]
Drop = Annotated[
    list[str] | None,
    Option(
        "--drop",
        metavar="A,B,…",
        autocompletion=complete_columns,
        help="Columns to leave out, comma separated or repeated.",
    ),
]
Reference = Annotated[
    list[str] | None,
    Option(
        "--reference",
        metavar="COLUMN=LEVEL",
        help="The level of a column of text that makes no feature, repeated; 'none' keeps one for every "
        "level of every column.  [default: the first of two]",
    ),
]

Intercept = Annotated[bool, Option(help="Fit an intercept, which is never penalised.")]
Standardize = Annotated[
    bool,
    Option(
        help="Penalise as if every feature had unit standard deviation: l1·sd, l2·sd². "
        "Coefficients stay in original units."
    ),
]
Positive = Annotated[bool, Option("--positive", help="Allow no negative coefficient.")]
Lower = Annotated[
    list[str] | None,
    Option(
        "--lower",
        metavar="X",
        help="The lowest coefficient allowed, a number for all features or column=number, repeated.",
    ),
]
Upper = Annotated[
    list[str] | None,
    Option("--upper", metavar="X", help="The highest coefficient allowed, written as for --lower."),
]
PenaltyFactor = Annotated[
    list[str] | None,
    Option(
        "--penalty-factor",
        metavar="COLUMN=X",
        help="What a column's penalties are multiplied by, repeated: 0 leaves it unpenalised, inf "
        "excludes it.",
    ),
]
MissingValues = Annotated[
    Missing,
    Option(
        "--missing",
        help="What to do about missing values: refuse them, drop their rows, or fill in their column's mean.",
    ),
]
UnseenLevels = Annotated[
    Unseen,
    Option(
        "--unseen",
        help="A category that the fit did not see: refuse it, or set its column's features to 0.",
    ),
]

Ratio = Annotated[
    float | None,
    Option(
        "--ratio",
        metavar="X",
        help="Last strength ÷ first.  [default: 1e-4 where there are more rows than features, else 1e-2]",
    ),
]

Folds = Annotated[
    str | None,
    Option(
        "--folds",
        metavar="N|COLUMN|ordered",
        autocompletion=complete_column,
        help="Number of folds; or a column that numbers or names the fold of each row (of two names, 'train' "
        "is never held out); or 'ordered': 10 blocks of rows, each held out from those before it (ordered:5 "
        "for 5).  [default: 10]",
    ),
]
Groups = Annotated[
    str | None,
    Option(
        "--groups",
        metavar="COLUMN",
        autocompletion=complete_column,
        help="The column of groups: rows of a group are held out together.",
    ),
]

Memory = Annotated[
    str | None,
    Option(
        "--memory",
        metavar="SIZE",
        help="Read FILE once, in batches, with at most this much memory for sums, such as 500MB. A folder "
        "or a pattern is always read so.  [default: 2GB]",
    ),
]
Checkpoint = Annotated[
    str | None,
    Option(
        "--checkpoint",
        metavar="DIR",
        help="Read FILE in batches and keep their sums here, so that an interrupted reading can be resumed.",
    ),
]

Json = Annotated[bool, Option("--json", help="Print one JSON document and nothing else.")]
ForPaper = Annotated[
    Markup | None,
    Option("--table", help="Print one table for a paper and nothing else; LaTeX needs the package booktabs."),
]
