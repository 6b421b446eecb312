import inspect
import pickle
import traceback
import typing

import numpy as np
import pytest

import equipoise as eq

X = np.arange(12.0).reshape(4, 3) ** 1.5
Y = np.array([1.0, -2.0, 3.0, 0.5])
SHAPED = ("enet_path", "lasso_path")  # by scikit-learn, whose arguments they take
VERBS = [name for name in eq.__all__ if inspect.isfunction(getattr(eq, name)) and name not in SHAPED]


def refusal(verb, *args, **named):
    """The sentence of a call that Python itself would have refused, in its own kind of error."""
    with pytest.raises(TypeError) as caught:
        getattr(eq, verb)(*args, **named)
    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith(f"{verb} ")
    assert caught.value.__context__ is None
    return told


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_what_does_not_fit(verb):
    assert "has no argument 'sparkle': the arguments are '" in refusal(verb, X, Y, sparkle=1)
    if verb != "learn":  # which needs nothing
        assert "needs " in refusal(verb)
    places = [
        p.name
        for p in inspect.signature(getattr(eq, verb)).parameters.values()
        if p.kind == p.POSITIONAL_OR_KEYWORD
    ]
    assert f"is given {places[0]} twice" in refusal(verb, X, **{places[0]: X})
    if verb != "load":
        assert f"takes only {', '.join(places)} by place: name the others" in refusal(verb, *[X] * 5)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_keeps_its_signature_types_and_name(verb):
    function = getattr(eq, verb)
    signature = inspect.signature(function)
    assert function.__name__ == verb
    assert not any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in signature.parameters.values())
    assert set(signature.parameters) | {"return"} == set(inspect.unwrap(function).__annotations__)
    assert pickle.loads(pickle.dumps(function)) is function


@pytest.mark.parametrize("verb", ["fit", "trace"])
def test_a_fit_without_a_penalty_is_told_how_to_come_by_one(verb):
    told = refusal(verb, X, Y)
    assert told.startswith(f"{verb} needs l1, the penalty of a sum over rows")
    assert "eq.cross_validate" in told
    assert "eq.path" in told


def test_selective_intervals_are_never_sent_to_choose_by_y():
    told = refusal("selective_intervals", X, Y)
    assert "needs l1" in told
    assert "without a look at y" in told
    assert "cross_validate" not in told


@pytest.mark.parametrize("given", ["alpha", "lam", "lambda_", "lambdas", "reg_lambda"])
@pytest.mark.parametrize("verb", ["fit", "trace", "selective_intervals", "debias", "audit"])
def test_another_packages_penalty_is_converted(verb, given):
    coef = [[0.0] * 3] if verb == "audit" else []
    told = refusal(verb, X, Y, *coef, **{given: 1.0})
    assert told.startswith(f"{verb} has no argument '{given}': pass l1, of a sum over rows, n times ")
    assert "eq.strength" in told


@pytest.mark.parametrize("verb", ["path", "cross_validate", "relax", "adapt", "stability_selection"])
def test_another_packages_penalties_are_strengths(verb):
    assert f"{verb} has no argument 'alphas': pass strengths, of a sum over rows" in refusal(
        verb, X, Y, alphas=[1.0]
    )


def test_what_the_sentence_says_of_the_penalties_is_so():
    # The relation as scikit-learn's documentation has it: (1 / 2n)·‖y − Xw‖² + alpha·‖w‖₁.
    from sklearn.linear_model import Lasso

    n, alpha = len(Y), 0.3
    theirs = Lasso(alpha=alpha, tol=1e-14, max_iter=1_000_000).fit(X, Y)
    assert eq.fit(X, Y, l1=n * alpha).coef == pytest.approx(theirs.coef_, abs=1e-8)


@pytest.mark.parametrize(
    ("verb", "named", "remedy"),
    [
        ("fit", {"C": 1.0}, "C is the inverse of a penalty"),
        ("fit", {"fit_intercept": False}, "it is called intercept here"),
        ("fit", {"weights": Y}, "it is called sample_weight here"),
        ("gather", {"weight": "w"}, "it is called sample_weight here"),
        ("fit", {"normalize": True}, "it is called standardize here"),
        ("cross_validate", {"cv": 5}, "it is called folds here"),
        ("path", {"n_alphas": 5}, "it is called count here"),
        ("path", {"eps": 1e-3}, "it is called ratio here"),
        ("fit", {"l1_ratio": 0.5}, "eq.strength.from_sklearn(alpha, l1_ratio, n=n)"),
        ("fit", {"positive": True}, "pass lower=0"),
        ("fit", {"max_iter": 5}, "the solution is exact"),
        ("fit", {"target": "y"}, "it is called y here"),
        ("fit", {"standardise": True}, "it is called standardize here"),
        ("fit", {"intercpt": True}, "did you mean 'intercept'?"),
        ("load", {"alpha": 1}, "the arguments are 'path'"),
    ],
)
def test_another_name_leads_to_ours(verb, named, remedy):
    assert remedy in refusal(verb, X, Y, **named)


@pytest.mark.parametrize(
    ("call", "example"),
    [
        (("fit", X, Y, 1.0), "fit takes only X, y by place: name the others, as in l1=1.0"),
        (
            ("cross_validate", X, Y, 5),
            "cross_validate takes only X, y by place: name the others, as in folds=5",
        ),
        (("fit", X, Y, Y), "as in l1=…"),
    ],
)
def test_what_comes_without_a_name(call, example):
    assert example in refusal(*call)


def test_what_is_wrong_within_a_verb_stays_as_it_is():
    with pytest.raises(TypeError, match="X is not numeric: it is of type NoneType") as caught:
        eq.fit(None, Y, l1=1.0)
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[2] == "fit"
    assert typing.get_type_hints(inspect.unwrap(eq.fit))["return"] is eq.Fit


def test_words_of_other_packages_for_a_loss():
    X, y = [[1.0], [2.0], [3.0]], [0, 1, 1]
    for verb in (eq.fit, eq.path, eq.cross_validate):
        with pytest.raises(TypeError, match="has no argument 'family': it is called loss here"):
            verb(X, y, **({"l1": 1.0} if verb is eq.fit else {}), family="binomial")
    with pytest.raises(TypeError, match="has no argument 'pos_label': it is called event here"):
        eq.fit(X, y, l1=1.0, pos_label=1)
    with pytest.raises(TypeError, match="has no argument 'link': leave it out, for each loss has its own"):
        eq.fit(X, y, l1=1.0, link="probit")
    told = "leave it out, for this verb is for squared loss; fit, path and cross_validate take a loss"
    for verb in (eq.trace, eq.selective_intervals, eq.debias):
        with pytest.raises(TypeError, match=f"has no argument 'loss': {told}"):
            verb(X, y, loss="binomial")


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (eq.strength.from_glmnet, "from_glmnet has no argument 'loss': it is called family here"),
        (eq.strength.to_glmnet, "to_glmnet has no argument 'loss': it is called family here"),
        (eq.strength.from_sklearn, "only fit is told the loss; .* from_sklearn_logistic"),
        (eq.strength.from_statsmodels, "only fit is told the loss"),
        (eq.gather, "gather has no argument 'loss': leave it out, for sums tell of squared loss alone"),
    ],
)
def test_a_function_that_takes_no_loss_says_what_to_do(function, told):
    with pytest.raises(TypeError, match=told):
        function(0.1, loss="binomial")


def test_a_verb_of_squared_loss_says_how_labels_may_be_coded():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": ["no", "yes", "no", "yes"]})
    for refused in (lambda: eq.debias(frame, "y"), lambda: eq.selective_intervals(frame, "y", l1=1)):
        with pytest.raises(TypeError, match="penalised odds ratios have no intervals here"):
            refused()
    pytest.importorskip("pyarrow")
    with pytest.raises(TypeError, match=r"column 'y' holds 'no', .*code two labels as 0 and 1, or pass"):
        eq.gather(frame, "y")
