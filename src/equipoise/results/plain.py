"""What records share: how they show, values as JSON takes them, columns as a frame or a paper's table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.show.markup import latex_table, markdown_table

Array = NDArray[np.float64]


def to_plain(value: Any) -> Any:
    """Arrays as lists, infinities and NaN as None, NumPy scalars as Python's."""
    if isinstance(value, np.ndarray):
        return [to_plain(v) for v in value.tolist()]
    if isinstance(value, (np.bool_, np.integer)):
        return value.item()
    if isinstance(value, float):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: to_plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(v) for v in value]
    return value


def fields_of(record: Any) -> dict[str, Any]:
    """All fields of a dataclass, JSON-able."""
    return {field.name: to_plain(getattr(record, field.name)) for field in fields(record)}


def to_frame(columns: Mapping[str, Sequence[Any]], like: object, own: object) -> Any:
    """A data frame of the library of ``like``; where that is None, of ``own``, the frame that X came in.

    With ``like=dict`` the columns as they are.
    """
    if like is dict:
        return columns
    from equipoise.data.frames.native import to_native_frame

    return to_native_frame(columns, like=own if like is None else like)


INTERCEPT = "(Intercept)"  # its row in a table, as R writes it


class Shown(ABC):
    """A result that shows the same wherever it is looked at: printed, at the prompt, in a notebook."""

    @abstractmethod
    def _shown(self) -> list[str]:
        """What there is to see: lines and tables, "" for an empty line, wrapped lines in one piece."""

    def __str__(self) -> str:
        return "\n".join(self._shown())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from equipoise.show.notebook import html_of

        return html_of(self._shown())


class Tabular(Shown):
    """A result with a table, ``to_frame``, which papers take as Markdown or LaTeX."""

    @abstractmethod
    def to_frame(self, like: object = None) -> Any:
        """The table, as a data frame.

        Parameters
        ----------
        like : frame or str, optional
            The data frame library to use, by its name or a frame of it; by default that of X.
        """

    def for_paper(self) -> dict[str, list[Any]]:
        """The table of a paper, as a dict of lists: that of ``to_frame``, unless there is more to it."""
        table: dict[str, list[Any]] = self.to_frame(dict)
        return table

    def to_markdown(self, digits: int = 6) -> str:
        """The table of ``to_frame`` in Markdown, as GitHub and pandoc read it.

        Parameters
        ----------
        digits : int, default 6
            Significant digits of numbers.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
        >>> print(fit.to_markdown(digits=3))
        | feature | coef | limit |
        | --- | ---: | ---: |
        | x1 | 1.67 | 1 |
        | x2 | 0.667 | 1 |
        """
        return markdown_table(self.for_paper(), _as_digits(digits))

    def to_latex(self, digits: int = 6) -> str:
        r"""The table of ``to_frame`` in LaTeX: a tabular with the rules of the package booktabs.

        Decimal points stand below each other. Letters that pdfTeX does not know need XeTeX or LuaTeX.

        Parameters
        ----------
        digits : int, default 6
            Significant digits of numbers.

        Examples
        --------
        >>> import equipoise as eq
        >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
        >>> print(fit.to_latex(digits=3))
        \begin{tabular}{lrr}
        \toprule
        feature & coef & limit \\
        \midrule
        x1 & $1.67\phantom{0}$ & $1$ \\
        x2 & $0.667$ & $1$ \\
        \bottomrule
        \end{tabular}
        """
        return latex_table(self.for_paper(), _as_digits(digits))


def _as_digits(digits: object) -> int:
    if isinstance(digits, bool) or not isinstance(digits, int | np.integer) or not 1 <= digits <= 17:
        raise ValueError(f"digits is {digits!r}: pass a whole number from 1 to 17")
    return int(digits)


def largest_first(coef: Array, limits: Array) -> list[int]:
    """Indices of the non-zero coefficients, the largest |w_j|·l1_j first; of |w_j| where l1_j = 0."""
    return sorted(np.flatnonzero(coef).tolist(), key=lambda j: -abs(coef[j]) * (limits[j] or 1.0))
