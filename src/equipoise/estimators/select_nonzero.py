"""A selector for pipelines that keeps the features whose coefficient is not exactly zero."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.validation import check_is_fitted

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.named import NamedArray
from equipoise.data.arguments.public import public
from equipoise.data.arguments.sparse import is_sparse
from equipoise.estimators.frames import checked_rows


@public
class SelectNonzero(MetaEstimatorMixin, SelectorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Keep the features whose coefficient in a linear model is not exactly zero.

    In an exact solution a feature is out if its coefficient is 0, and in otherwise, however small the unit of
    the response makes it. scikit-learn's ``SelectFromModel`` drops coefficients of a lasso below 1e-5.

    Parameters
    ----------
    estimator : object
        A linear model with a ``coef_``, such as :class:`Lasso` or :class:`LassoCV`; a clone of it is fitted.
    prefit : bool, default False
        Whether `estimator` is fitted already, and used as it is.

    Attributes
    ----------
    estimator_ : object
        The fitted model.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> import numpy as np, equipoise as eq
    >>> X = np.arange(24.0).reshape(8, 3) ** 2 % 7
    >>> selector = eq.SelectNonzero(eq.Lasso(alpha=1e-9)).fit(X, 1e-8 * X[:, 0])
    >>> selector.get_support()
    array([ True, False, False])
    """

    def __init__(self, estimator: Any, *, prefit: bool = False) -> None:
        self.estimator = estimator
        self.prefit = prefit

    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        """Fit the model, unless it is fitted already.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) or (n, targets) array
            Response; with several targets a feature is kept if it has a coefficient for one of them.
        **params : dict
            Passed to the model's ``fit``, such as ``sample_weight``; routed where metadata routing is on.

        Returns
        -------
        object
            Itself.
        """
        if as_flag(self.prefit, "prefit"):
            check_is_fitted(self.estimator)
            self.estimator_ = deepcopy(self.estimator)
        else:
            if get_config()["enable_metadata_routing"]:
                params = process_routing(self, "fit", **params)["estimator"]["fit"]
            self.estimator_ = clone(self.estimator).fit(X, y, **params)
        if not hasattr(self.estimator_, "coef_"):
            raise TypeError(
                f"estimator is {type(self.estimator_).__name__}, which has no coef_: pass a linear model"
            )
        self.n_features_in_ = self.estimator_.coef_.shape[-1]
        self.__dict__.pop("feature_names_in_", None)
        if hasattr(self.estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.estimator_.feature_names_in_
        return self

    def _get_support_mask(self) -> NDArray[np.bool_]:
        check_is_fitted(self)
        coef = self.estimator_.coef_
        coef = coef.toarray() if is_sparse(coef) else np.asarray(coef)
        return np.asarray(np.any(coef.reshape(-1, coef.shape[-1]) != 0, axis=0))

    def transform(self, X: Any) -> Any:
        """Keep the columns of the features whose coefficient is not zero.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features, with the names and in the order of the fit.

        Returns
        -------
        (n, k) array or sparse matrix
            The columns that are kept; a data frame where ``set_output`` asked for one.
        """
        if isinstance(X, NamedArray):
            check_is_fitted(self)
            return self._transform(checked_rows(self, X))
        return super().transform(X)

    def get_metadata_routing(self) -> Any:
        """Return the routing of metadata: all of it goes to the model's ``fit``.

        Returns
        -------
        MetadataRouter
            See scikit-learn's guide to metadata routing.
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        return MetadataRouter(owner=self).add(estimator=self.estimator, method_mapping=mapping)

    def __sklearn_tags__(self) -> Any:
        tags, own = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.input_tags.sparse, tags.input_tags.allow_nan = own.input_tags.sparse, own.input_tags.allow_nan
        tags.target_tags.required = own.target_tags.required
        return tags
