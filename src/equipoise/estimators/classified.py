"""What the classifiers of two classes share: labels, class weights, scikit-learn's C, probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from equipoise.data.arguments.messages import quoted
from equipoise.estimators.base import Estimator, TrainingData, read_weights
from equipoise.estimators.parameters import check_choice, checked_number, plain
from equipoise.estimators.sparse_coef import as_dense, as_sparse
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.binomial import Binomial, logistic

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.other_fits.what_if import WhatIf

Array = NDArray[np.float64]

PENALTIES = ("deprecated", "l1", "l2", "elasticnet")
"""What scikit-learn's `penalty` may be, beside None; "deprecated" leaves it to `l1_ratio`."""


class Classified(ClassifierMixin, Estimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A model of the log-odds of the second of two classes."""

    penalty: Any
    class_weight: Any
    coef_: Any
    classes_: NDArray[Any]
    n_iter_: Any

    _called: ClassVar[str] = "1/C"
    _solvers: ClassVar[tuple[str, ...]] = (
        *("lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga"),
    )
    _iterations: ClassVar[int] = 0
    _y_numeric: ClassVar[bool] = False
    _several: ClassVar[str] = "MultiOutputClassifier"

    def _kind(self) -> Loss:
        return Binomial()

    def _numbers(self, y: Any) -> Array:
        """1 for the second class and 0 for the first; more or fewer than two are refused."""
        if np.asarray(y).dtype == object and type_of_target(y) == "unknown":
            raise ValueError(
                f"Unknown label type: unknown. y holds objects that are not all text, such as {y[0]!r}: "
                "convert them, as y.astype(int), y.astype(bool) or y.astype(str) does"
            )
        check_classification_targets(y)
        self.classes_ = np.unique(y)
        found = [str(label) for label in self.classes_[:6]]
        if len(self.classes_) > 2:
            raise ValueError(
                f"Only binary classification is supported. y holds {len(self.classes_)} classes "
                f"({quoted(found)}{', …' if len(self.classes_) > 6 else ''}): keep the rows of two, or wrap "
                "the estimator in scikit-learn's OneVsRestClassifier"
            )
        if len(self.classes_) < 2:
            raise ValueError(f"y holds only one class, {quoted(found)}: pass rows of two classes")
        return np.asarray(y == self.classes_[1], dtype=np.float64)

    def _read_classes(self, X: Any, y: Any, sample_weight: Any, offset: Any) -> TrainingData:
        """Checked data with the class weights in the weights of the rows."""
        check_choice("penalty", "deprecated" if self.penalty is None else self.penalty, PENALTIES)
        if getattr(self, "multi_class", None) == "multinomial":
            raise ValueError(
                "multi_class is 'multinomial', which of two classes fits a coefficient each: this model at "
                "twice the C; leave multi_class out, and double C for the same coefficients"
            )
        data, _ = self._read(X, y, sample_weight, offset, multi_output=False)
        first, second = self.classes_.tolist()
        return replace(data, weights=self._weigh(data.response[:, 0], data.weights), levels=(first, second))

    def _weigh(self, response: Array, weights: Array | None) -> Array | None:
        """The weights of the rows times those of their classes."""
        own = np.ones(len(response)) if weights is None else weights
        totals = np.array([own[response == k].sum() for k in (0, 1)])
        given = self.class_weight
        labels = self.classes_.tolist()
        if given is None:
            factors = np.ones(2)
        elif isinstance(given, Mapping):
            unknown = [label for label in given if label not in labels]
            if unknown and not all(label in given for label in labels):
                raise ValueError(
                    f"class_weight names {unknown[0]!r}, and the classes are {labels[0]!r} and "
                    f"{labels[1]!r}: pass a weight for each of these"
                )
            factors = np.array(
                [checked_number(f"class_weight[{label!r}]", given.get(label, 1.0)) for label in labels]
            )
        elif isinstance(given, str) and given == "balanced":
            factors = totals.sum() / (2.0 * np.where(totals > 0, totals, 1.0))
        else:
            raise ValueError(
                f"class_weight is {given!r}: pass 'balanced', a dict of a weight for each class, or None"
            )
        empty = np.flatnonzero((totals == 0) | (factors == 0))
        if len(empty) and self.fit_intercept:
            raise ValueError(
                f"every row of class {labels[int(empty[0])]!r} has weight 0, which leaves only one class, so "
                "that no finite intercept fits it: give rows of both a weight above 0"
            )
        return weights if given is None else own * factors[response.astype(int)]

    def _as_fitted(self, y: Any, sample_weight: Any) -> tuple[Any, Any]:
        if y is None:
            return y, sample_weight
        labels = column_or_1d(np.asarray(y))
        strange = [label for label in np.unique(labels).tolist() if label not in self.classes_.tolist()]
        if strange:
            known = self.classes_.tolist()
            raise ValueError(f"y holds {strange[0]!r}, and the classes are {known[0]!r} and {known[1]!r}")
        event = np.asarray(labels == self.classes_[1], dtype=np.float64)
        weights = self._weigh(event, read_weights(sample_weight, len(event)))
        return self.classes_[event.astype(int)], weights

    def _hold(self, data: TrainingData, fits: Sequence[Fit], table: bool, stacklevel: int = 4) -> None:
        super()._hold(data, fits, table, stacklevel + 1)
        self.coef_ = self.coef_[None, :]
        self.intercept_ = np.array([self.intercept_])
        self.n_iter_ = np.ones(1, dtype=np.int32)

    def decision_function(self, X: Any, offset: Any = None) -> Array:
        """The log-odds of the second class.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features, with the names and in the order of the fit.
        offset : (n,) array, or number, optional
            Added to the log-odds. A model that was fitted with an offset needs one; 0 leaves it out.

        Returns
        -------
        (n,) array
            Log-odds, above 0 where the second class is more probable.
        """
        return np.ravel(self._linear(X, offset))

    def predict(self, X: Any, offset: Any = None) -> NDArray[Any]:
        """Predict the more probable class.

        Parameters
        ----------
        X, offset
            As in :meth:`decision_function`.

        Returns
        -------
        (n,) array
            Labels.
        """
        second = self.decision_function(X, **_given(offset)) > 0
        labels: NDArray[Any] = self.classes_[second.astype(int)]
        return labels

    def predict_proba(self, X: Any, offset: Any = None) -> Array:
        """Predict the probability of each class.

        Parameters
        ----------
        X, offset
            As in :meth:`decision_function`.

        Returns
        -------
        (n, 2) array
            Probabilities, in the order of ``classes_``.
        """
        odds = self.decision_function(X, **_given(offset))
        return np.column_stack([logistic(-odds), logistic(odds)])

    def predict_log_proba(self, X: Any, offset: Any = None) -> Array:
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X, offset
            As in :meth:`decision_function`.

        Returns
        -------
        (n, 2) array
            Logarithms, finite even where a probability is rounded to 0.
        """
        odds = self.decision_function(X, **_given(offset))
        return -np.logaddexp(0.0, np.column_stack([odds, -odds]))

    def score(self, X: Any, y: Any, sample_weight: Any = None, offset: Any = None) -> float:
        """Accuracy: the share of rows whose class is predicted.

        Parameters
        ----------
        X : (n, p) array, sparse matrix or data frame
            Features.
        y : (n,) array
            Labels.
        sample_weight : (n,) array, optional
            Weights of the rows.
        offset : (n,) array, or number, optional
            As in :meth:`decision_function`.

        Returns
        -------
        float
            From 0 to 1.
        """
        predicted = self.predict(X, **_given(offset))
        return float(accuracy_score(y, predicted, sample_weight=sample_weight))

    def sparsify(self) -> Self:
        """Keep ``coef_`` as a sparse matrix, which takes little room if most are zero.

        Returns
        -------
        object
            Itself; it predicts and explains as before.

        Examples
        --------
        >>> import equipoise as eq
        >>> X, y = [[0, 1], [1, 0], [2, 1], [3, 1], [4, 0], [5, 1]], ["no", "no", "yes", "no", "yes", "yes"]
        >>> model = eq.LogisticRegression(l1_ratio=1.0).fit(X, y)
        >>> model.sparsify().coef_.nnz, model.densify().coef_.shape
        (1, (1, 2))
        """
        check_is_fitted(self)
        self.coef_ = as_sparse(self.coef_)
        return self

    def densify(self) -> Self:
        """Keep ``coef_`` as an array again, after :meth:`sparsify`.

        Returns
        -------
        object
            Itself.
        """
        check_is_fitted(self)
        self.coef_ = as_dense(self.coef_)
        return self

    def what_if(  # type: ignore[override]  # the penalty is called C here
        self,
        *,
        without: str | Sequence[str] = (),
        C: float | None = None,
        X: Any = None,
        y: Any = None,
        sample_weight: Any = None,
        offset: Any = None,
    ) -> WhatIf:
        """Solve exactly without some features or with another C, and compare the two fits.

        Parameters
        ----------
        without : sequence of str, optional
            Features to forbid.
        C : float, optional
            Another C; the model's by default.
        X, y, sample_weight, offset
            As in :meth:`explain`.

        Returns
        -------
        WhatIf
            See :meth:`equipoise.Fit.what_if`; it counts the penalty as 1/C.

        Raises
        ------
        ValueError
            If a feature is unknown, its bounds forbid zero, or the model was fitted without a penalty and
            another C is asked for.

        Examples
        --------
        >>> import equipoise as eq
        >>> X, y = [[0, 1], [1, 0], [2, 1], [3, 1], [4, 0], [5, 1]], ["no", "no", "yes", "no", "yes", "yes"]
        >>> model = eq.LogisticRegression(C=0.2, l1_ratio=1.0).fit(X, y)
        >>> model.what_if(C=2).entered
        ('x1',)
        """
        alpha = None if C is None else inverse_of("C", C)
        if alpha and self._alpha_of(0) == 0:
            raise ValueError(
                f"this model was fitted without a penalty, of which no other is a multiple: fit another, "
                f"with C={C}"
            )
        given = {"X": X, "y": y, "sample_weight": sample_weight, "offset": offset}
        return super().what_if(without=without, alpha=alpha, **given)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def inverse_of(name: str, value: Any) -> float:
    """1/C of a C above 0, and 0 where it is infinite."""
    value = plain(value)
    if isinstance(value, Real) and value == np.inf:
        return 0.0
    number = checked_number(name, value)
    with np.errstate(divide="ignore"):
        inverse = float(np.divide(1.0, number))
    if np.isinf(inverse):
        raise ValueError(f"{name} is {number:g}: pass a number above 0, of which 1/C is finite")
    return inverse


def _given(offset: Any) -> dict[str, Any]:
    """The offset as a keyword, if there is one: a subclass may have methods of its own without it."""
    return {} if offset is None else {"offset": offset}
