"""Small well-known tables to try things on, each with its source: ``X, y = eq.datasets.diabetes()``.

====================  ==========  ======================================================
table                 rows × p    y
====================  ==========  ======================================================
``three_rows``        3 × 2       a number: small enough for every step to be written out
``diabetes``          442 × 10    a number: how far a disease went within a year
``breast_cancer``     569 × 30    yes or no: whether a tumour is benign
``horseshoe_crabs``   173 × 4     a count: the males around a female
====================  ==========  ======================================================

X is a data frame and y a column of the first of pandas, polars and pyarrow that is installed; without any of
them both are NumPy arrays that know their names, which ``eq.fit`` and every other verb read:

>>> import equipoise as eq
>>> X, y = eq.datasets.diabetes()
>>> eq.fit(X, y, l1=120.0).features
('age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6')
"""

from equipoise.data.datasets.tables import breast_cancer, diabetes, horseshoe_crabs, three_rows

__all__ = ["breast_cancer", "diabetes", "horseshoe_crabs", "three_rows"]
