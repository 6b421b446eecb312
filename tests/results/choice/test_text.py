import json
import re

import matplotlib
import numpy as np
import pytest
from sklearn.linear_model import Lasso

import equipoise as eq

matplotlib.use("agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


NOTHING = "one-se keeps no feature: no model beats the mean by one standard error"


def noise() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(60, 5)), rng.normal(size=60)


def test_noise_is_said_to_be_no_better_than_the_mean():
    X, y = noise()
    cv = eq.cross_validate(X, y, folds=5)
    assert f"\n\n{NOTHING}\n\n" in str(cv)
    # By hand: the mean of the other rows predicts each fold within one standard error of the best.
    losses = []
    for held_out in np.array_split(np.random.RandomState(0).permutation(60), 5):
        others = np.delete(y, held_out)
        losses.append(np.mean((y[held_out] - others.mean()) ** 2))
    best = int(np.argmin(cv.mean))
    assert np.mean(losses) <= cv.mean[best] + cv.standard_error[best] + 1e-12
    assert len(cv.one_se.support) == 0


def test_a_signal_is_not():
    X, y = noise()
    cv = eq.cross_validate(X, y + 5 * X[:, 0], folds=5)
    assert len(cv.one_se.support) > 0
    assert "no model beats" not in str(cv)


def test_without_an_intercept_there_is_no_mean_to_beat():
    X, y = noise()
    told = str(eq.cross_validate(X, y, folds=5, intercept=False)).split("\n")
    assert "one-se keeps no feature: no model beats a model without features by one standard error" in told


@pytest.mark.parametrize("verb", [eq.relax, eq.adapt])
def test_the_other_choices_say_it_too(verb):
    X, y = noise()
    found = verb(X, y, folds=5, count=20)
    assert not np.any(found.one_se.coef)
    assert NOTHING in str(found).split("\n")


LOSSES = {
    "squared_error": "mean squared error",
    "absolute_error": "mean absolute error",
    "median_absolute_error": "median absolute error",
    "neg_root_mean_squared_error": "root mean squared error",
    "r2": "minus r2",
}


@pytest.mark.parametrize("scoring", LOSSES)
def test_every_word_and_picture_names_the_loss_and_no_other(scoring):
    """Text, reports, labels of axes and JSON of all three choices."""
    X, y = noise()
    y = y + 2 * X[:, 0]
    folds = {"folds": 4, "count": 10, "scoring": scoring}
    cv, relaxed, adaptive = (verb(X, y, **folds) for verb in (eq.cross_validate, eq.relax, eq.adapt))
    lasso = eq.LassoCV(cv=4, alphas=10, scoring=scoring).fit(X, y)
    pages = cv.report(), cv.report(choose="best")
    labels = [display.ax_.get_ylabel() for display in (cv.plot(), relaxed.plot(), adaptive.plot())]
    labels.append(eq.CrossValidationDisplay.from_estimator(lasso).ax_.get_ylabel())
    for label in labels:
        assert label.removesuffix(" (y)").removesuffix(" (y²)") == f"held-out {LOSSES[scoring]}"
    for told in (str(cv), str(relaxed), str(adaptive)):
        line = f"loss of held-out rows: {LOSSES[scoring]}"
        assert (line in told.split("\n")) == (scoring != "squared_error")
    for document in (cv.to_dict(), relaxed.to_dict(), adaptive.to_dict()["cv"]):
        assert document["scoring"] == scoring
    everything = [*pages, *labels, str(cv), str(relaxed), str(adaptive), json.dumps(cv.to_dict())]
    for page in pages:
        assert json.loads(page.split('id="data">')[1].split("</script>")[0])["cv"]["loss"] == LOSSES[scoring]
        assert (f"cross-validation by {LOSSES[scoring]}" in page) == (scoring != "squared_error")
        assert (f"scoring=&#x27;{scoring}&#x27;" in page) == (scoring != "squared_error")
    for text in everything:
        others = {LOSSES[other] for other in LOSSES} - {LOSSES[scoring]}
        # What a fit says of its own rows is no loss that chooses.
        left = re.sub(r"R² \S+ on its own rows; root mean squared error \S+, of the null", "", text)
        left = left.replace(LOSSES[scoring], "")
        assert [words for words in others if words in left] == []


def test_a_function_is_named_where_it_has_a_name():
    def pinball(y, prediction, weights):
        return np.average(np.maximum(0.9 * (y - prediction), 0.1 * (prediction - y)), weights=weights)

    X, y = noise()
    cv = eq.cross_validate(X, y + X[:, 0], folds=4, count=10, scoring=pinball)
    assert "loss of held-out rows: pinball()" in str(cv)
    assert "scoring: the function pinball that was passed" in cv.report()
    assert cv.plot().ax_.get_ylabel() == "held-out pinball()"


def test_a_cross_validation_shows_the_coefficients_of_its_choices():
    X, y = noise()
    y = y + 2 * X[:, 0] - X[:, 1]
    cv = eq.cross_validate(X, y, folds=5, count=20)
    *_, table = str(cv).split("\n\n")
    header, *rows = [line.split() for line in table.split("\n")]
    assert header == ["feature", "best", "one-se"]
    models = [Lasso(alpha=s / len(y), tol=1e-12, max_iter=10**6).fit(X, y) for s in cv.choices.values()]
    found = {name: values for name, *values in rows}
    for j in range(X.shape[1]):
        expected = [model.coef_[j] for model in models]
        shown = [float(value) for value in found.pop(f"x{j + 1}", ["0", "0"])]
        np.testing.assert_allclose(shown, expected, rtol=1e-5, atol=1e-9)
    assert not found
    assert "20 strengths tried on 5 folds, 5 features; 20 of 20 points" in str(cv)


def test_a_choice_says_what_its_coefficients_are_of_and_what_its_loss_means():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(60, 3))
    y = np.where(X[:, 0] + rng.normal(size=60) > 0, "ill", "well")
    given = {"loss": "binomial", "event": "ill", "folds": 3, "count": 8}
    shown = str(eq.cross_validate(X, y, scoring="auc", **given))
    assert "\ncoefficients are of the log-odds of y = ill\n" in shown
    assert "1 − AUC, how often a row without the event has a larger probability than one with it" in shown
    nothing = str(eq.cross_validate(X, y, strengths=[1e3], **{**given, "count": 100}))
    assert "coefficients are of" not in nothing
    assert "coefficients are of" not in str(eq.cross_validate(X, X[:, 0], folds=3, count=8))


def test_a_best_strength_at_the_end_of_the_grid_is_told():
    X, y = noise()
    line = X @ [5.0, 4.0, 3.0, 2.0, 1.0]
    # Without noise the smallest penalty predicts best; with a grid of one's own, too, but for 0 at its end.
    cv = eq.cross_validate(X, line, folds=5, ratio=0.3)
    assert int(np.argmin(cv.mean)) == len(cv.mean) - 1
    assert cv.best_is_weakest
    assert cv.to_dict()["best_is_weakest"] is True
    told = " ".join(str(cv).split())
    assert "The best strength is the weakest one tried, so that a weaker one may be better" in told
    assert "by ratio=1e-3 say." in told
    assert eq.cross_validate(X, line, folds=5, strengths=[40.0, 20.0]).best_is_weakest
    for cv in (
        eq.cross_validate(X, line, folds=5, strengths=[40.0, 0.0]),  # there is none weaker
        eq.cross_validate(X, line, folds=5, strengths=[40.0]),  # nothing was compared
        eq.cross_validate(X, y, folds=5),  # of noise the null model is best
    ):
        assert not cv.best_is_weakest
        assert "weakest" not in str(cv)


def test_features_that_separate_the_responses_are_named():
    X, y = noise()
    cv = eq.cross_validate(np.column_stack([X, y > 0]), y > 0, loss="binomial", folds=5)
    told = " ".join(str(cv).split())
    assert "Feature 'x6' separates the responses without an error: as the penalty falls to 0" in told
    assert "weakest" not in told
    assert "separates" not in str(eq.cross_validate(X, y > 0, loss="binomial", folds=5))
