import pytest

import equipoise as eq


def steps(printed):
    return [line.split() for line in printed.split("\n\n")[0].splitlines()[1:]]


def test_the_walkthrough_of_the_document(succeed, three_rows):
    printed = succeed("trace", three_rows, "--target", "y", "--l1", 1, "--no-intercept")
    first, second, third, fourth = steps(printed)[:4]
    assert first[:8] == ["1", "x1", "5", "1", "kept", "0", "→", "2"]
    assert second[:8] == ["1", "x2", "2", "1", "kept", "0", "→", "0.5"]
    assert third[:8] == ["2", "x1", "4.5", "1", "kept", "2", "→", "1.75"]
    assert fourth[:8] == ["2", "x2", "2.25", "1", "kept", "0.5", "→", "0.625"]
    assert printed.endswith("x1 = 1.66667, x2 = 0.666667\n")


def test_no_intercept_is_the_default(succeed, three_rows):
    args = ("trace", three_rows, "--target", "y", "--l1", 1)
    assert succeed(*args) == succeed(*args, "--no-intercept")
    assert "intercept =" in succeed(*args, "--intercept")


def test_a_pull_within_the_limit_is_killed(succeed, three_rows):
    assert steps(succeed("trace", three_rows, "--target", "y", "--l1", 3.5))[1][4] == "killed"


def test_as_many_steps_as_asked_for(succeed, three_rows):
    args = ("trace", three_rows, "--target", "y", "--l1", 1)
    total = len(eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1).steps)
    assert len(steps(succeed(*args, "--all"))) == total
    # the steps asked for, the line that stands for others, and the last three
    assert len(steps(succeed(*args, "--steps", 5))) == 5 + 1 + 3
    assert f"{total - 8} more steps" in succeed(*args, "--steps", 5)


@pytest.mark.parametrize("l2", [0, 0.7])
def test_the_document_is_the_trace(document, three_rows, l2):
    trace = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, l2=l2, tol=1e-4)
    assert (
        document("trace", three_rows, "--target", "y", "--l1", 1, "--l2", l2, "--tol", 1e-4)
        == trace.to_dict()
    )


def test_on_the_blackboard(succeed, three_rows):
    args = ("trace", three_rows, "--target", "y", "--l1", 1, "--worked")
    trace = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1)
    assert succeed(*args) == trace.worked() + "\n"
    assert succeed(*args, "--all") == trace.worked(len(trace.steps)) + "\n"


def test_beside_ridge_and_elastic_net(succeed, three_rows):
    printed = succeed("trace", three_rows, "--target", "y", "--l1", 3, "--beside")
    assert printed == str(eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3).beside()) + "\n"
    assert "lasso 1, ridge 0" in printed


def test_a_page_that_plays(succeed, three_rows, tmp_path):
    printed = succeed("trace", three_rows, "--target", "y", "--l1", 3, "-o", "walk.html")
    assert printed.endswith("walkthrough written to walk.html\n")
    page = (tmp_path / "walk.html").read_text("utf-8")
    same = eq.trace([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=3).report()
    assert page == same.replace("an array", three_rows.name)
    assert f"<bdi>y</bdi> from <bdi>{three_rows.name}</bdi>: lasso step by step" in page


def test_what_is_refused(mistake, three_rows):
    args = ("trace", three_rows, "--target", "y")
    assert "choose one" in mistake(*args, "--l1", 1, "--worked", "--json")
    assert "would be written over" in mistake(*args, "--l1", 1, "-o", three_rows)
    assert "no penalty to compare" in mistake(*args, "--l1", 0, "--beside")
