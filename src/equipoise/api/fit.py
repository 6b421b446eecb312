"""Fit at one penalty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.calls import verb
from equipoise.data.frames.column_choice import ColumnChoice
from equipoise.results.fit.result import Fit
from equipoise.setup.set_up import Numbers, set_up
from equipoise.solve.path import solve_point

Array = NDArray[np.float64]


@verb
def fit(
    X: Any,
    y: Any = None,
    *,
    l1: Numbers,
    l2: Numbers = 0.0,
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
) -> Fit:
    """Fit lasso, ridge or elastic net exactly, with a certificate.

    Minimises ``Σ_i s_i·½(y_i − o_i − b − x_i·w)² + Σ_j l1_j|w_j| + Σ_j l2_j w_j²`` over the intercept b and
    coefficients w within their bounds: sums over rows, not means, and no ½ on l2.

    Parameters
    ----------
    X : (n, p) array, scipy.sparse matrix, data frame, :class:`Mapped`, Gathered, or a source of rows
        Features. A file, folder, SQL query, stream of Arrow batches or frame of Dask or Spark is gathered
        first, where y is a name; see :func:`gather`. A column of text becomes 0/1 features
        ``column=level``; see ``reference``.
    y : (n,) array or str
        Response, or the name of the column of X that holds it; gathered data have their own.
    l1, l2 : float, (p,) array or dict of str to float
        Penalties, not negative, the same for every feature or one each. ``l1 = l2 = 0`` leaves a feature
        unpenalised, ``l1 = inf`` excludes it. A dict gives them by the names of features, or of columns of
        text and so of all their features: ``{"Student": 0, ...: 1.5}`` is 1.5 for those not named; without
        the key ``...`` an l2 not named is 0, and an l1 has to be.
    intercept : bool, default True
        Whether to fit an intercept, which is never penalised.
    standardize : bool, default False
        Penalise as if each column had unit standard deviation: l1·sd_j and l2·sd_j². Coefficients stay in
        original units.
    sample_weight : (n,) array or str, optional
        Weights, or the name of the column of X that holds them: 2 counts a row twice, 0 leaves it out.
    offset : (n,) array or str, optional
        A known part of each row's prediction, or the name of the column of X that holds it.
    lower, upper : float, (p,) array or dict of str to float
        Bounds of the coefficients; ``lower=0`` makes them non-negative. A dict bounds the features (or
        columns of text) that it names, and the others only by the key ``...``.
    names : sequence of p str, optional
        Names for the columns of an array, a sparse matrix or a file that has none; x1 … xp by default.
    features, drop : sequence of str, optional
        The columns that are features, in this order, and columns to leave out; by default all columns without
        another role are features.
    reference : "binary", dict of str to str, or None, default "binary"
        The level of a column of text that makes no feature. By default it is the first of two, in sorted
        order or that of an ordered type: such a column is the one feature ``Student=Yes``, and one of three
        or more levels has a feature for each. ``{"city": "Oslo"}`` leaves out that level of that column;
        None keeps a feature for every level of every column.
    categories : dict of str to sequence of str, optional
        The levels of a column of text, such as ``{"Student": ["No", "Yes"]}``, by default those that occur.
        A stream that can be read only once needs them.
    missing : {"error", "drop", "mean"}, default "error"
        Refuse missing values (NaN or null), leave out the rows that have one, or replace those of X, in
        predictions too, by the (weighted) mean of their feature. Rows in which y, the weight or the offset is
        missing are left out with "mean", too, before the means are taken. In a sparse matrix a value is
        missing that is stored as NaN, and zeros that are not stored count in the mean. The fit's ``missing``
        and ``print`` say what was done. For data that are read in batches, of which means would take another
        pass, "error" and "drop" only.
    loss : str, default "squared"
        What is minimised beside the penalty, half the unit deviance of each row: "squared"; "binomial" for
        yes/no responses, of 0 and 1, two labels of any kind, or fractions of trials whose numbers are the
        weights; "poisson" for counts; "gamma" for positive amounts; "tweedie(1.5)" for amounts many of which
        are 0, with a power between 1 and 2; "negative_binomial(2)" for counts that vary more, with a size.
        The coefficients are those of the log-odds of "binomial", and of the logarithm of the mean of the
        others.
    event : object, optional
        With loss="binomial" the label of y whose probability is modelled; by default the second of the two in
        sorted order.
    exposure : (n,) array or str, optional
        With a loss of the logarithm of the mean, the time or amount that each row was observed for, above 0:
        its logarithm is added to the offset. Or the name of the column of X that holds it.

    Returns
    -------
    Fit
        Coefficients (p,), certificate, explanation.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    Notes
    -----
    Penalised coefficients, and the odds or rate ratios made of them, come without standard errors: the
    penalty shrinks them, and the data chose which are kept. ``debias`` and ``selective_intervals`` correct
    for that, for squared loss. For other losses ``stability_selection`` tells how reliably a feature is
    chosen, and a fit with ``l1=0`` has the coefficients of R's glm, which gives their standard errors.

    References
    ----------
    Tibshirani (1996), *JRSS B* 58; Zou & Hastie (2005), *JRSS B* 67; Osborne, Presnell & Turlach (2000),
    *IMA J. Numer. Anal.* 20, for the active-set method.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    >>> fit.coef
    array([1.66666667, 0.66666667])
    >>> fit.certificate.support_proved
    True
    """
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
    )
    return Fit.of(setup, solve_point(setup.problem))
