import numpy as np
import pytest

from equipoise.course.patients import NAMES, column, standardized


def test_they_are_every_36th_patient_of_the_study():
    datasets = pytest.importorskip("sklearn.datasets")
    study = datasets.load_diabetes(scaled=False)
    places = [study.feature_names.index(name) for name in NAMES[:-1]]
    table = np.column_stack([study.data[:, places], study.target])[18::36]
    assert np.column_stack([column(name) for name in NAMES]) == pytest.approx(table)


def test_standardized_has_mean_zero_and_deviation_one():
    for name in NAMES:
        z = standardized(name)
        assert z.sum() == pytest.approx(0, abs=1e-12)
        assert z @ z == pytest.approx(12)
        assert np.corrcoef(z, column(name))[0, 1] == pytest.approx(1)
