"""What a verb is given becomes a penalty of one entry a feature, or a sentence that says why not."""

import numpy as np
import pytest

from equipoise.setup.set_up import set_up, under

INF = np.inf
pd = pytest.importorskip("pandas")


@pytest.fixture
def frame():
    return pd.DataFrame({"a": np.arange(9.0), "kind": list("xyzxyzxyz"), "b": np.arange(9.0) ** 2})


Y = np.arange(9.0) % 4


def test_one_number_is_one_for_every_feature():
    setup = set_up(np.eye(9)[:, :3], Y, l1=2, l2=0.5, lower=-1, upper=[1, 2, 3])
    assert setup.penalty.l1.tolist() == [2.0, 2.0, 2.0]
    assert setup.penalty.l2.tolist() == [0.5, 0.5, 0.5]
    assert setup.penalty.lower.tolist() == [-1.0, -1.0, -1.0]
    assert setup.penalty.upper.tolist() == [1.0, 2.0, 3.0]
    assert (setup.l1, setup.l2, setup.lower) == (2.0, 0.5, -1.0)  # as they were passed
    assert setup.upper.tolist() == [1.0, 2.0, 3.0]


def test_bounds_by_name_leave_the_others_free(frame):
    setup = set_up(frame, Y, l1=1.0, lower={"b": -0.5}, upper={"kind": 2.0})
    assert setup.features == ("a", "kind=x", "kind=y", "kind=z", "b")
    place = {name: j for j, name in enumerate(setup.features)}
    of_kind = [j for name, j in place.items() if name not in ("a", "b")]
    assert setup.penalty.lower[place["b"]] == -0.5
    assert np.isneginf(np.delete(setup.penalty.lower, place["b"])).all()
    assert setup.penalty.upper[of_kind].tolist() == [2.0] * len(of_kind)  # each level of it
    assert setup.penalty.upper[place["a"]] == INF


def test_a_strength_multiplies_what_was_passed_and_leaves_infinity():
    setup = set_up(np.eye(9)[:, :2], Y, l1=[INF, 2.0], l2=0.5)
    l1, l2 = setup.penalties_at(0.25)
    assert l1.tolist() == [INF, 0.5]
    assert l2 == 0.125
    assert setup.penalties_at(0.0)[0].tolist() == [INF, 0.0]


def test_rows_and_the_frame_are_kept_as_they_came(frame):
    setup = set_up(frame, pd.Series(Y), l1=1.0, offset=pd.Series(Y), sample_weight=pd.Series(Y + 1))
    assert setup.frame is frame
    np.testing.assert_array_equal(setup.response, Y)
    np.testing.assert_array_equal(setup.offset, Y)
    np.testing.assert_array_equal(setup.weights, Y + 1)
    plain = set_up(np.eye(9), Y, l1=1.0)
    assert plain.frame is plain.offset is plain.weights is plain.encoding is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lower": 1.0, "upper": 0.0}, r"lower \(1\) exceeds upper \(0\) for feature 'a': swap or widen"),
        ({"lower": [-INF, INF, -INF]}, "of feature 'b' is a bound that no number meets"),
        ({"upper": [INF, INF, -INF]}, "of feature 'c' is a bound that no number meets"),
        (
            {"l1": [1.0, INF, 1.0], "lower": 0.5},
            r"feature 'b' is excluded \(l1 = ∞\) but its bounds forbid zero",
        ),
        ({"l1": [1.0, -1.0, 1.0]}, "l1"),
        ({"l1": [1.0, 2.0]}, "l1"),
        ({"l2": INF}, "l2 is inf: pass a finite number"),
        ({"lower": {"d": 0.0}}, "lower names 'd', which is no feature"),
        ({"offset": np.ones(8)}, "offset has 8"),
        ({"sample_weight": -np.ones(9)}, "negative"),
        ({"missing": "ignore"}, "missing is 'ignore': pass 'error', 'drop' or 'mean'"),
    ],
)
def test_what_cannot_be_solved_is_said(asked, said):
    X = pd.DataFrame(np.eye(9)[:, :3], columns=list("abc"))
    with pytest.raises(ValueError, match=said):
        set_up(X, Y, **{"l1": 1.0} | asked)


def test_the_same_data_under_another_penalty():
    data = set_up(pd.DataFrame(np.eye(9)[:, :3], columns=list("abc")), Y, l1=0.0)
    setup = under(data, l1=[1.0, 2.0, 3.0], l2=0.5, lower={"b": 0.0}, intercept=False, standardize=True)
    assert setup.penalty.l1.tolist() == [1.0, 2.0, 3.0]
    assert setup.penalty.lower.tolist() == [-INF, 0.0, -INF]
    assert (setup.l2, setup.intercept, setup.standardize) == (0.5, False, True)
    assert setup.matrix is data.matrix
    assert not setup.problem.view.intercept
