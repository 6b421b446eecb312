"""Read a file that holds a model, a path or a cross-validation."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from equipoise.data.arguments.calls import verb
from equipoise.data.files.documents import read_document
from equipoise.results.choice.choice_file import choice_arguments
from equipoise.results.choice.result import CrossValidation
from equipoise.results.fit.model_file import model_arguments
from equipoise.results.fit.result import Fit
from equipoise.results.path.path_file import path_arguments
from equipoise.results.path.result import Path

READERS: dict[str, Callable[[dict[str, Any], int], Fit | Path | CrossValidation]] = {
    "model": lambda record, schema: Fit(**model_arguments(record, schema)),
    "path": lambda record, schema: Path(**path_arguments(record, schema)),
    "cross-validation": lambda record, schema: CrossValidation(**choice_arguments(record, schema)),
}


@verb
def load(path: str | os.PathLike[str]) -> Fit | Path | CrossValidation:
    """Read what :meth:`Fit.save`, :meth:`Path.save` or :meth:`CrossValidation.save` wrote.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Fit, Path or CrossValidation
        What was saved; its data are not in the file. What needs them, such as a report or a path between its
        strengths, says so; ``explain`` takes them again.

    Raises
    ------
    ValueError
        If the file is none of these, is of another version, was changed after it was saved, or does not hold
        what such a result has, each entry of its type and all of one result.

    Examples
    --------
    >>> import equipoise as eq, tempfile, pathlib
    >>> fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fit.save(pathlib.Path(folder, "model.json"))
    ...     eq.load(pathlib.Path(folder, "model.json")).coef
    array([1.66666667, 0.66666667])
    """
    return read_document(path, READERS)
