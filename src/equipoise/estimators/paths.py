"""The paths of the lasso and the elastic net as functions, with scikit-learn's arguments and results."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_array, check_consistent_length

from equipoise.api.path import path_of
from equipoise.data.arguments.messages import quoted
from equipoise.data.arguments.sparse import is_sparse, refuse_invalid
from equipoise.estimators.alphas import DEFAULT, grid_of_alphas, read_alphas
from equipoise.estimators.parameters import checked_number
from equipoise.setup.set_up import set_up

Array = NDArray[np.float64]
Found = tuple[Array, Array, Array] | tuple[Array, Array, Array, list[int]]

IDLE = ("check_input", "do_screening", "max_iter", "random_state", "selection", "tol")
"""Parameters of scikit-learn's solver, without effect on an exact solution."""


def enet_path(
    X: Any,
    y: Any,
    *,
    l1_ratio: float = 0.5,
    eps: float = 1e-3,
    n_alphas: int | None = None,
    alphas: Any = DEFAULT,
    precompute: Any = "auto",
    Xy: Any = None,
    copy_X: bool = True,
    coef_init: Any = None,
    verbose: Any = False,
    return_n_iter: bool = False,
    positive: bool = False,
    check_input: bool = True,
    **params: Any,
) -> Found:
    """Solve the elastic net exactly at a grid of alphas, with the arguments and results of scikit-learn.

    Minimises ``Σ_i (y_i − x_i·w)² / (2n) + alpha·l1_ratio·Σ|w_j| + ½·alpha·(1 − l1_ratio)·Σ w_j²`` for every
    alpha. No intercept is fitted: centre X and y first, or use :func:`path`, which fits one, and returns the
    certificate of every solution, the events between them and their explanations, too.

    Parameters
    ----------
    X : (n, p) array, sparse matrix or data frame
        Features.
    y : (n,), (n, 1) or (n, targets) array
        Response. Several targets share their zeros: one penalty on ``(Σ_k w_jk²)^½`` for each feature, the
        multi-task problem, which this library does not solve. scikit-learn does it, and a warning says so.
    l1_ratio : float, default 0.5
        Share of the penalty that is L1.
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    n_alphas : int, optional
        Older name of a number of ``alphas``, which a warning asks for.
    alphas : int or (m,) array, default 100
        Number of alphas in a log-spaced grid from the smallest that makes all coefficients 0, or the alphas
        themselves, in any order.
    precompute, Xy : optional
        XᵀX and Xᵀy, without effect, but refused if they are those of other data.
    copy_X, coef_init, verbose
        Accepted for compatibility, without effect: X is never written to, and the solution has no start.
    return_n_iter : bool, default False
        Whether to return numbers of iterations as well.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    check_input : bool, default True
        Accepted for compatibility, without effect: input is always checked.
    **params : dict
        ``tol``, ``max_iter``, ``selection``, ``random_state`` and ``do_screening``, without effect but in the
        multi-task problem.

    Returns
    -------
    alphas : (m,) array
        The alphas, descending.
    coefs : (p, m) array
        A column of coefficients for each alpha; (targets, p, m) for a y of two dimensions.
    dual_gaps : (m,) array
        Duality gaps: upper bounds on how far the objective above is from its minimum.
    n_iters : list of int
        Always 1, since nothing is iterated; only with ``return_n_iter``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Zou & Hastie (2005), *JRSS B* 67.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> alphas, coefs, gaps = eq.enet_path(X, y, l1_ratio=0.5, alphas=[1.0, 0.5])
    >>> coefs
    array([[0.86666667, 1.28571429],
           [0.46666667, 0.71428571]])
    """
    how = {"eps": eps, "precompute": precompute, "Xy": Xy, "coef_init": coef_init, "verbose": verbose}
    how |= {"return_n_iter": return_n_iter, "positive": positive, **params}
    return _solve(X, y, l1_ratio, _read_alphas(alphas, n_alphas), how)


def lasso_path(
    X: Any,
    y: Any,
    *,
    eps: float = 1e-3,
    n_alphas: int | None = None,
    alphas: Any = DEFAULT,
    precompute: Any = "auto",
    Xy: Any = None,
    copy_X: bool = True,
    coef_init: Any = None,
    verbose: Any = False,
    return_n_iter: bool = False,
    positive: bool = False,
    **params: Any,
) -> Found:
    """Solve the lasso exactly at a grid of alphas, with the arguments and results of scikit-learn.

    Minimises ``Σ_i (y_i − x_i·w)² / (2n) + alpha·Σ|w_j|`` for every alpha. No intercept is fitted: centre X
    and y first, or use :func:`path`, which fits one, and returns the certificate of every solution, the
    events between them and their explanations, too.

    Parameters
    ----------
    X : (n, p) array, sparse matrix or data frame
        Features.
    y : (n,), (n, 1) or (n, targets) array
        Response; several targets are the multi-task problem, as in :func:`enet_path`.
    eps : float, default 1e-3
        Ratio of the smallest alpha of the default grid to the largest.
    n_alphas : int, optional
        Older name of a number of ``alphas``, which a warning asks for.
    alphas : int or (m,) array, default 100
        Number of alphas in a log-spaced grid from the smallest that makes all coefficients 0, or the alphas
        themselves, in any order.
    precompute, Xy, copy_X, coef_init, verbose
        As in :func:`enet_path`.
    return_n_iter : bool, default False
        Whether to return numbers of iterations as well.
    positive : bool, default False
        Whether to restrict coefficients to be ≥ 0.
    **params : dict
        As in :func:`enet_path`.

    Returns
    -------
    alphas : (m,) array
        The alphas, descending.
    coefs : (p, m) array
        A column of coefficients for each alpha; (targets, p, m) for a y of two dimensions.
    dual_gaps : (m,) array
        Duality gaps: upper bounds on how far the objective above is from its minimum.
    n_iters : list of int
        Always 1, since nothing is iterated; only with ``return_n_iter``.

    Raises
    ------
    ValueError, TypeError
        If an argument cannot be used, in a sentence that names it and the remedy.

    References
    ----------
    Tibshirani (1996), *JRSS B* 58.

    Examples
    --------
    >>> import equipoise as eq
    >>> X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    >>> alphas, coefs, gaps = eq.lasso_path(X, y, alphas=[4 / 3, 2 / 3, 1 / 3])
    >>> coefs
    array([[0.5       , 1.33333333, 1.66666667],
           [0.        , 0.33333333, 0.66666667]])
    """
    how = {"eps": eps, "precompute": precompute, "Xy": Xy, "coef_init": coef_init, "verbose": verbose}
    how |= {"return_n_iter": return_n_iter, "positive": positive, **params}
    return _solve(X, y, 1.0, _read_alphas(alphas, n_alphas), how)


def refuse_other_products(X: Any, y: Array, gram: Any = None, Xy: Any = None) -> None:
    """Refuse a Gram matrix (p, p), or products Xᵀy, that are not those of X (n, p) and y (n,).

    The Gram matrix is compared on one random direction, which costs no more than a pass over X. Products in
    single precision may differ by 1e-4 of their size, others by 1e-7.

    Parameters
    ----------
    X : (n, p) array or sparse matrix
        Features.
    y : (n,) or (n, targets) array
        Response.
    gram, Xy : array, optional
        What was passed for XᵀX and Xᵀy.
    """
    if gram is None and Xy is None:
        return
    squares = X.multiply(X).sum(axis=0) if is_sparse(X) else np.einsum("ij,ij->j", X, X)
    norm = np.sqrt(np.asarray(squares).ravel())
    if gram is not None:
        v = np.random.default_rng(0).normal(size=len(norm))
        size = norm * (norm @ np.abs(v))
        _refuse_other("precompute", "the Gram matrix XᵀX", gram, (len(norm),) * 2, X.T @ (X @ v), size, v)
    if Xy is not None:
        size = np.multiply.outer(norm, np.sqrt((y * y).sum(axis=0)))
        _refuse_other("Xy", "Xᵀy", Xy, size.shape, X.T @ y, size)


def _refuse_other(
    name: str,
    what: str,
    given: Any,
    shape: tuple[int, ...],
    wanted: Array,
    size: Array,
    along: Array | None = None,
) -> None:
    """Refuse a product that has another shape, or differs from what is wanted, both times `along`."""
    given = np.asarray(given)
    remedy = "leave it out, for it has no effect"
    if given.shape != shape:
        raise ValueError(f"{name} has shape {given.shape}, but {what} has shape {shape}: {remedy}")
    found = given if along is None else given @ along
    tolerance = 1e-4 if given.dtype == np.float32 else 1e-7
    if not np.all(np.abs(found - wanted) <= tolerance * size):
        raise ValueError(f"{name} is not {what} of these data, nothing of which is centred here: {remedy}")


def _read_alphas(alphas: Any, n_alphas: Any) -> int | Array:
    """How many alphas, or which; scikit-learn's older ways to say so are warned of as there."""
    if n_alphas is not None:
        warnings.warn(
            f"n_alphas is scikit-learn's older name of alphas: pass alphas={n_alphas!r}",
            FutureWarning,
            stacklevel=3,
        )
    elif alphas is None:
        warnings.warn(
            f"alphas=None is scikit-learn's older way to ask for {DEFAULT}: pass alphas={DEFAULT}",
            FutureWarning,
            stacklevel=3,
        )
    return read_alphas(alphas, n_alphas)


def _solve(X: Any, y: Any, l1_ratio: Any, alphas: int | Array, how: dict[str, Any]) -> Found:
    """Check the data and solve; `how` holds the other arguments."""
    own = ("eps", "precompute", "Xy", "coef_init", "verbose", "return_n_iter", "positive")
    unknown = [name for name in how if name not in own + IDLE]
    if unknown:
        raise ValueError(
            f"Unexpected parameters in params: {quoted(unknown)}; known are {quoted(IDLE)}. "
            "equipoise.path has weights, an intercept and more"
        )
    for name in ("positive", "return_n_iter"):
        if not isinstance(how[name], bool | np.bool_):
            raise ValueError(f"{name} is {how[name]!r}: pass True or False")
    ratio = checked_number("l1_ratio", l1_ratio, most=1.0)
    if is_sparse(X):
        refuse_invalid(X)
    X = check_array(X, accept_sparse="csc", dtype=np.float64, input_name="X")
    y = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
    check_consistent_length(X, y)
    _refuse_contradictions(X, y, how)
    if y.ndim == 2 and y.shape[1] > 1:
        return _solve_tasks(X, y, ratio, alphas, how)
    alphas, coefs, gaps = _solve_one(X, y.ravel(), ratio, alphas, how)
    found = alphas, coefs if y.ndim == 1 else coefs[None], gaps
    return (*found, [1] * len(alphas)) if how["return_n_iter"] else found


def _refuse_contradictions(X: Any, y: Array, how: dict[str, Any]) -> None:
    """Refuse what has no effect on the solution, but does not belong to these data."""
    gram, start = how["precompute"], how["coef_init"]
    if isinstance(gram, str | bool | np.bool_) or gram is None:
        if not (isinstance(gram, bool | np.bool_) or gram == "auto"):
            raise ValueError(f"precompute is {gram!r}: pass 'auto', True, False or XᵀX")
        gram = None
    refuse_other_products(X, y, gram, how["Xy"])
    shape = (*y.shape[1:], X.shape[1])
    if start is not None and np.shape(start) != shape:
        raise ValueError(
            f"coef_init has shape {np.shape(start)}, but the coefficients have shape {shape}: leave it out, "
            "for it has no effect"
        )


def _solve_one(
    X: Any, y: Array, ratio: float, alphas: int | Array, how: dict[str, Any]
) -> tuple[Array, Array, Array]:
    """The alphas, coefficients (p, m) and gaps of one response (n,)."""
    n = len(y)
    lower = 0.0 if how["positive"] else -np.inf
    setup = set_up(X, y, l1=n * ratio, l2=n * (1.0 - ratio) / 2.0, intercept=False, lower=lower)
    path = path_of(setup, grid_of_alphas(setup.problem, alphas, how["eps"], ratio))
    doubtful = next((c for c in path.certificates if not c.status.optimal), None)
    if doubtful is not None:
        warnings.warn(doubtful.status.value, ConvergenceWarning, stacklevel=4)
    gaps = np.array([certificate.gap for certificate in path.certificates])
    return path.strengths, path.coef.T, gaps / n


def _solve_tasks(X: Any, y: Array, ratio: float, alphas: int | Array, how: dict[str, Any]) -> Found:
    """The multi-task problem, which is scikit-learn's to solve."""
    from sklearn.linear_model import MultiTaskElasticNet

    if how["positive"]:
        raise ValueError(
            f"positive=True is for one target, and y has {y.shape[1]}: pass one column at a time"
        )
    warnings.warn(
        f"y has {y.shape[1]} targets, which share their zeros: scikit-learn solves this multi-task problem, "
        "to its tol, not exactly. Pass one column at a time for the exact path of each",
        UserWarning,
        stacklevel=4,
    )
    given = {name: value for name, value in how.items() if name not in ("eps", "positive")}
    if not isinstance(alphas, np.ndarray):
        # The largest norm of a feature's pulls takes the place of the largest |pull| of one response.
        largest = np.sqrt(((X.T @ y) ** 2).sum(axis=1).max()) / len(y)
        one = set_up(np.ones((1, 1)), [largest], l1=ratio, intercept=False)
        alphas = grid_of_alphas(one.problem, alphas, how["eps"], ratio)
    found: Found = MultiTaskElasticNet.path(X, y, l1_ratio=ratio, alphas=alphas, **given)
    return found
