"""Additive sufficient statistics of least squares: means, centred XᵀX, Xᵀy and yᵀy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dger

Array = NDArray[np.float64]
Block = tuple[Array, Array, Array | None]


@dataclass(frozen=True)
class Moments:
    """Weighted moments of (X, y) about their means.

    A mean is kept as ``shift + offset``, the shift being a point near the data: sums about it lose no digits
    however far from zero the data lie. Two sets of moments are added by the pairwise update of Chan, Golub &
    LeVeque (1983), with the exact difference of their shifts.

    Attributes
    ----------
    rows : int
        Number of rows.
    weight : float
        Sum of the weights, Σ s.
    shift_x, offset_x : (p,) arrays
        The weighted mean of X is ``shift_x + offset_x``.
    shift_y, offset_y : float
        The weighted mean of y is ``shift_y + offset_y``.
    xx : (p, p) array, or (p,) array
        Centred Xᵀ S X, or only its diagonal.
    xy : (p,) array
        Centred Xᵀ S y.
    yy : float
        Centred yᵀ S y.
    """

    rows: int
    weight: float
    shift_x: Array
    offset_x: Array
    shift_y: float
    offset_y: float
    xx: Array
    xy: Array
    yy: float

    @property
    def mean_x(self) -> Array:
        """Weighted mean of each column, (p,)."""
        return self.shift_x + self.offset_x

    @property
    def mean_y(self) -> float:
        """Weighted mean of the response."""
        return self.shift_y + self.offset_y

    @classmethod
    @np.errstate(over="ignore", invalid="ignore")  # an overflow makes sums infinite, which is refused later
    def sum_blocks(
        cls, blocks: Iterable[Block], shift_x: Array, shift_y: float, *, gram: bool = True
    ) -> Moments:
        """Return the moments of blocks of rows, in one pass over them.

        Parameters
        ----------
        blocks : iterable of (X, y, weights or None)
            The rows, each in one block.
        shift_x, shift_y : (p,) array and float
            A point near the data. If ``shift_x`` is zero and there are no weights, no X is copied.
        gram : bool
            Whether to form all of XᵀX, or only its diagonal.
        """
        rows, weight, sum_y, yy = 0, 0.0, 0.0, 0.0
        sum_x: Any = 0.0
        xx: Any = 0.0
        xy: Any = 0.0
        moved = bool(shift_x.any())
        for x, y, s in blocks:
            x = x - shift_x if moved else x
            y = y - shift_y
            if s is None:
                weight += len(y)
                sum_x = sum_x + np.ones(len(y)) @ x
                sum_y += float(y.sum())
            else:
                weight += float(s.sum())
                sum_x = sum_x + s @ x
                sum_y += float(s @ y)
                root = np.sqrt(s)
                x = x * root[:, None]
                y = y * root
            square = x.T @ x if gram else np.einsum("ij,ij->j", x, x)
            xx = np.add(xx, square, out=square)
            xy = xy + y @ x
            yy += float(y @ y)
            rows += len(y)
        offset_x, offset_y = sum_x / weight, sum_y / weight
        xx -= weight * (offset_x[:, None] * offset_x if gram else offset_x**2)
        xy = xy - weight * offset_y * offset_x
        yy -= weight * offset_y * offset_y
        return cls(rows, weight, shift_x, offset_x, shift_y, offset_y, xx, xy, max(yy, 0.0))

    @classmethod
    def join_columns(cls, parts: Iterable[Moments]) -> Moments:
        """Return the moments of X = [X_1, X_2, …] from those of its blocks, each with the diagonal of XᵀX."""
        blocks = list(parts)
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(block, name) for block in blocks])
            for name in ("shift_x", "offset_x", "xx", "xy")
        }
        return replace(blocks[0], **joined)

    @np.errstate(over="ignore", invalid="ignore")
    def __add__(self, other: Moments) -> Moments:
        """Add the moments of two disjoint sets of rows."""
        weight = self.weight + other.weight
        share = other.weight / weight
        d_x = (other.shift_x - self.shift_x) + (other.offset_x - self.offset_x)
        d_y = (other.shift_y - self.shift_y) + (other.offset_y - self.offset_y)
        joint = self.weight * share
        if self.xx.ndim == 2:
            # A rank-one update in place: moving p² numbers is slow.
            xx = dger(joint, d_x, d_x, a=(self.xx + other.xx).T, overwrite_a=True).T
        else:
            xx = self.xx + other.xx + joint * d_x**2
        return Moments(
            self.rows + other.rows,
            weight,
            self.shift_x,
            self.offset_x + share * d_x,
            self.shift_y,
            self.offset_y + share * d_y,
            xx,
            self.xy + other.xy + joint * d_x * d_y,
            self.yy + other.yy + joint * d_y * d_y,
        )

    def about_zero(self) -> tuple[Array, Array, float]:
        """Return uncentred XᵀSX, XᵀSy and yᵀSy, for a model without an intercept."""
        m_x, m_y = self.mean_x, self.mean_y
        square = np.outer(m_x, m_x) if self.xx.ndim == 2 else m_x**2
        return (
            self.xx + self.weight * square,
            self.xy + self.weight * m_x * m_y,
            self.yy + self.weight * m_y * m_y,
        )
