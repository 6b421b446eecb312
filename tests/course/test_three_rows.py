import pytest

from equipoise.course.sections.three_rows import LIMITS, numbers, words


def test_the_limits_that_kill_are_where_the_exact_weights_reach_zero():
    # Both kept, they are (6 − λ)/3 and (3 − λ)/3; x1 alone, (5 − λ)/2.
    assert words() == {"x1": "5", "x2": "3"}
    ends = {run["limit"]: run["coef"] for run in numbers()["runs"]}
    assert [limit for limit in LIMITS if ends[limit][1] == 0] == [limit for limit in LIMITS if limit >= 3]
    assert [limit for limit in LIMITS if ends[limit][0] == 0] == [limit for limit in LIMITS if limit >= 5]
    assert ends[1.0] == pytest.approx([5 / 3, 2 / 3], abs=1e-8)
