"""The splits of scikit-learn's argument `cv`, of whole groups where rows are grouped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.model_selection import check_cv

from equipoise.data.arguments.calls import called_here
from equipoise.data.arguments.folds import fold_count
from equipoise.data.arguments.messages import suggestion
from equipoise.select.folds import held_out, refuse_deaf

FOLDS = 5  # scikit-learn's number where cv is None


def splits_of(
    cv: Any, X: Any, y: Any, params: Mapping[str, Any], *, classifier: bool = False
) -> list[tuple[Any, Any]]:
    """Return the training and held-out rows of every split.

    Parameters
    ----------
    cv : int, splitter, list of (train, test) pairs, or None
        As in scikit-learn; a number of folds shares out whole groups where ``params`` has them.
    X : (n, p) array
        Features.
    y : (n,) array
        Response.
    params : dict
        Passed to the splitter, such as ``groups``.
    classifier : bool
        Whether a number of folds has the classes of y in the same shares.

    Raises
    ------
    ValueError
        If groups are passed to a splitter that takes no notice of them, or splits divide one.
    """
    groups = params.get("groups")
    if groups is None:
        splits = list(check_cv(cv, y, classifier=classifier).split(X, y, **params))
        if not splits:
            raise ValueError(
                "cv holds no split: pass a number of folds, a splitter, or a list of (train, test) rows"
            )
        return splits
    number = FOLDS if cv is None else fold_count(cv)
    if number is not None:
        try:
            return list(held_out(number, X.shape[0], groups=groups))
        except ValueError as error:
            raise ValueError(str(error).replace("folds is", "cv is", 1)) from None
    if hasattr(cv, "split"):
        refuse_deaf(cv)
        return list(cv.split(X, y, **params))
    pairs = list(cv)
    held_out(pairs, X.shape[0], groups=groups)  # refuses those that divide a group
    return pairs


def refuse_unknown(
    params: Mapping[str, Any],
    method: str = "fit",
    known: Sequence[str] = ("sample_weight", "offset", "groups"),
) -> None:
    """Refuse parameters that a method does not know, where no metadata routing says whose they are.

    Parameters
    ----------
    params : dict
        What the method was passed beside its own parameters; ``groups`` may be there if it is known.
    method : str
        Its name.
    known : sequence of str
        What it takes beside X and y.

    Raises
    ------
    ValueError
        If there is another.
    """
    unknown = next((name for name in params if name != "groups" or name not in known), None)
    if unknown is None:
        return
    alike = called_here(unknown, known)
    remedy = f"it is called {alike} here" if alike else suggestion(unknown, known, "parameter")
    raise ValueError(
        f"{method} has no parameter '{unknown}': {remedy}; whatever else a splitter or a scorer takes needs "
        "scikit-learn's set_config(enable_metadata_routing=True)"
    )
