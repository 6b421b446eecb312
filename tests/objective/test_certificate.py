"""A certificate says what it holds, and survives JSON."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest

from equipoise.objective.certificate import Certificate, Status


@pytest.fixture
def certificate():
    return Certificate(
        gap=0.1 + 0.2,
        relative_gap=1e-17 / 3,
        violation=2.5e-10,
        intercept_violation=0.0,
        zeros_proved=np.array([True, False, True]),
        support_proved=True,
        unique=False,
        status=Status.NOT_UNIQUE,
    )


def test_it_survives_json_bit_for_bit(certificate):
    text = json.dumps(certificate.to_dict(), allow_nan=False)
    again = Certificate.from_dict(json.loads(text))
    for field in fields(Certificate):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(certificate, field.name))
    assert again.zeros_proved.dtype == bool


@pytest.mark.parametrize("name", ["gap", "relative_gap", "violation"])
def test_what_is_unbounded_is_null_in_json(certificate, name):
    unbounded = replace(certificate, **{name: np.inf}, status=Status.NUMERICAL)
    written = json.loads(json.dumps(unbounded.to_dict(), allow_nan=False))
    assert written[name] is None
    assert getattr(Certificate.from_dict(written), name) == np.inf


FORGED = {
    "optimal with a violation": {"status": Status.OPTIMAL.value, "unique": True, "violation": 1e-3},
    "optimal with no bound": {"violation": None},
    "optimal, but optimal is false": {"optimal": False},
    "unique, but not": {"unique": True},
    "not unique, but so": {"status": Status.OPTIMAL.value},
    "no better precision": {"status": Status.AT_PRECISION.value},
    "the solution, although it says it is not": {"status": Status.NOT_OPTIMAL.value},
    "a gap below zero": {"gap": -1e-9},
    "a whole number": {"gap": 0},
    "text": {"gap": "0"},
    "true": {"relative_gap": True},
    "a list": {"violation": [1e-10]},
    "no intercept_violation": {"intercept_violation": None},
    "flags as numbers": {"zeros_proved": [1, 0, 1]},
    "one flag": {"zeros_proved": True},
    "flag as text": {"support_proved": "true"},
    "a status that is not": {"status": "fine"},
    "a status as a list": {"status": [Status.OPTIMAL.value]},
    "more": {"proved": True},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_verdict_that_its_numbers_contradict_is_refused(certificate, forged):
    with pytest.raises(ValueError, match="the certificate"):
        Certificate.from_dict(certificate.to_dict() | forged)


def test_a_certificate_that_lacks_something_is_refused(certificate):
    for name in certificate.to_dict():
        with pytest.raises(ValueError, match="has not the entries"):
            Certificate.from_dict({k: v for k, v in certificate.to_dict().items() if k != name})
    with pytest.raises(ValueError, match="has not the entries"):
        Certificate.from_dict([certificate.to_dict()])


def test_what_counts_as_optimal(certificate):
    optimal = {status for status in Status if replace(certificate, status=status).optimal}
    assert optimal == {Status.OPTIMAL, Status.NOT_UNIQUE, Status.SATURATED, Status.AT_PRECISION}
    assert certificate.to_dict()["optimal"] is True
    assert replace(certificate, status=Status.NUMERICAL).to_dict()["optimal"] is False


def test_it_prints_its_verdict_and_its_numbers(certificate):
    told = str(certificate)
    assert told.startswith(f"Certificate: {Status.NOT_UNIQUE.value}.")
    for fact in (
        "gap ≤ 3.3e-18",
        "violation 2.5e-10",
        "2 zeros proved",
        "support proved",
        "not proved unique",
    ):
        assert fact in told
    other = str(replace(certificate, support_proved=False, unique=True))
    assert "support not proved" in other
    assert "solution proved unique" in other
