"""Another question put to the same data: without some features, or under another penalty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.data.arguments.public import public
from equipoise.results.other_fits.text import what_if_text
from equipoise.results.plain import to_frame

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit


@public
@dataclass(frozen=True, eq=False)
class WhatIf:
    """A fit beside the same fit without some features or under another penalty, solved exactly.

    Parameters
    ----------
    before, after : Fit
        The two; ``after`` carries a certificate of its own.
    without : tuple of str
        Features that were forbidden.
    loss_before, loss_after : float
        Σ s_i ½ residual_i².
    objective_before, objective_after : float
        Loss and penalty, each under its own penalty.
    gain : float
        The objective of the null model less ``objective_before``.

    Examples
    --------
    >>> import equipoise as eq
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3.5, intercept=False)
    >>> print(fit.what_if(without=["x1"]))
    without x1: x2 enters, x1 leaves; the loss rises from 3.8125 to 6.0625, the objective by 0.5 (88.9 %
    of what the model gains over the null model)
    <BLANKLINE>
    feature  before  after
    x1         0.75      0  leaves
    x2            0   0.25  enters
    """

    before: Fit
    after: Fit
    without: tuple[str, ...]
    loss_before: float
    loss_after: float
    objective_before: float
    objective_after: float
    gain: float

    @property
    def entered(self) -> tuple[str, ...]:
        """Features that are in the model now and were not."""
        return self._where((self.before.coef == 0) & (self.after.coef != 0))

    @property
    def left(self) -> tuple[str, ...]:
        """Features that were in the model and are not now."""
        return self._where((self.before.coef != 0) & (self.after.coef == 0))

    @property
    def changed_sign(self) -> tuple[str, ...]:
        """Features whose coefficient has the other sign now."""
        return self._where(np.sign(self.before.coef) * np.sign(self.after.coef) < 0)

    @property
    def same_penalty(self) -> bool:
        """Whether nothing but features was taken away, so that the two objectives can be compared."""
        return all(np.array_equal(*self._of_kept(name)) for name in ("l1", "l2"))

    def _of_kept(self, penalty: str) -> tuple[Any, Any]:
        """A penalty of the features that were not taken away, before and after."""
        names = self.before.features
        kept = np.array([name not in self.without for name in names], dtype=bool)
        before, after = (
            np.broadcast_to(getattr(fit, penalty), kept.shape)[kept] for fit in (self.before, self.after)
        )
        return before, after

    @property
    def cost(self) -> float | None:
        """What the objective rises by; None under another penalty."""
        return max(self.objective_after - self.objective_before, 0.0) if self.same_penalty else None

    @property
    def relative_cost(self) -> float | None:
        """The same ÷ what the model gains over the null model; None where that is nothing or not the measure.

        The null model has the unpenalised features: what one of them brings is no part of the gain.
        """
        taken = np.array([name in self.without for name in self.before.features])
        free = (np.asarray(self.before.l1) == 0) & (np.asarray(self.before.l2) == 0)
        nothing = self.gain <= 1e-12 * (abs(self.objective_before) + self.gain)
        if self.cost is None or nothing or np.any(free & taken):
            return None
        return self.cost / self.gain

    def _where(self, flags: Any) -> tuple[str, ...]:
        return tuple(self.before.features[int(j)] for j in np.flatnonzero(flags))

    def to_dict(self) -> dict[str, Any]:
        """What changed, and both fits, JSON-able."""
        return {
            "without": list(self.without),
            "entered": list(self.entered),
            "left": list(self.left),
            "changed_sign": list(self.changed_sign),
            "loss_before": self.loss_before,
            "loss_after": self.loss_after,
            "objective_before": self.objective_before,
            "objective_after": self.objective_after,
            "cost": self.cost,
            "relative_cost": self.relative_cost,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def to_frame(self, like: object = None) -> Any:
        """One row per feature that is in either model (feature, before, after, change), as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """
        rows = self._rows()
        columns: dict[str, list[Any]] = {
            "feature": [self.before.features[j] for j in rows],
            "before": [float(self.before.coef[j]) for j in rows],
            "after": [float(self.after.coef[j]) for j in rows],
            "change": [self._change(j) for j in rows],
        }
        return to_frame(columns, like, self.before.frame)

    def _rows(self) -> list[int]:
        before, after = self.before.coef, self.after.coef
        either = np.flatnonzero((before != 0) | (after != 0))
        size = np.maximum(np.abs(before), np.abs(after))[either]
        return [int(j) for j in either[np.argsort(-size, kind="stable")]]

    def _change(self, j: int) -> str:
        before, after = self.before.coef[j], self.after.coef[j]
        if before == 0:
            return "enters"
        if after == 0:
            return "leaves"
        return "changes sign" if before * after < 0 else ""

    def __str__(self) -> str:
        return what_if_text(self)

    def __repr__(self) -> str:
        return f"<WhatIf: {len(self.entered)} enter, {len(self.left)} leave>"
