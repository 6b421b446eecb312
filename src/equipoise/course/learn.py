"""The verb ``learn``: the course as a page."""

from __future__ import annotations

import os

from equipoise.course.contents import chosen
from equipoise.course.page import page
from equipoise.data.arguments.calls import verb
from equipoise.show.page.document import write_page


@verb
def learn(path: str | os.PathLike[str] | None = None, *, section: int | None = None) -> str | None:
    """Write the course: how a penalty makes coefficients exactly zero, in sixteen sections that move.

    Parameters
    ----------
    path : path-like, optional
        The HTML file to write, replacing an old one. Without it the page is returned.
    section : int, optional
        The number of one section, 1 to 16, which is then alone on the page.

    Returns
    -------
    str or None
        The page if there is no ``path``. It works offline.

    Raises
    ------
    ValueError
        If there is no such section.

    Examples
    --------
    >>> import equipoise as eq
    >>> page = eq.learn(section=4)
    >>> "gradient kill" in page
    True
    """
    return write_page(page(chosen(section)), path)
