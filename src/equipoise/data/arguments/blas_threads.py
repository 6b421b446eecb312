"""How many threads BLAS may use: those of numerical libraries fight each other and whoever else needs a core.

Threads of BLAS wait for one another by spinning, at the end of every product. In the solver's loops, of many
small products, they wait longer than they work: on a busy machine one thread is 2 to 15 times as fast.
Several pay in a product of many columns with themselves.

A limit belongs to the process, not to the thread that sets it. All that are in force are therefore kept here:
the smallest counts, no limit raises the number that the user has set, and the last one to end restores it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from inspect import isgeneratorfunction
from operator import attrgetter
from threading import Lock, get_ident
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

VARIABLE = "EQUIPOISE_THREADS"
LARGE = 150_000  # entries of a matrix from which on a limit is worth the 10 ms that the first one takes
MANY = 500  # columns whose product with themselves several threads speed up

OF_PROBLEM = attrgetter("view.design.shape")
OF_HOLDER = attrgetter("problem.view.design.shape")  # of an object that holds a problem

_lock = Lock()
_limits: dict[object, tuple[int, int]] = {}  # those in force: the thread that each belongs to, and the number
_pools: list[_Pool] = []


class _Pool:
    """The threads of one BLAS library: NumPy and SciPy may each bring their own.

    Attributes
    ----------
    user : int
        The number of threads that it has without us.
    ours : int
        The number that we set last.
    """

    def __init__(self, library: Any) -> None:
        self._library = library
        self.user = self.ours = library.get_num_threads()

    def limit(self) -> None:
        """Bring the number of threads into line with the limits in force."""
        present = self._library.get_num_threads()
        if present != self.ours:
            self.user = present  # somebody else has set it
        wanted = min([self.user, *(most for _, most in _limits.values())])
        if wanted != present:
            self._set(wanted)
        self.ours = self._library.get_num_threads()

    def _set(self, threads: int) -> None:
        """Set the number from whatever thread this is."""
        # Newer releases of threadpoolctl listen to one thread only, the first that sets a number, until told
        # otherwise. The number that it has set is kept as the user's, and comes back.
        release = getattr(self._library, "clear_controlling_thread", None)
        if release is not None:
            release(force=True)
        self._library.set_num_threads(threads)
        if release is not None:
            release()


def asked_threads() -> int | None:
    """The most threads to use at once, as the environment says; None where it says nothing.

    Raises
    ------
    ValueError
        If that is no whole number from 1 up.

    Examples
    --------
    >>> import os
    >>> os.environ["EQUIPOISE_THREADS"] = "all"
    >>> asked_threads()
    Traceback (most recent call last):
    ...
    ValueError: EQUIPOISE_THREADS is 'all': set it to the most threads to use, from 1 up, or unset it
    >>> del os.environ["EQUIPOISE_THREADS"]
    """
    asked = os.environ.get(VARIABLE, "").strip()
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10 and int(asked) > 0):
        raise ValueError(
            f"{VARIABLE} is {asked!r}: set it to the most threads to use, from 1 up, or unset it"
        )
    return int(asked)


@contextmanager
def blas_threads(most: int) -> Iterator[None]:
    """Let BLAS use at most some number of threads, in the whole process, until the block ends."""
    limit = object()
    try:
        with _lock:
            if not _pools:
                _pools.extend(_find_pools())
            _limits[limit] = get_ident(), most
            _bring_into_line()
        yield
    finally:
        with _lock:
            _limits.pop(limit, None)  # an interrupt may have come before it was there
            _bring_into_line()


def one_blas_thread(
    shape: Callable[[Any], tuple[int, int]] = OF_PROBLEM, *, products: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function, or a generator, that is to run on one thread of BLAS where the data are large.

    Parameters
    ----------
    shape : callable, optional
        From the function's first argument, the shape of the data; by default of a problem.
    products : bool
        Whether the function forms products of columns with themselves, which several threads may share where
        the columns are many.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        steps = isgeneratorfunction(function)

        @wraps(function)
        def limited(*args: P.args, **named: P.kwargs) -> T:
            rows, columns = shape(args[0])
            if rows * columns < LARGE:
                return function(*args, **named)
            most = asked_threads() if products and columns >= MANY else 1
            if most is None:
                return function(*args, **named)
            if steps:
                return cast(T, _limited_steps(cast("Generator[Any]", function(*args, **named)), most))
            with blas_threads(most):
                return function(*args, **named)

        return limited

    return decorate


def _limited_steps(steps: Generator[Any], most: int) -> Iterator[Any]:
    """What a generator yields, with BLAS limited while it works, not while its caller does."""
    end = object()
    with closing(steps):
        while True:
            with blas_threads(most):
                found = next(steps, end)
            if found is end:
                return
            yield found


def _find_pools() -> list[_Pool]:
    from threadpoolctl import ThreadpoolController

    return [_Pool(library) for library in ThreadpoolController().select(user_api="blas").lib_controllers]


def _bring_into_line() -> None:
    for pool in _pools:
        pool.limit()


def _keep_own() -> None:
    """Forget, in a forked process, the limits of threads that it does not have."""
    for limit, (thread, _) in [*_limits.items()]:
        if thread != get_ident():
            del _limits[limit]
    _lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_keep_own)
