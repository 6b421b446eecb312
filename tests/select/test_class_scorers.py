"""Losses of probabilities: beside scikit-learn's metrics, with weights, ties, and trials as repeated rows."""

import numpy as np
import pytest
from sklearn import metrics

import equipoise as eq
from equipoise.select.class_scorers import brier, lost_auc, misclassification
from equipoise.select.scorers import loss_told, loss_words, read_scoring

PEERS = {
    "misclassification": lambda y, p, s: 1.0 - metrics.accuracy_score(y, p > 0.5, sample_weight=s),
    "auc": lambda y, p, s: 1.0 - metrics.roc_auc_score(y, p, sample_weight=s),
    "brier": lambda y, p, s: metrics.brier_score_loss(y, p, sample_weight=s),
    "deviance": lambda y, p, s: 2.0 * metrics.log_loss(y, p, sample_weight=s),
    "absolute_error": lambda y, p, s: metrics.mean_absolute_error(y, p, sample_weight=s),
    "squared_error": lambda y, p, s: metrics.mean_squared_error(y, p, sample_weight=s),
    "roc_auc": lambda y, p, s: -metrics.roc_auc_score(y, p, sample_weight=s),
    "accuracy": lambda y, p, s: -metrics.accuracy_score(y, p > 0.5, sample_weight=s),
    "f1": lambda y, p, s: -metrics.f1_score(y, p > 0.5, sample_weight=s),
    "neg_log_loss": lambda y, p, s: metrics.log_loss(y, p, sample_weight=s),
    "average_precision": lambda y, p, s: -metrics.average_precision_score(y, p, sample_weight=s),
    "r2": lambda y, p, s: -metrics.r2_score(y, p, sample_weight=s),
}


def drawn(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.4).astype(float)
    y[:2] = 0.0, 1.0
    eta = np.round(rng.normal(size=n), 1)  # rounded, so that some are tied
    return y, eta, rng.uniform(0.1, 3.0, n)


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("seed", range(3))
def test_the_values_are_those_of_scikit_learn(name, seed):
    y, eta, s = drawn(seed)
    found = read_scoring(name, "binomial").of(y, [eta], s)
    np.testing.assert_allclose(found, [PEERS[name](y, 1.0 / (1.0 + np.exp(-eta)), s)], rtol=1e-12)


@pytest.mark.parametrize("score", [misclassification, brier, lost_auc])
def test_trials_are_repeated_rows(score):
    rng = np.random.default_rng(5)
    trials, p = rng.integers(1, 6, 15), np.round(rng.random(15), 1)
    events = rng.binomial(trials, 0.5)
    row = np.repeat(np.arange(15), trials)
    each = np.concatenate([[1.0] * a + [0.0] * (n - a) for a, n in zip(events, trials, strict=True)])
    wanted = score(each, p[row], np.ones(len(row)))
    np.testing.assert_allclose(score(events / trials, p, trials.astype(float)), wanted, rtol=1e-12)


def test_at_one_half_the_event_is_not_predicted():
    half = np.array([0.5])
    assert misclassification(np.array([1.0]), half, np.ones(1)) == 1.0
    assert misclassification(np.array([0.0]), half, np.ones(1)) == 0.0


def test_deviances_beyond_the_rounding_of_a_probability():
    """A probability of 1 − 1e-20 is 1 in float64; the deviance of the linear predictor keeps its digits."""
    found = read_scoring(None, "binomial").of(np.array([0.0, 1.0]), [np.array([60.0, 60.0])], np.ones(2))
    np.testing.assert_allclose(found, [60.0], rtol=1e-15)


@pytest.mark.parametrize(
    ("loss", "peer"),
    [
        ("poisson", metrics.mean_poisson_deviance),
        ("gamma", metrics.mean_gamma_deviance),
        ("tweedie(1.3)", lambda y, p, **s: metrics.mean_tweedie_deviance(y, p, power=1.3, **s)),
    ],
)
def test_mean_deviances_of_means(loss, peer):
    rng = np.random.default_rng(2)
    y, eta, s = rng.integers(1, 6, 20).astype(float), rng.normal(size=20), rng.uniform(0.1, 2, 20)
    for scoring in (None, "deviance"):
        found = read_scoring(scoring, loss).of(y, [eta], s)
        np.testing.assert_allclose(found, [peer(y, np.exp(eta), sample_weight=s)], rtol=1e-12)
    found = read_scoring("neg_mean_absolute_error", loss).of(y, [eta], s)
    np.testing.assert_allclose(found, [np.average(np.abs(y - np.exp(eta)), weights=s)], rtol=1e-12)


def test_a_function_takes_means():
    seen = []

    def score(y, mean, weights):
        seen.append(mean)
        return 0.0

    read_scoring(score, "binomial").of(np.ones(2), [np.array([0.0, np.log(3.0)])], np.ones(2))
    np.testing.assert_allclose(seen[0], [0.5, 0.75], rtol=1e-15)


def test_the_default_is_the_loss_of_the_models():
    assert read_scoring(None).name == read_scoring("deviance").name == "squared_error"
    assert read_scoring(None, "binomial").name == "deviance"
    binomial = read_scoring(None, "binomial").kind
    assert loss_words("deviance", binomial) == "mean deviance"
    assert loss_told("squared_error", binomial) == " by mean squared error"


@pytest.mark.parametrize(
    ("scoring", "loss", "message"),
    [
        (
            "auc",
            "poisson",
            "scoring is 'auc', which scores the probability of an event, and the loss here",
        ),
        ("brier", "squared", "the loss here is 'squared', which predicts no probability: leave out scoring"),
        ("roc_auc", "poisson", "scoring is 'roc_auc', which does not score predictions of loss 'poisson'"),
        ("acuracy", "binomial", "scoring is 'acuracy', which is no name of a loss: did you mean 'accuracy'"),
    ],
)
def test_what_does_not_fit_the_loss_is_refused(scoring, loss, message):
    with pytest.raises(ValueError, match=message):
        read_scoring(scoring, loss)


def test_predictions_beyond_float64_are_told():
    with pytest.raises(
        ValueError, match="gave inf for 1 row held out: a prediction exceeds float64 there; pass"
    ):
        read_scoring(None, "poisson").of(np.ones(1), [np.array([800.0])], np.ones(1))


def test_a_scorer_without_a_value_for_rows_of_one_class_is_refused_in_a_sentence():
    """By scikit-learn's name, which warns of what our own refuses."""
    x = np.random.default_rng(0).normal(size=(60, 2))
    y = np.repeat([0.0, 1.0], 30)
    folds = np.r_[np.zeros(15), np.ones(15), np.ones(15), np.full(15, 2)].astype(int)
    with pytest.raises(ValueError, match="scoring 'roc_auc' gave nan for 15 rows held out"):
        eq.cross_validate(x, y, loss="binomial", folds=folds, count=3, scoring="roc_auc")
