"""Coefficients of an estimator as a sparse matrix, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from sklearn import get_config

from equipoise.data.arguments.sparse import is_sparse


def as_sparse(coef: Any) -> Any:
    """Return coefficients as a sparse matrix; as a sparse array where scikit-learn is set to that.

    Parameters
    ----------
    coef : (targets, p) array or sparse matrix
        Coefficients.
    """
    arrays = get_config().get("sparse_interface") == "sparray"
    return (csr_array if arrays else csr_matrix)(coef)


def as_dense(coef: Any) -> NDArray[Any]:
    """Return coefficients as an array.

    Parameters
    ----------
    coef : (p,) or (targets, p) array or sparse matrix
        Coefficients.
    """
    return np.asarray(coef.toarray() if is_sparse(coef) else coef)
