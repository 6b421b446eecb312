"""Read a formula: the response and the features of a model, from a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from equipoise.data.arguments.calls import verb

if TYPE_CHECKING:
    from equipoise.data.formula.formulas import ModelMatrix


@verb
def formula(text: str, data: Any, *, missing: Literal["error", "drop"] = "error") -> tuple[ModelMatrix, Any]:
    """Read the features X and the response y of a formula such as ``y ~ a + b:c + poly(d, 2)``.

    Every verb takes this X as it takes a frame. The model remembers the formula, its levels and the state of
    its transforms, so ``predict`` takes a frame with the columns that the formula names. Levels and
    state are learned once, from all rows of `data`, so that the folds of a cross-validation share them.

    Parameters
    ----------
    text : str
        Response, ``~`` and terms, in Wilkinson and Rogers' notation as formulaic reads it: ``a + b``,
        ``a:b``, ``a*b``, ``.`` for all other columns, ``C(k)``, ``C(k, contr.sum)``, ``log(a)``, ``I(a**2)``,
        ``poly(d, 2)``, ``center(a)``, ``scale(a)``, ``bs(a, df=4)``. The intercept is the model's own and
        never penalised; with ``- 1`` or ``0 +`` there is none, whatever a verb's ``intercept`` says.
    data : data frame with n rows
        Of pandas, polars, pyarrow or whatever else narwhals reads.
    missing : {"error", "drop"}, default "error"
        Refuse missing values in the columns that the formula names, or leave out their rows.

    Returns
    -------
    X : ModelMatrix of shape (n, p)
        The features, named as formulaic names them. Beside an intercept, a category lacks its first level.
    y : (n,) array, or a column of `data`
        The response: numbers, or labels as they are, for ``loss="binomial"``.

    Raises
    ------
    ImportError
        If formulaic is not installed.
    ValueError, TypeError
        If the formula cannot be read or evaluated, in a sentence that says where.

    References
    ----------
    Wilkinson & Rogers (1973), *JRSS C* 22, for the notation.

    Examples
    --------
    >>> import pandas, equipoise as eq
    >>> data = pandas.DataFrame({"y": [3.0, 2, 1, 4], "a": [1, 1, 0, 2], "c": ["u", "v", "u", "v"]})
    >>> X, y = eq.formula("y ~ a + c", data)
    >>> X.features
    ('a', 'c[T.v]')
    >>> eq.fit(X, y, l1=0.1).predict(data.head(1)).round(3)
    array([2.85])
    """
    from equipoise.data.formula.formulas import build_model_matrix

    return build_model_matrix(text, data, missing)
