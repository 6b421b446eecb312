"""Calls of estimators: one that does not fit a method is refused in a sentence with the remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from inspect import isfunction, signature
from typing import Any

from equipoise.data.arguments.calls import PENALTIES, mistake


def tell_calls(cls: type) -> None:
    """Let the methods of a class refuse a call that does not fit them; their signatures stay as they are."""
    for name, member in [*vars(cls).items()]:
        if isfunction(member) and (name == "__init__" or not name.startswith("_")):
            setattr(cls, name, _told(member))


def _told(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def called(self: Any, *args: Any, **named: Any) -> Any:
        try:
            return method(self, *args, **named)
        except TypeError as error:
            # A traceback that ends here is Python's, of a call that never began.
            if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
                raise
        parameters = dict([*signature(method).parameters.items()][1:])
        begun = method.__name__ == "__init__"
        name = type(self).__name__ + ("" if begun else f".{method.__name__}")
        kind = None if begun else self._kind()
        remedies = {given: _remedy(given, parameters, kind) for given in named}
        raise TypeError(mistake(name, parameters, args, named, remedies))

    return called


def _remedy(given: str, parameters: Collection[str], kind: Any) -> str | None:
    """What to write in place of another's argument; None where it resembles one of these."""
    if given == "positive" and "lower" in parameters:
        return "pass lower=0"
    if given == "exposure" and "offset" in parameters and kind is not None:
        return f"leave it out, for loss={kind.label!r} models no logarithm that one could be added to"
    if given not in PENALTIES:
        return None
    for own in ("alpha", "alphas"):
        if own in parameters:
            if given in ("C", "Cs"):
                return f"pass {own}, a penalty, of which C is the inverse"
            return f"it is called {own} here"
    for own in ("C", "Cs"):
        if own in parameters:
            return f"pass {own}, the inverse of a penalty: twice the C is half the penalty"
    return None
