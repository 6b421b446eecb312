"""The tables, a function each, with their sources."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np

from equipoise.data.arguments.named import NamedArray
from equipoise.data.frames.native import to_native_frame


def diabetes() -> tuple[Any, Any]:
    """Return ten measurements of 442 diabetes patients, and how far the disease went within a year.

    The features are age, sex, body mass index, mean blood pressure and six blood serum measurements: s1 total
    cholesterol, s2 low and s3 high density lipoproteins, s4 the ratio s1/s3, s5 the logarithm of
    triglycerides, s6 blood sugar. As in the article, each is scaled to mean 0 and sum of squares 1.

    Returns
    -------
    X : (442, 10) data frame or array with names
        The features age, sex, bmi, bp and s1 to s6.
    y : (442,) column or array with a name
        progression, a measure from 25 to 346.

    See Also
    --------
    equipoise.fit : Fits this table in its own example.

    Notes
    -----
    The same numbers as ``sklearn.datasets.load_diabetes``, and as ``examples/diabetes.csv`` beside the
    source of this library. Published by the authors of the article for everybody to try their method on.

    References
    ----------
    B. Efron, T. Hastie, I. Johnstone, R. Tibshirani (2004): Least angle regression. Annals of Statistics
    32(2), 407-499. The table: https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = eq.datasets.diabetes()
    >>> print(eq.fit(X, y, l1=500.0).explain("s3"))
    s3 is zero because others explain it away: alone the data would pull on it with 639.145, but bmi
    (takes 121) and s5 (takes 107) leave 411.045, which does not exceed the limit 500. It would enter at
    l1 = 316.073.
    """
    names, X, y = diabetes_arrays()
    return _named([*names, "progression"], [*X.T, y])


def breast_cancer() -> tuple[Any, Any]:
    """Return thirty measurements of the cell nuclei in 569 breast tumours, and which of these are benign.

    Ten properties (radius, texture, perimeter, area, smoothness, compactness, concavity, concave points,
    symmetry, fractal dimension), each by its mean over a tumour's nuclei, the standard error of that mean,
    and the mean of its three largest values. Many are near-copies of each other.

    Returns
    -------
    X : (569, 30) data frame or array with names
        The features "mean radius" to "worst fractal dimension".
    y : (569,) column or array with a name
        benign: 1 for the 357 benign tumours, 0 for the 212 malignant ones.

    Notes
    -----
    The same numbers as ``sklearn.datasets.load_breast_cancer``. From the UCI Machine Learning Repository,
    under the licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).

    References
    ----------
    W. Wolberg, O. Mangasarian, N. Street, W. Street (1993): Breast Cancer Wisconsin (Diagnostic). UCI Machine
    Learning Repository, https://doi.org/10.24432/C5DW2B

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = eq.datasets.breast_cancer()
    >>> X.shape, int(sum(y))
    ((569, 30), 357)
    """
    return _stored("breast_cancer")


def horseshoe_crabs() -> tuple[Any, Any]:
    """Return four measurements of 173 female horseshoe crabs, and how many satellite males each had.

    A female nests with one male; other males around the pair are called satellites.

    Returns
    -------
    X : (173, 4) data frame or array with names
        color, from 1 (medium light) to 4 (dark); spine, the condition of the two spines: 1 (both good), 2
        (one worn or broken), 3 (both worn or broken); width of the carapace in cm; weight in kg.
    y : (173,) column or array with a name
        satellites, a count from 0 to 15.

    Notes
    -----
    Published by A. Agresti among the data of his textbook, https://github.com/alanagresti/categorical-data.

    References
    ----------
    H. J. Brockmann (1996): Satellite male groups in horseshoe crabs, Limulus polyphemus. Ethology 102(1),
    1-21. A. Agresti (2013): Categorical Data Analysis, 3rd edition, Wiley, section 4.3.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = eq.datasets.horseshoe_crabs()
    >>> X.shape, max(y)
    ((173, 4), 15)
    """
    return _stored("horseshoe_crabs")


def three_rows() -> tuple[Any, Any]:
    """Return three rows of two features, with which every step of a fit can be written out.

    Returns
    -------
    X : (3, 2) data frame or array with names
        The features x1 and x2.
    y : (3,) column or array with a name
        3, 2 and 1.

    See Also
    --------
    equipoise.trace : Shows the steps.

    Notes
    -----
    Made up for this library, as ``examples/three_rows.csv`` beside its source.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = eq.datasets.three_rows()
    >>> eq.fit(X, y, l1=1.0, intercept=False).coef
    array([1.66666667, 0.66666667])
    """
    return _named(["x1", "x2", "y"], np.array([[1, 1, 0], [1, 0, 1], [3, 2, 1]]))


def _stored(table: str) -> tuple[Any, Any]:
    """X and y of a table that is taken as it is stored."""
    names, values = read_table(table)
    return _named(names, values.T)


def diabetes_arrays() -> tuple[list[str], np.ndarray, np.ndarray]:
    """The features' names, X and y of ``diabetes``, whatever data frame libraries are installed."""
    names, table = read_table("diabetes")
    X = table[:, :-1] - table[:, :-1].mean(axis=0)
    return names[:-1], X / X.std(axis=0) / len(X) ** 0.5, table[:, -1]


def read_table(table: str) -> tuple[list[str], np.ndarray]:
    """Names and numbers of a stored table, the response last."""
    with resources.files(__package__).joinpath(f"{table}.csv").open(encoding="utf-8") as file:
        names = file.readline().rstrip().split(",")
        return names, np.loadtxt(file, delimiter=",")


def _named(names: list[str], columns: Any) -> tuple[Any, Any]:
    """X and y, the last column, in the first data frame library there is; as named arrays without one."""
    columns = [_whole(column) for column in columns]
    *features, target = names
    try:
        table = to_native_frame(dict(zip(names, columns, strict=True)))
    except ImportError:
        return NamedArray(np.column_stack(columns[:-1]), features), NamedArray(columns[-1], [target])
    import narwhals as nw

    frame = nw.from_native(table, eager_only=True)
    return frame.select(features).to_native(), frame[target].to_native()


def _whole(column: Any) -> Any:
    """A column of whole numbers as integers; any other as it is."""
    whole = column.astype(np.int64)
    return whole if (whole == column).all() else column
