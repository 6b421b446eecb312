"""`equipoise what-if` says what the Python functions say."""

import json

import pytest

import equipoise as eq


@pytest.fixture
def model(tmp_path, diabetes, succeed):
    path = tmp_path / "model.json"
    succeed("fit", diabetes, "--target", "progression", "--l1", "2000", "--save", path)
    return path


def test_without_a_feature(model, diabetes, succeed):
    printed = succeed("what-if", model, diabetes, "--target", "progression", "--without", "bmi,s5", "--json")
    found = json.loads(printed)
    assert found["without"] == ["bmi", "s5"]
    assert {"bmi", "s5"} <= set(found["left"])
    assert found["cost"] > 0
    assert "without bmi:" in succeed(
        "what-if", model, diabetes, "--target", "progression", "--without", "bmi"
    )


def test_the_model_remembers_its_columns(model, diabetes, succeed):
    told = succeed("what-if", model, diabetes, "--without", "bmi")
    assert told == succeed("what-if", model, diabetes, "--target", "progression", "--without", "bmi")


def test_every_survivor_in_turn(model, diabetes, succeed):
    rows = json.loads(succeed("what-if", model, diabetes, "--target", "progression", "--json"))["survivors"]
    fit = eq.load(model)
    assert {row["feature"] for row in rows} == {fit.features[j] for j in fit.support}
    assert succeed("what-if", model, diabetes, "--target", "progression").startswith("feature")
