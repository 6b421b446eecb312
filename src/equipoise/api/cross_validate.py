"""Choose the strength of the penalty by data held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.api.path import grid_of, path_of
from equipoise.data.arguments.calls import verb
from equipoise.data.arguments.sizes import refuse_many
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.choice.result import CrossValidation
from equipoise.select.cross_validation import Folds
from equipoise.select.scorers import read_scoring
from equipoise.setup.set_up import Numbers, set_up

Array = NDArray[np.float64]


@verb
def cross_validate(
    X: Any,
    y: Any = None,
    *,
    folds: Any = None,
    repeats: int = 1,
    groups: Any = None,
    l1: Numbers = 1.0,
    l2: Numbers = 0.0,
    strengths: ArrayLike | None = None,
    count: int = 100,
    ratio: float | None = None,
    intercept: bool = True,
    standardize: bool = False,
    sample_weight: Any = None,
    offset: Any = None,
    lower: Numbers = -np.inf,
    upper: Numbers = np.inf,
    names: Sequence[str] | None = None,
    features: Sequence[str] | None = None,
    drop: Sequence[str] = (),
    reference: str | Mapping[str, str] | None = "binary",
    categories: Mapping[str, Sequence[str]] | None = None,
    missing: str = "error",
    loss: str = "squared",
    event: object = None,
    exposure: Any = None,
    scoring: str | Callable[..., Any] | None = None,
    early_stop: bool = False,
    progress: Callable[[int], None] | None = None,
) -> CrossValidation:
    """Choose the strength of the penalty by the loss of rows held out.

    In each fold the strength is multiplied by Σs_train/Σs, so that the penalty per row stays the same, and
    columns are standardised by the training rows alone.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix, data frame, :class:`Mapped`, Gathered, or a source of rows
        Features. A file, folder, SQL query, stream of Arrow batches or frame of Dask or Spark is gathered
        first, where y is a name.
    y : (n,) array or str
        Response, or the name of the column of X that holds it; gathered data have their own.
    folds : int, splitter, list of pairs, (n,) array or str, optional
        A number of folds of shuffled rows (10 by default), each with its share of the events where y has
        two classes (those of scikit-learn's ``KFold`` and ``StratifiedKFold``, shuffled from seed 0); a
        scikit-learn splitter; pairs of training and held-out rows, as positions, masks or slices; the fold
        that holds each row out, a number or a label; or the name of the column of X that says it.
        ``"ordered"`` holds out 10 blocks of rows in turn, each
        from those before it (``"ordered:5"`` 5 blocks), as scikit-learn's ``TimeSeriesSplit``. A row that a
        pair names several times counts as often, in fitting and in scoring, and one in both parts is fitted
        to and scored: its loss is not of a row held out. Of two labels, "train" is never
        held out. Gathered data have their own.
    repeats : int, default 1
        How often that number of folds is drawn, with the seeds 0, 1, 2, …, in one pass over the data.
        ``mean`` and the choices use all draws; ``frequency`` says what each would have chosen. A splitter
        has its own repeats (scikit-learn's ``RepeatedKFold``).
    groups : (n,) array or str, optional
        The group of each row, or the name of the column of X that holds it: rows of a group are held out
        together. A number of folds shares out whole groups, the largest first, each into the fold with the
        fewest rows (of its kind, where y has two classes); a splitter is told the groups, and must use them;
        other folds must not divide one.
    l1, l2 : float, (p,) array or dict of str to float
        Factors that each strength multiplies, as in :func:`path`.
    strengths : (m,) array, optional
        The grid; by default as in :func:`path`.
    count : int, default 100
        Strengths of the default grid.
    ratio : float, optional
        Last strength of the default grid ÷ its first.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation in the rows fitted to.
    sample_weight : (n,) array or str, optional
        Weights in fitting and in scoring, or the name of the column of X that holds them.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients, as in :func:`fit`.
    names, features, drop, reference, categories : optional
        Names and choice of columns, and levels of text, as in :func:`fit`.
    missing : {"error", "drop", "mean"}, default "error"
        As in :func:`fit`; in a fold the means are those of its training rows alone.
    loss, event, exposure : optional
        The loss of a row and what it needs, as in :func:`fit`.
    scoring : str or callable, optional
        The loss of held-out rows, the smaller the better, of y and predicted means (probabilities, expected
        counts) with their offsets. By default that of ``loss``: "squared_error" for squared loss, for others
        "deviance", the mean unit deviance. For any loss also "absolute_error", "squared_error" (means over
        the rows), "median_absolute_error", a scorer of scikit-learn such as "r2" or "neg_max_error" (its
        sign turned), or a function ``scoring(y, prediction, sample_weight)`` of three (n,) arrays, called
        from several threads. For yes/no responses also "misclassification" (at a probability of ½ it is a
        no), "auc" (1 − AUC), "brier", and scikit-learn's scorers of classifiers; in these three a fraction of
        trials counts as its trials one by one. Sums of rows (Gathered, sources) know the squared error alone.
    early_stop : bool, default False
        End the path once the loss of every fold has risen at ten strengths in a row, and its mean by more
        than twice the standard error of that rise.
    progress : callable, optional
        Called after each fold with the number of folds done.

    Returns
    -------
    CrossValidation
        Held-out losses (m, folds), their mean and standard error, ``best`` and ``one_se``, and the deviance
        (of squared loss R²) that is explained of rows held out. One split of the
        rows, into training and validation, has no standard error (NaN), no ``one_se`` and no ``early_stop``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(12.0).reshape(6, 2) % 5
    >>> cv = eq.cross_validate(X, X[:, 0], folds=3, count=5)
    >>> cv.best_strength <= cv.one_se_strength
    True
    """
    score = read_scoring(scoring, loss)
    setup = set_up(
        X,
        y,
        l1=l1,
        l2=l2,
        intercept=intercept,
        standardize=standardize,
        sample_weight=sample_weight,
        offset=offset,
        lower=lower,
        upper=upper,
        columns=ColumnChoice(names, features, drop, reference, categories),
        missing=missing,
        loss=loss,
        event=event,
        exposure=exposure,
        folds=folds,
        groups=groups,
        sort=True,
        rows_for="" if score.squared else f"scoring={score.name!r}",
        l1_default=1.0,
    )
    refuse_many("repeats", repeats, 4 * setup.rows, f"draws of two folds or more of {setup.rows} rows")
    among = Folds.asked(setup, repeats, score)
    return cross_validate_on(among, grid_of(among.setup, strengths, count, ratio), progress, early_stop)


def needs_rows(scoring: str | Callable[..., Any] | None, loss: object = "squared") -> bool:
    """Whether a loss needs the rows themselves: all but squared errors do, which follow from sums."""
    return not read_scoring(scoring, loss).squared


def cross_validate_on(
    among: Folds, grid: Array, progress: Callable[[int], None] | None, early_stop: bool
) -> CrossValidation:
    """Cross-validate over a grid of strengths, (m,), in any order."""
    order = np.argsort(-grid, kind="stable")
    found = among.losses(grid[order], progress, early_stop=early_stop)
    kept = np.sort(order[: len(found)])
    loss = np.empty((len(grid), found.shape[1]))
    loss[order[: len(found)]] = found
    path = path_of(among.setup, grid[kept])
    name, null = among.scoring.name, among.null_losses()
    masks = among.masks if among.fitted is None and among.setup.gathered is None else None
    return CrossValidation(path, loss[kept], among.weight, among.repetition, name, null, masks)
