"""The arguments and options that verbs share, each declared once."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Option


class Choice(StrEnum):
    """Which of the two strengths that cross-validation finds."""

    BEST = "best"
    ONE_SE = "one-se"


class Unseen(StrEnum):
    """What becomes of a category that the fit did not see."""

    ERROR = "error"
    ZERO = "zero"


class Missing(StrEnum):
    """What becomes of missing values."""

    ERROR = "error"
    DROP = "drop"
    MEAN = "mean"


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
        "input; a folder of files, or a pattern as 'data/*.parquet', is read once, in batches.",
    ),
]
Model = Annotated[str, Argument(metavar="MODEL", help="A model that `equipoise fit --save` wrote.")]

Target = Annotated[str, Option("--target", metavar="COLUMN", help="The column to explain.")]
TargetOrFormula = Annotated[
    str | None,
    Option("--target", metavar="COLUMN", help="The column to explain; or a --formula, which names it."),
]
Formula = Annotated[
    str | None,
    Option(
        "--formula",
        metavar="Y~A+B",
        help='Response and features, as in "y ~ a + b:c + poly(d, 2)", for --target, --features and --drop; '
        "- 1 leaves out the intercept.",
    ),
]
Weights = Annotated[
    str | None,
    Option("--weights", metavar="COLUMN", help="Sample weights: a row of weight 2 stands there twice."),
]
Offset = Annotated[
    str | None, Option("--offset", metavar="COLUMN", help="A known part of each row's prediction.")
]
Features = Annotated[
    list[str] | None,
    Option(
        "--features",
        metavar="A,B,…",
        help="The columns to use, comma separated or repeated; all the others without it.",
    ),
]
Drop = Annotated[
    list[str] | None,
    Option("--drop", metavar="A,B,…", help="Columns to leave out, comma separated or repeated."),
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
    list[str] | None, Option("--upper", metavar="X", help="The highest coefficient allowed, as --lower.")
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
        help="Missing values: an error, drop their rows, or put the mean of their column there.",
    ),
]

Folds = Annotated[
    str | None,
    Option(
        "--folds",
        metavar="N|COLUMN",
        help="Folds of cross-validation, or the column that says which of them holds a row out.  "
        "[default: 10]",
    ),
]

Memory = Annotated[
    str | None,
    Option(
        "--memory",
        metavar="SIZE",
        help="Read FILE in batches, once, in so much memory for sums (as 500MB or 2GB). A folder of files or "
        "a pattern is always read so.  [default: 2GB]",
    ),
]
Checkpoint = Annotated[
    str | None,
    Option(
        "--checkpoint",
        metavar="DIR",
        help="Read FILE in batches and keep their sums here, so that an interrupted reading goes on.",
    ),
]

Json = Annotated[bool, Option("--json", help="Print one JSON document and nothing else.")]
