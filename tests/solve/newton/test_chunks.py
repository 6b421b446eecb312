"""Chunks: what takes part grows as it must, and a chunk that does not settle is cut."""

import numpy as np
from solve.newton.test_path import assert_solved, build, data, response

from equipoise.solve.newton import chunks
from equipoise.solve.newton.chunks import Chunks
from equipoise.solve.newton.solved import join
from equipoise.solve.path import largest_strength


def problem_and_grid(p=300, loss="binomial", ratio=0.05):
    X, signal, rng = data(60, p)
    y = response(loss, signal, rng)
    problem = build(loss, X, y)
    return X, y, problem, largest_strength(problem) * np.geomspace(1.0, ratio, 20)


def solved(path, strengths):
    return [join(path.problem, list(path.path(strengths, None)), whole=True)]


def test_few_columns_take_part_in_a_wide_path():
    X, y, problem, strengths = problem_and_grid()
    path = Chunks(problem)
    assert_solved("binomial", X, y, solved(path, strengths))
    assert len(path.working.indices) < 150


def test_columns_that_no_prediction_named_still_join(monkeypatch):
    monkeypatch.setattr(Chunks, "_admit_predicted", lambda self, target: None)
    X, y, problem, strengths = problem_and_grid()
    assert_solved("binomial", X, y, solved(Chunks(problem), strengths))


def test_a_path_of_guarded_points_alone(monkeypatch):
    monkeypatch.setattr(chunks, "balance", lambda *_: None)
    X, y, problem, strengths = problem_and_grid()
    points = list(Chunks(problem).path(strengths, None))
    assert [len(batch.strengths) for batch in points] == [1] * 20
    assert_solved("binomial", X, y, [join(problem, points, whole=True)])


def test_chunks_grow_on_a_regular_path():
    X, signal, rng = data(500, 10)
    problem = build("binomial", X, response("binomial", signal, rng))
    strengths = largest_strength(problem) * np.geomspace(1.0, 0.01, 40)
    sizes = [len(batch.strengths) for batch in Chunks(problem).path(strengths, None)]
    assert sizes[0] == 3
    assert max(sizes) == 8


def test_chunks_stay_short_where_a_hessian_is_large(monkeypatch):
    """Python sees an interrupt only between the rounds of a chunk."""
    *_, problem, strengths = problem_and_grid()
    monkeypatch.setattr(chunks, "WORK", 2000)
    path = Chunks(problem)
    sizes = [(len(batch.strengths), path.hessian.size) for batch in path.path(strengths, None)]
    assert max(size for size, _ in sizes) > 1
    assert {size for size, numbers in sizes[-2:] if numbers > 2000} == {1}
