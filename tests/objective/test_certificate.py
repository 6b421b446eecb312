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
    unbounded = replace(certificate, **{name: np.inf})
    written = json.loads(json.dumps(unbounded.to_dict(), allow_nan=False))
    assert written[name] is None
    assert getattr(Certificate.from_dict(written), name) == np.inf


def test_what_counts_as_optimal(certificate):
    optimal = {status for status in Status if replace(certificate, status=status).optimal}
    assert optimal == {Status.OPTIMAL, Status.NOT_UNIQUE, Status.AT_PRECISION}
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
