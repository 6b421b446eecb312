"""Read a model file."""

from __future__ import annotations

import os

from equipoise.data.arguments.calls import verb
from equipoise.data.files.documents import read_document
from equipoise.results.fit.model_file import model_arguments
from equipoise.results.fit.result import Fit


@verb
def load(path: str | os.PathLike[str]) -> Fit:
    """Read a model that :meth:`Fit.save` wrote.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Fit
        The model; its data are not in the file.

    Raises
    ------
    ValueError
        If the file is not a model, is of another version, or was changed by hand.

    Examples
    --------
    >>> import equipoise as eq, tempfile, pathlib
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fit.save(pathlib.Path(folder, "model.json"))
    ...     eq.load(pathlib.Path(folder, "model.json")).coef
    array([1.66666667, 0.66666667])
    """
    return read_document(path, {"model": lambda model: Fit(**model_arguments(model))})
