"""The response in a table, as numbers or as a column of labels, as the loss takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.frames.columns import read_column
from equipoise.data.frames.labels import label_column
from equipoise.objective.losses.base import Loss
from equipoise.objective.losses.registry import NAMES, read_loss
from equipoise.setup.reading import read_rows
from equipoise.setup.response import read_event, told_of_labels

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit

Array = NDArray[np.float64]

LOSSES = NAMES
"""The losses by name."""


class Target:
    """How a verb reads its target: by the loss that was asked for, or by squared loss alone.

    Parameters
    ----------
    loss : str or Loss, optional
        None of a verb that has no choice of one.
    """

    def __init__(self, loss: str | Loss | None = None) -> None:
        self.chosen = loss is not None
        self.loss = read_loss("squared" if loss is None else loss)

    @property
    def needs_rows(self) -> bool:
        """Whether sums of the rows will not do."""
        return not self.loss.squared

    def read(self, table: Any, name: str, *, finite: bool = True) -> Any:
        """The column as float64, (n,), or as it is where it may hold labels.

        ``finite=False`` allows missing values, as NaN.
        """
        if self.loss.takes_labels:
            return label_column(table, name)
        try:
            return read_column(table, name, role="target", finite=finite)
        except TypeError as error:
            raise told_of_labels(label_column(table, name), error) if self.chosen else error from None


def coded(y: Any) -> Array:
    """A response as numbers, NaN where it is missing; of two labels 0 and 1."""
    return y if isinstance(y, np.ndarray) else np.asarray(read_event(y, None)[0])


def target_of_model(model: Fit, table: Any, name: str, *, finite: bool = True) -> Array:
    """The response of a model as numbers, of its labels 0 and 1; ``finite=False`` allows missing ones."""
    found = Target(model.kind).read(table, name, finite=finite)
    if not model.kind.takes_labels:
        return np.asarray(found)
    y, _ = read_event(found, None, model.levels)
    return read_rows(y, f"target '{name}'", len(y), finite=finite)
