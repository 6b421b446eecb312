"""Limits of BLAS: the smallest in force counts, none raises the user's own, the last to end restores it."""

import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import scipy.linalg  # noqa: F401 - with NumPy's, the two that are limited
from threadpoolctl import threadpool_info, threadpool_limits

import equipoise as eq
from equipoise.data.arguments.blas_threads import LARGE, MANY, asked_threads, blas_threads, one_blas_thread
from equipoise.design.dense import Dense
from equipoise.objective import proofs
from equipoise.setup.set_up import set_up
from equipoise.solve.path import solve_path
from equipoise.solve.squares import refine
from equipoise.sums import fold_moments


def in_use():
    """The numbers of threads of the BLAS libraries, as threadpoolctl reads them."""
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def user():
    """A user who has set 4 threads, and finds them again."""
    with threadpool_limits(4, user_api="blas"):
        yield 4
        assert in_use() == {4}


def test_both_libraries_are_limited_and_restored():
    with blas_threads(2):
        assert in_use() == {2}
    assert in_use() == {4}


def test_the_smallest_of_nested_limits_counts():
    with blas_threads(2):
        with blas_threads(3):
            assert in_use() == {2}
            with blas_threads(1):
                assert in_use() == {1}
            assert in_use() == {2}
        assert in_use() == {2}


@pytest.mark.parametrize("own", [1, 2])
def test_no_limit_raises_what_the_user_has_set(own):
    with threadpool_limits(own, user_api="blas"):
        with blas_threads(3):
            assert in_use() == {own}
        assert in_use() == {own}


def test_a_number_that_is_set_meanwhile_is_the_users():
    with blas_threads(2):
        inside = threadpool_limits(3, user_api="blas")
        with blas_threads(1):
            assert in_use() == {1}
        assert in_use() == {2}
        inside.restore_original_limits()  # 2 again
    assert in_use() == {3}
    threadpool_limits(4, user_api="blas")


@pytest.mark.parametrize("interrupt", [ZeroDivisionError, KeyboardInterrupt, GeneratorExit])
def test_restored_after_whatever_ends_the_block(interrupt):
    with pytest.raises(interrupt), blas_threads(1):
        raise interrupt
    assert in_use() == {4}


def test_of_two_threads_the_last_to_leave_restores():
    both, first_left, told = threading.Barrier(2), threading.Event(), {}

    def first():
        with blas_threads(1):
            both.wait(20)
        told["first"] = in_use()
        first_left.set()

    def second():
        with blas_threads(2):
            both.wait(20)
            assert first_left.wait(20)
            told["second"] = in_use()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(first), pool.submit(second)]:
            future.result()
    assert told == {"first": {2}, "second": {2}}


def test_many_threads_in_and_out_leave_nothing_behind():
    start = threading.Barrier(8)

    def work(seed):
        start.wait(20)
        for most in np.random.default_rng(seed).integers(1, 4, size=50).tolist():
            with blas_threads(most):
                assert max(in_use()) <= most

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert in_use() == {4}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_fork_carries_no_limit_of_another_thread_with_it():
    held, done = threading.Event(), threading.Event()

    def hold():
        with blas_threads(1):
            held.set()
            done.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(20)
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put(_after_a_limit_of(3)))
    child.start()
    child.join(20)
    done.set()
    other.join()
    assert child.exitcode == 0
    assert answers.get() == ({3}, {4})


def _after_a_limit_of(most):
    with blas_threads(most):
        inside = in_use()
    return inside, in_use()


# ---- where the library sets one -----------------------------------------------------------------


class Shaped:
    def __init__(self, rows, columns):
        self.shape = rows, columns


@pytest.mark.parametrize(
    ("shape", "products", "asked", "expected"),
    [
        ((LARGE // 100, 100), False, None, 1),
        ((LARGE // 100 - 1, 100), False, None, 4),  # small data need no limit
        ((LARGE // 100, 100), True, None, 1),
        ((1000, MANY), True, None, 4),  # several threads pay
        ((1000, MANY), True, "2", 2),
        ((1000, MANY), False, "2", 1),
        ((1000, MANY), True, "9", 4),
    ],
)
def test_a_function_of_large_data_runs_on_one_thread(shape, products, asked, expected, monkeypatch):
    if asked is not None:
        monkeypatch.setenv("EQUIPOISE_THREADS", asked)

    @one_blas_thread(lambda data: data.shape, products=products)
    def work(data, *, told):
        """What it does."""
        return told, in_use()

    assert work(Shaped(*shape), told=7) == (7, {expected})
    assert (work.__name__, work.__doc__) == ("work", "What it does.")
    assert in_use() == {4}


def test_a_generator_is_limited_while_it_works_and_closed_with_its_caller():
    ended = []

    @one_blas_thread(lambda data: data.shape)
    def steps(data):
        try:
            for _ in range(2):
                yield in_use()
        finally:
            ended.append(in_use())

    found = steps(Shaped(LARGE, 1))
    assert next(found) == {1}
    assert in_use() == {4}  # the caller may want all threads
    assert list(found) == [{1}]
    found = steps(Shaped(LARGE, 1))
    next(found)
    found.close()
    assert len(ended) == 2
    assert list(steps(Shaped(LARGE - 1, 1))) == [{4}] * 2


@pytest.mark.parametrize("asked", ["0", "-1", "2.5", "two", "1e3", "²", "9" * 5000])
def test_what_is_no_number_of_threads_is_refused(asked, monkeypatch):
    monkeypatch.setenv("EQUIPOISE_THREADS", asked)
    with pytest.raises(ValueError, match=r"^EQUIPOISE_THREADS is '.*': set it to the most threads .*$"):
        asked_threads()


@pytest.mark.parametrize(("asked", "number"), [("", None), (" ", None), ("1", 1), (" 12 ", 12)])
def test_the_environment_says_how_many(asked, number, monkeypatch):
    monkeypatch.setenv("EQUIPOISE_THREADS", asked)
    assert asked_threads() == number


def large(rows, columns):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, columns))
    return X, X[:, :5].sum(axis=1) + rng.normal(size=rows)


def while_called(owner, function, monkeypatch, verb):
    """The numbers of threads that are in use when the verb calls a function of a module."""
    inner, told = getattr(owner, function), set()

    def called(*args, **named):
        told.update(in_use())
        return inner(*args, **named)

    monkeypatch.setattr(owner, function, called)
    verb()
    return told


@pytest.mark.parametrize("shape", [(800, 250), (300, 700)])
@pytest.mark.parametrize(("module", "function"), [(refine, "imbalance"), (proofs, "_prove_nonzeros")])
def test_a_fit_is_solved_and_certified_on_one_thread(shape, module, function, monkeypatch):
    X, y = large(*shape)
    l1 = 0.3 * float(np.abs(X.T @ (y - y.mean())).max())
    assert while_called(module, function, monkeypatch, lambda: eq.fit(X, y, l1=l1)) == {1}


@pytest.mark.parametrize(("shape", "threads"), [((800, 250), {1}), ((600, 500), {4})])
def test_products_of_many_columns_keep_the_users_threads(shape, threads, monkeypatch):
    X, y = large(*shape)
    assert while_called(Dense, "moments", monkeypatch, lambda: eq.fit(X, y, l1=100.0)) == threads


@pytest.mark.parametrize(("columns", "threads"), [(20, {4}), (200, {1}), (500, {4})])
def test_batches_are_summed_up_on_one_thread_too(columns, threads, monkeypatch):
    X, y = large(1000, columns)
    call = lambda: fold_moments.batch_moments([*X.T], y, None, None, 1)  # noqa: E731
    assert while_called(fold_moments, "_moments", monkeypatch, call) == threads


def test_a_path_that_is_left_halfway_holds_no_limit():
    X, y = large(300, 700)
    problem = set_up(X, y, l1=1.0).problem
    top = float(np.abs(problem.response_pull).max())
    batches = solve_path(problem, np.geomspace(top, 0.1 * top, 40))
    next(batches)
    assert in_use() == {4}  # between two batches the caller may want all threads
    batches.close()
    assert in_use() == {4}


def test_small_fits_load_no_threadpoolctl():
    code = (
        "import sys, numpy as np, equipoise as eq\n"
        "X = np.random.default_rng(0).normal(size=(100, 10))\n"
        "str(eq.fit(X, X[:, 0], l1=1.0).certificate)\n"
        "eq.path(X, X[:, 0], count=5)\n"
        "print('threadpoolctl' in sys.modules, 'sklearn' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.stdout.split() == ["False", "False"], run.stderr
