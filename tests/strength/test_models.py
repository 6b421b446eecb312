"""What models of scikit-learn are asked, by hand."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.pipeline import make_pipeline
from sklearn_logistic import OLD

from equipoise.strength.models import Claim, claim_of_model


@pytest.mark.parametrize(
    ("model", "claim"),
    [
        (linear_model.LinearRegression(), Claim("sklearn-ridge", {"alpha": 0.0})),
        (linear_model.Ridge(3.0), Claim("sklearn-ridge", {"alpha": 3.0})),
        (linear_model.Lasso(3.0), Claim("sklearn", {"alpha": 3.0})),
        (linear_model.ElasticNet(alpha=3.0, l1_ratio=0.2), Claim("sklearn", {"alpha": 3.0, "l1_ratio": 0.2})),
        (linear_model.PoissonRegressor(alpha=3.0), Claim("sklearn-glm", {"alpha": 3.0}, "poisson")),
        (linear_model.GammaRegressor(alpha=3.0), Claim("sklearn-glm", {"alpha": 3.0}, "gamma")),
        (
            linear_model.TweedieRegressor(power=1.2, alpha=3.0),
            Claim("sklearn-glm", {"alpha": 3.0}, "tweedie(1.2)"),
        ),
        (linear_model.TweedieRegressor(alpha=3.0), Claim("sklearn-glm", {"alpha": 3.0}, "squared")),
        (make_pipeline("passthrough", linear_model.Lasso(3.0)), Claim("sklearn", {"alpha": 3.0})),
    ],
    ids=str,
)
def test_a_model_says_what_it_minimises(model, claim):
    assert claim_of_model(model) == claim


def test_logistic_regression():
    penalty = "elasticnet" if OLD else "deprecated"  # before scikit-learn 1.8 it said the kind
    model = linear_model.LogisticRegression(C=2.0, l1_ratio=0.3, solver="saga", penalty=penalty)
    said = {"C": 2.0, "l1_ratio": 0.3, "penalty": penalty}
    assert claim_of_model(model) == Claim("sklearn-logistic", said, "binomial")
    model.penalty, model.l1_ratio = "l1", None
    said = {"C": 2.0, "l1_ratio": 0.0, "penalty": "l1"}
    assert claim_of_model(model) == Claim("sklearn-logistic", said, "binomial")
    model = linear_model.LogisticRegression(solver="liblinear", fit_intercept=False)
    assert claim_of_model(model).loss == "binomial"
    chosen = linear_model.LogisticRegressionCV(l1_ratios=[0.3], penalty=penalty)
    chosen.C_, chosen.l1_ratio_ = np.array([0.7]), np.array([0.3])
    assert claim_of_model(chosen).strength == {"C": 0.7, "l1_ratio": 0.3, "penalty": penalty}


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (
            linear_model.LogisticRegression(class_weight={0: 2.0}),
            "with a class_weight, which weighs the rows",
        ),
        (
            linear_model.LogisticRegression(solver="liblinear"),
            "which penalises its intercept as a coefficient",
        ),
        (linear_model.TweedieRegressor(power=1.5, link="identity"), "of power 1.5 and link 'identity'"),
        (linear_model.TweedieRegressor(power=0, link="log"), "of power 0 and link 'log'"),
        (linear_model.TweedieRegressor(power=3), "of power 3 and link 'auto'"),
        (linear_model.HuberRegressor(), "what a HuberRegressor penalises is not known here"),
        (linear_model.SGDClassifier(), "what a SGDClassifier penalises is not known here"),
        (
            type("LogisticRegression", (), {"C": 1.0})(),
            "what a LogisticRegression penalises is not known here",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_not_known_is_refused(model, sentence):
    with pytest.raises(TypeError, match=sentence):
        claim_of_model(model)
