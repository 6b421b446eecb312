"""Work shared out over cores: at once, all of it, and none that nobody waits for."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import scipy.linalg  # noqa: F401 - with NumPy's, the BLAS that is limited
from threadpoolctl import threadpool_info, threadpool_limits

from equipoise.solve.threads import in_threads


@pytest.fixture(params=[1, 2, 5])
def cores(request, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(request.param), raising=False)
    return request.param


@pytest.mark.parametrize("count", [1, 2, 9])
def test_every_piece_is_done_once_and_told_with_its_number(cores, count):
    done = []

    def work(k, going):
        assert going()
        done.append(k)
        return k * k

    assert sorted(in_threads(work, count)) == [(k, k * k) for k in range(count)]
    assert sorted(done) == list(range(count))


def test_as_many_run_at_once_as_there_are_cores(cores):
    meeting = threading.Barrier(cores)  # passes only if so many wait at the same time
    found = in_threads(lambda k, going: meeting.wait(20) >= 0, 2 * cores)
    assert [fine for _, fine in found] == [True] * (2 * cores)


def test_one_core_needs_no_thread(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(1), raising=False)
    assert {thread for _, thread in in_threads(lambda k, going: threading.get_ident(), 3)} == {
        threading.get_ident()
    }


def test_results_come_as_they_are_done(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(2), raising=False)
    told = threading.Event()
    found = in_threads(lambda k, going: told.wait(20) if k == 0 else True, 2)
    assert next(found) == (1, True)
    told.set()
    assert next(found) == (0, True)


def test_who_stops_listening_stops_the_work(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(2), raising=False)
    begun, ended = [], []

    def work(k, going):
        begun.append(k)
        while k > 0 and going():
            time.sleep(0.001)
        ended.append(k)

    found = in_threads(work, 40)
    assert next(found)[0] == 0
    found.close()
    assert sorted(ended) == sorted(begun)
    assert len(begun) < 40


def test_a_mistake_is_raised_where_it_is_waited_for(cores):
    def work(k, going):
        if k == 1:
            raise ZeroDivisionError("second")

    with pytest.raises(ZeroDivisionError, match="second"):
        list(in_threads(work, 3))


# ---- how many threads BLAS has meanwhile ------------------------------------------------------------


def blas():
    """The numbers of threads of the BLAS libraries, as threadpoolctl reads them."""
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize(
    ("cores", "count", "asked", "workers", "share"),
    [
        (2, 4, None, 2, 1),
        (7, 3, None, 3, 2),
        (4, 9, "2", 2, 1),
        (4, 2, "64", 2, 2),
        (4, 5, "1", 1, 1),
        (4, 1, "3", 1, 3),
        (4, 1, None, 1, 8),  # a task alone leaves BLAS as it is
    ],
)
def test_workers_times_threads_of_blas_are_no_more_than_cores(
    cores, count, asked, workers, share, monkeypatch
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(cores), raising=False)
    if asked is not None:
        monkeypatch.setenv("EQUIPOISE_THREADS", asked)
    meeting, lock, now, most = threading.Barrier(workers), threading.Lock(), [0], []

    def work(k, going):
        with lock:
            now[0] += 1
            most.append(now[0])
        if k < workers:
            meeting.wait(20)  # passes only if so many are at work
        told = blas()
        with lock:
            now[0] -= 1
        return told

    with threadpool_limits(8, user_api="blas"):
        assert [told for _, told in in_threads(work, count)] == [{share}] * count
        assert max(most) == workers
        assert blas() == {8}


def test_blas_is_restored_when_a_task_fails_or_nobody_listens(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(2), raising=False)

    def fails(k, going):
        raise ZeroDivisionError

    with threadpool_limits(3, user_api="blas"):
        with pytest.raises(ZeroDivisionError):
            list(in_threads(fails, 4))
        assert blas() == {3}
        found = in_threads(lambda k, going: blas(), 4)
        assert next(found)[1] == {1}
        found.close()
        assert blas() == {3}


def test_no_task_needs_no_thread(cores):
    assert list(in_threads(lambda k, going: k, 0)) == []


def test_a_bad_number_of_threads_is_refused(monkeypatch):
    monkeypatch.setenv("EQUIPOISE_THREADS", "many")
    with pytest.raises(ValueError, match=r"EQUIPOISE_THREADS is 'many': set it to"):
        list(in_threads(lambda k, going: k, 3))


SOLVE = """
import sys, numpy as np, equipoise as eq
rng = np.random.default_rng(0)
X = rng.normal(size=(1500, 200))
y = X[:, :5].sum(axis=1) + rng.normal(size=1500)
cv = eq.cross_validate(X, y, folds=3, count=10)
print(*(value.hex() for value in [*cv.fold_loss.ravel().tolist(), *cv.best.coef.tolist()]))
print(cv.best.certificate.optimal)
"""


def test_threads_of_blas_within_threads_of_folds_change_no_result():
    """The other tests run with one thread of BLAS; data of this size would keep two busy."""
    found = {}
    for threads in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", SOLVE],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        *values, optimal = run.stdout.split()
        assert optimal == "True"
        found[threads] = [float.fromhex(value) for value in values]
    np.testing.assert_allclose(found["2"], found["1"], rtol=1e-9, atol=1e-12)
