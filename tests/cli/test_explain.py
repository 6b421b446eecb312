import pytest

import equipoise as eq


@pytest.fixture
def fitted(document, diabetes):
    """The document of a fit that is saved as model.json."""
    return document("fit", diabetes, "--target", "progression", "--l1", 2000, "--save", "model.json")


# Of a standardised model, as the command line fits them.
PER_SD = ["coef·sd", "pull/sd"]


def test_the_sheet_of_a_saved_model_is_that_of_the_fit(fitted, document, diabetes):
    told = document("explain", "model.json", diabetes, "--target", "progression")
    for row, wanted in zip(told["features"], fitted["balance"]["features"], strict=True):
        assert row.keys() == wanted.keys()
        for name in ("feature", "status", "reason"):
            assert row[name] == wanted[name]
        for name in ("coef", "pull", "limit", "alone", "enters_at"):
            assert row[name] == pytest.approx(wanted[name], rel=1e-9)


def test_the_text_is_the_sheet_and_the_closest_calls(fitted, succeed, diabetes):
    printed = succeed("explain", "model.json", diabetes, "--target", "progression")
    lines = printed.splitlines()
    assert lines[0].split() == [
        "feature",
        "coef",
        "pull",
        "limit",
        "alone",
        "status",
        "enters",
        "at",
        *PER_SD,
    ]
    assert {line.split()[0] for line in lines[1:11]} == set(fitted["features"])
    assert "\n\nThe closest calls:\n  s6 is zero because" in printed


def test_one_feature_is_a_sentence(fitted, succeed, document, diabetes):
    args = ("explain", "model.json", diabetes, "s6", "--target", "progression")
    row = document(*args)
    assert row["feature"] == "s6"
    assert row["status"] == "killed"
    assert " ".join(succeed(*args).split()) == row["sentence"]
    assert row["sentence"].startswith("s6 is zero because others explain it away")


def test_weights_and_offset_are_those_of_the_fit(succeed, mistake, odd):
    roles = ("--target", "y", "--weights", "weight", "--offset", "offset")
    succeed("fit", odd, *roles, "--l1", 5, "--save", "model.json")
    told = succeed("explain", "model.json", odd, "copy", *roles)
    assert "copy" in told
    assert succeed("explain", "model.json", odd, "copy") == told, "the model remembers its columns"
    for other in (("--weights", "constant"), ("--offset", "constant"), ("--target", "copy")):
        assert "not the data the model was fitted to" in mistake("explain", "model.json", odd, *other)


def test_a_model_of_an_array_finds_its_columns_by_name(succeed, three_rows, tmp_path):
    eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).save(tmp_path / "model.json")
    printed = succeed(
        "explain", "model.json", f"select y, x2, 1 as z, x1 from '{three_rows}'", "x1", "--target", "y"
    )
    assert printed.startswith("x1 is kept with coefficient 1.66667")


def test_a_model_of_an_array_takes_columns_in_order_too(succeed, three_rows, tmp_path):
    eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False).save(tmp_path / "model.json")
    source = f"select y, x1 as left, x2 as right from '{three_rows}'"
    assert succeed("explain", "model.json", source, "x1", "--target", "y").startswith("x1 is kept")
