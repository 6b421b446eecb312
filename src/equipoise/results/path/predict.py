"""Predictions at every strength of a path, by a few columns of the new rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.design.choose_design import design_of
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.squared import SQUARED
from equipoise.results.fit.kinds import check_kind, of_kind, refuse_method
from equipoise.results.fit.roles import Known, add_known, missing_values_told, read_features_of, take_known
from equipoise.setup.response import Levels
from equipoise.setup.setup import Setup

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]

TOGETHER = 256  # columns that predictions read at a time


class PathPredictor:
    """A path that reads new rows as it read its own, and predicts by its loss."""

    if TYPE_CHECKING:

        @property
        def asked(self) -> Setup | Fit:
            """What was asked."""

    @property
    def kind(self) -> Loss:
        """The loss of a row."""
        return self.asked.loss if isinstance(self.asked, Setup) else self.asked.kind

    @property
    def loss(self) -> str:
        """The loss, as ``loss=`` takes it."""
        return self.kind.label

    @property
    def levels(self) -> Levels | None:
        """The two labels of the response, the event second; None where it has none."""
        return self.asked.levels

    if not TYPE_CHECKING:  # which would then know of no mistake in a name

        def __getattr__(self, name: str) -> Any:
            refuse_method(name, "Path", self.kind if "strengths" in self.__dict__ else SQUARED)

    def predict(
        self,
        X: object,
        strength: float | None = None,
        *,
        kind: Literal["mean", "link", "class"] = "mean",
        offset: object = None,
        exposure: object = None,
        unseen: Literal["error", "zero"] = "error",
        missing: Literal["error", "nan"] = "error",
    ) -> NDArray[Any]:
        """Predict the response at every strength, (n, m), or at one, (n,).

        Parameters
        ----------
        X : (n, p) array, scipy.sparse matrix, data frame, file or Mapped
            Read as :meth:`Fit.predict` reads it.
        strength : float, optional
            One strength, whose solution is exact: the predictions of ``path.at(strength)``. By default column
            i holds those at ``path.strengths[i]``.
        kind : {"mean", "link", "class"}, default "mean"
            As in :meth:`Fit.predict`.
        offset, exposure : (n,) array, number or str, optional
            As in :meth:`Fit.predict`.
        unseen : {"error", "zero"}, default "error"
            How to read a category that the fit did not see: refuse it, or code it 0 in all levels.
        missing : {"error", "nan"}, default "error"
            As in :meth:`Fit.predict`.

        Examples
        --------
        >>> import equipoise as eq
        >>> path = eq.path([[1, 1], [1, 0], [0, 1]], [3, 2, 1], intercept=False, strengths=[4, 2])
        >>> path.predict([[3, 3], [0, 3]])
        array([[1.5, 5. ],
               [0. , 1. ]])
        >>> path.predict([[3, 3], [0, 3]], 2)
        array([5., 1.])
        """
        if strength is not None:
            return (
                cast("Path", self)
                .at(strength)
                .predict(X, kind=kind, offset=offset, exposure=exposure, unseen=unseen, missing=missing)
            )
        return _predict_along(cast("Path", self), X, kind, Known(offset, exposure), unseen, missing)


def _predict_along(
    path: Path,
    X: object,
    kind: str,
    known: Known,
    unseen: Literal["error", "zero"],
    missing: Literal["error", "nan"],
) -> NDArray[Any]:
    """Predictions of a kind for some rows at every strength, (n, m)."""
    check_kind(kind, path.kind, path.levels)
    with missing_values_told():
        X, known = take_known(path.asked, X, known, finite=missing == "error")
        matrix, gone = read_features_of(path.asked, X, unseen, missing)
        design = design_of(matrix)
        eta = np.tile(path.intercept, (design.shape[0], 1))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(path.ever), TOGETHER):
                some = slice(start, start + TOGETHER)
                eta += design.columns(path.ever[some]) @ path.values[:, some].T
        eta = add_known(eta, known, gone)
    return of_kind(eta, kind, path.kind, path.levels)
