"""What values the parameters of estimators may have, those without effect included."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.messages import suggestion

FLAGS = (
    *("fit_intercept", "standardize", "positive", "copy_X", "warm_start"),
    *("store_cv_results", "alpha_per_target"),
    *("dual", "refit", "use_legacy_attributes"),
)
CHOICES = {
    "solver": ("auto", "svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga", "lbfgs"),
    "selection": ("cyclic", "random"),
    "gcv_mode": ("auto", "svd", "eigen"),
    "choice": ("best", "one_se"),
    "multi_class": ("deprecated", "auto", "ovr", "multinomial"),
}
OPTIONAL = frozenset({"gcv_mode", "max_iter", "n_jobs", "precompute"})  # None stands for a default


def check_parameters(parameters: dict[str, Any], solvers: Sequence[str] = (), iterations: int = 1) -> None:
    """Refuse values that mean nothing, of parameters without effect as of others.

    Parameters
    ----------
    parameters : dict of str to object
        Of an estimator, by name; penalties and grids are read where they are used.
    solvers : sequence of str
        The solvers of scikit-learn's estimator, by default those of its ridge regression.
    iterations : int
        The least that `max_iter` may be.

    Raises
    ------
    ValueError, TypeError
        If a value cannot be meant, in a sentence that names the parameter.
    """
    for name, value in parameters.items():
        if value is None and name in OPTIONAL:
            continue
        if name in FLAGS:
            as_flag(value, name)
        elif name in CHOICES:
            check_choice(name, value, (name == "solver" and solvers) or CHOICES[name])
        elif name in ("tol", "eps", "intercept_scaling"):
            if checked_number(name, value) == 0 and name == "intercept_scaling":
                raise ValueError("intercept_scaling is 0: pass a number above 0, or leave it out")
        elif name == "max_iter":
            checked_integer(name, value, least=iterations)
        elif name == "n_jobs":
            checked_integer(name, value)
        elif name == "verbose":
            checked_integer(name, int(value) if isinstance(value, bool | np.bool_) else value, least=0)
        elif name == "precompute" and not np.ndim(value) and value != "auto":
            as_flag(value, name)
        elif name == "random_state":
            _check_seed(value)


def _check_seed(value: Any) -> None:
    try:
        check_random_state(value)
    except ValueError:
        raise ValueError(f"random_state is {value!r}: pass a whole number, or None") from None


def checked_number(name: str, value: Any, *, least: float = 0.0, most: float = np.inf) -> float:
    """Return a number as a float; a ValueError if it is infinite or not from `least` to `most`."""
    value = plain(value)
    limits = f" at least {least:g}" if np.isinf(most) else f" from {least:g} to {most:g}"
    limits = "" if np.isinf(least) else limits
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}: pass a number{limits}")
    if not least <= float(value) <= most:
        raise ValueError(f"{name} is {value!r}: pass a number{limits}")
    if np.isinf(float(value)):
        raise ValueError(f"{name} is infinite: pass a finite number")
    return float(value)


def check_choice(name: str, value: Any, known: Sequence[str]) -> None:
    """Refuse what is none of the names known."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}: pass one of {', '.join(map(repr, known))}")
    if value not in known:
        raise ValueError(f"{name} is {value!r}: {suggestion(value, known, 'choice')}")


def checked_numbers(name: str, values: Any) -> NDArray[np.float64]:
    """Return one or more numbers ≥ 0 as an array, (m,); an error says which of them cannot be used."""
    if values is None or isinstance(values, str):
        raise TypeError(f"{name} is {values!r}: pass numbers at least 0")
    entries = np.ravel(np.asarray(values, dtype=object))
    if not len(entries):
        raise ValueError(f"{name} is empty: pass at least one")
    return np.array([checked_number(f"{name}[{i}]", entry) for i, entry in enumerate(entries)])


def checked_integer(name: str, value: Any, *, least: int | None = None) -> int:
    """Return a whole number that is not below `least` as an int."""
    limits = "" if least is None else f" at least {least}"
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}: pass a whole number{limits}")
    if least is not None and value < least:
        raise ValueError(f"{name} is {value!r}: pass a whole number{limits}")
    return int(value)


def plain(value: Any) -> Any:
    """Return a scalar of NumPy, or an array of no dimension, as the number it holds; the rest as it is."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
