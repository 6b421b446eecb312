"""Losses by name or function: their values beside scikit-learn's, their words, and what is refused."""

import numpy as np
import pytest
from sklearn import config_context, metrics

from equipoise.select.scorers import loss_words, read_scoring, weighted_median

Y = np.array([3.0, -0.5, 2.0, 7.0, 1.0])
PREDICTION = np.array([2.5, 0.0, 2.0, 8.5, -1.0])
WEIGHTS = np.array([1.0, 3.0, 2.0, 1.0, 2.0])
REPEATED = np.repeat(np.arange(5), WEIGHTS.astype(int))

# Each loss, and what of scikit-learn it is, smaller being better.
PEERS = {
    "squared_error": metrics.mean_squared_error,
    "absolute_error": metrics.mean_absolute_error,
    "median_absolute_error": metrics.median_absolute_error,
    "neg_mean_squared_error": metrics.mean_squared_error,
    "neg_mean_absolute_error": metrics.mean_absolute_error,
    "neg_median_absolute_error": metrics.median_absolute_error,
    "neg_root_mean_squared_error": metrics.root_mean_squared_error,
    "neg_mean_absolute_percentage_error": metrics.mean_absolute_percentage_error,
    "root_mean_squared_error": metrics.root_mean_squared_error,
    "max_error": metrics.max_error,
    "r2": lambda y, p: -metrics.r2_score(y, p),
    "explained_variance": lambda y, p: -metrics.explained_variance_score(y, p),
    "d2_absolute_error_score": lambda y, p: -metrics.d2_absolute_error_score(y, p),
}


@pytest.mark.parametrize("name", PEERS)
def test_the_values_are_those_of_scikit_learn_on_repeated_rows(name):
    found = read_scoring(name).of(Y, [PREDICTION, 0.5 * PREDICTION], WEIGHTS)
    wanted = [PEERS[name](Y[REPEATED], p[REPEATED]) for p in (PREDICTION, 0.5 * PREDICTION)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_weighted_median_is_that_of_repeated_values(seed):
    rng = np.random.default_rng(seed)
    values, counts = rng.integers(0, 9, size=11) / 4.0, rng.integers(1, 5, size=11)
    wanted = np.median(np.repeat(values, counts))
    for unit in (1.0, 0.1, 1e-30, 1.0 / 3.0):  # the unit of the weights, and its rounding, do not matter
        assert weighted_median(values, counts * unit) == wanted
    assert weighted_median(values[:1], np.array([0.3])) == values[0]


def test_names_in_words():
    names = ("squared_error", "neg_max_error", "neg_root_mean_squared_error", "r2", "pinball()")
    words = ("mean squared error", "max error", "root mean squared error", "minus r2", "pinball()")
    assert tuple(map(loss_words, names)) == words


def pinball(y, prediction, weights):
    return np.average(np.maximum(0.9 * (y - prediction), 0.1 * (prediction - y)), weights=weights)


def by_name(y, prediction, *, sample_weight):
    return pinball(y, prediction, sample_weight)


class Pinball:
    def __call__(self, y, prediction, weights):
        return pinball(y, prediction, weights)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (pinball, "pinball()"),
        (by_name, "by_name()"),
        (Pinball(), "Pinball()"),
        (lambda y, p, s: pinball(y, p, s), "<lambda>()"),
    ],
)
def test_a_function(function, name):
    wanted = metrics.mean_pinball_loss(Y, PREDICTION, sample_weight=WEIGHTS, alpha=0.9)
    scoring = read_scoring(function)
    assert scoring.name == name
    assert scoring.of(Y, [PREDICTION], WEIGHTS) == pytest.approx([wanted], rel=1e-12)


def in_place(y, prediction, weights):
    y -= prediction
    weights /= weights.sum()
    return weights @ np.abs(y)


def by_name_in_place(y, prediction, sample_weight):
    return in_place(y, prediction, sample_weight)


@pytest.mark.parametrize("function", [in_place, by_name_in_place])
def test_a_function_that_computes_in_its_arguments(function):
    models = [PREDICTION, 0.5 * PREDICTION, PREDICTION + 1.0]
    wanted = [metrics.mean_absolute_error(Y, each, sample_weight=WEIGHTS) for each in models]
    found = read_scoring(function).of(Y.copy(), [each.copy() for each in models], WEIGHTS.copy())
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("routing", [False, True])
def test_a_scorer_that_was_made(routing):
    scorer = metrics.make_scorer(metrics.mean_pinball_loss, greater_is_better=False, alpha=0.9)
    wanted = metrics.mean_pinball_loss(Y, PREDICTION, sample_weight=WEIGHTS, alpha=0.9)
    with config_context(enable_metadata_routing=routing):
        if routing:
            scorer = scorer.set_score_request(sample_weight=True)
        scoring = read_scoring(scorer)
        assert scoring.of(Y, [PREDICTION], WEIGHTS) == pytest.approx([wanted], rel=1e-12)
    assert loss_words(scoring.name).startswith("minus make_scorer(mean_pinball_loss")


def test_functions_of_scikit_learn_pass_unless_larger_is_better():
    assert read_scoring(metrics.mean_absolute_error).of(Y, [PREDICTION], np.ones(5)) == pytest.approx(0.9)
    with pytest.raises(ValueError, match=r"scikit-learn's r2_score, which is larger .* such as 'r2'"):
        read_scoring(metrics.r2_score)


@pytest.mark.parametrize(
    ("scoring", "error", "message"),
    [
        ("absolut_error", ValueError, "is no name of a loss: did you mean 'absolute_error'"),
        ("quantile", ValueError, "is no name of a loss: the choices are 'squared_error', 'absolute_error'"),
        ("accuracy", ValueError, "does not score predictions of a regression: the choices are 'squared_err"),
        ("roc_auc", ValueError, "does not score predictions of a regression"),
        ("adjusted_rand_score", ValueError, "does not score predictions of a regression"),
        ("log_loss", ValueError, "does not score predictions of a regression"),
        (metrics.make_scorer(metrics.accuracy_score), ValueError, "does not score predictions of a regress"),
        (3, TypeError, "scoring is 3: pass a name"),
        (lambda y, p: 1.0, TypeError, r"scoring is the function <lambda>\(y, p\): define it with three arg"),
        (["r2"], TypeError, r"scoring is \['r2'\]: pass a name"),
    ],
)
def test_what_is_no_loss_is_refused(scoring, error, message):
    with pytest.raises(error, match=message):
        read_scoring(scoring)


@pytest.mark.parametrize("value", [np.nan, np.inf, None, "1", np.ones(2), 1j])
def test_a_function_has_to_give_one_finite_number(value):
    scoring = read_scoring(lambda y, p, s: value)
    with pytest.raises(ValueError, match=r"gave .* for 5 rows held out: it has to give one finite number"):
        scoring.of(Y, [PREDICTION], WEIGHTS)


def test_a_scorer_without_weights_needs_equal_ones():
    scoring = read_scoring(metrics.make_scorer(lambda y, p: -np.abs(y - p).max()))
    assert scoring.of(Y, [PREDICTION], np.full(5, 2.0)) == pytest.approx(2.0)
    with pytest.raises(ValueError, match="takes no sample_weight, and rows differ in theirs"):
        scoring.of(Y, [PREDICTION], WEIGHTS)


def test_a_loss_that_is_not_defined_for_the_predictions():
    with pytest.raises(ValueError, match="'neg_mean_gamma_deviance' cannot score these predictions: "):
        read_scoring("neg_mean_gamma_deviance").of(Y, [PREDICTION], WEIGHTS)
