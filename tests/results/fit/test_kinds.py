"""Predictions of every kind, from fits and paths, with offset and exposure, as R's glm makes them."""

import numpy as np
import pytest

import equipoise as eq

x = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
X = np.column_stack([x, [0, 1, 1, 0, 1, 0, 0, 1]])
EVENT = np.array([0, 0, 1, 0, 1, 1, 0, 1])
COUNT = [0, 3, 1, 4, 2, 7, 5, 9]
TIME = np.array([1, 2, 1, 3, 0.5, 2, 1.5, 4])
NEW = [[2.5, 1.0], [9.0, 0.0]]


def yes_no(y=EVENT, **more):
    return eq.fit(X, y, l1=0.0, loss="binomial", **more)


def count(**more):
    return eq.fit(X, COUNT, l1=0.0, loss="poisson", exposure=TIME, **more)


def test_probabilities_and_log_odds_are_those_of_glm():
    """R 4: f <- glm(y ~ x + z, binomial, control = list(epsilon = 1e-15)); predict(f, new, type)."""
    fit = yes_no()
    np.testing.assert_allclose(fit.predict(NEW), [0.528396024744468, 0.93715237797893], rtol=1e-9)
    link = [0.113706451503496, 2.70213279372199]
    np.testing.assert_allclose(fit.predict(NEW, kind="link"), link, rtol=1e-8)
    assert fit.predict(NEW, kind="class").tolist() == [1, 1]
    np.testing.assert_allclose(fit.null_prediction, 0.5, rtol=1e-12)
    along = eq.path(X, EVENT, loss="binomial", strengths=[0.5, 0.0])
    np.testing.assert_allclose(along.predict(NEW)[:, 1], fit.predict(NEW), rtol=1e-7)
    np.testing.assert_allclose(along.predict(NEW, kind="link")[:, 1], link, rtol=1e-7)
    np.testing.assert_allclose(along.predict(NEW, 0.0), fit.predict(NEW), rtol=1e-7)
    assert along.predict(NEW, kind="class").shape == (2, 2)


def test_expected_counts_are_those_of_glm():
    """predict(f, data.frame(x, z, e = c(1, 2)), type = "response") of y ~ x + z + offset(log(e))."""
    fit = count()
    told = np.array([1.08226161016347, 8.3937138143072])
    np.testing.assert_allclose(fit.predict(NEW, exposure=[1.0, 2.0]), told, rtol=1e-9)
    np.testing.assert_allclose(fit.predict(NEW, exposure=1), told / [1.0, 2.0], rtol=1e-9)
    np.testing.assert_allclose(fit.predict(NEW, exposure=3, offset=0.5), 3 * np.exp(0.5) * told / [1, 2])
    np.testing.assert_allclose(fit.predict(NEW, kind="link", exposure=[1, 2]), np.log(told), rtol=1e-8)
    np.testing.assert_allclose(fit.null_prediction, 2.06666666833762, rtol=1e-7)  # exp(coef) of y ~ 1
    along = eq.path(X, COUNT, loss="poisson", exposure=TIME, strengths=[1.0, 0.0])
    np.testing.assert_allclose(along.predict(NEW, exposure=[1.0, 2.0])[:, 1], told, rtol=1e-7)


@pytest.mark.parametrize("model", [count, lambda: eq.path(X, COUNT, loss="poisson", exposure=TIME, count=3)])
def test_an_exposure_of_the_fit_is_needed_again(model):
    with pytest.raises(ValueError, match="with an exposure: pass exposure=, or exposure=1 for the rate"):
        model().predict(NEW)
    with pytest.raises(ValueError, match="exposure is 0: pass a number above 0"):
        model().predict(NEW, exposure=0)
    with pytest.raises(ValueError, match="exposure holds -1 in row 1"):
        model().predict(NEW, exposure=[1.0, -1.0])
    with pytest.raises(ValueError, match="exposure has 3 values but X has 2 rows"):
        model().predict(NEW, exposure=[1.0, 1.0, 1.0])


def test_an_exposure_by_name_is_found_again():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=["x", "z"]).assign(y=COUNT, time=TIME, known=0.25)
    fit = eq.fit(frame, "y", l1=0.0, loss="poisson", exposure="time", offset="known")
    assert fit.columns == {"target": "y", "weights": None, "offset": "known", "exposure": "time"}
    new = pd.DataFrame(NEW, columns=["x", "z"]).assign(time=[1.0, 2.0], known=0.25)
    told = [1.08226161016347, 8.3937138143072]
    np.testing.assert_allclose(fit.predict(new), told, rtol=1e-9)
    np.testing.assert_allclose(fit.predict(new, exposure=1), np.divide(told, [1, 2]), rtol=1e-9)
    with pytest.raises(ValueError, match="exposure \\(column 'time', which X lacks\\): pass exposure="):
        fit.predict(new.drop(columns="time"))
    gone = new.assign(time=[np.nan, 2.0])
    found = fit.predict(gone, missing="nan")
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1], told[1], rtol=1e-9)
    with pytest.raises(ValueError, match="exposure 'time' holds 1"):
        fit.predict(gone)


@pytest.mark.parametrize("exposure", [2.0, [1.0, 2.0]])
def test_an_exposure_is_never_ignored(exposure):
    for fit in (yes_no(), eq.fit(X, COUNT, l1=1.0)):
        with pytest.raises(ValueError, match=r"exposure was given, but loss='.*' has no logarithm"):
            fit.predict(NEW, exposure=exposure)
        with pytest.raises(ValueError, match=r"exposure was given, but loss='.*' has no logarithm"):
            fit.score(X, EVENT, exposure=np.ones(8))


@pytest.mark.parametrize(
    "labels", [(0, 1), (False, True), (-1, 1), (1, 2), ("no", "yes"), (2.5, 7.0), ("a b", "ä")]
)
def test_a_class_is_the_label_itself(labels, tmp_path):
    fit = yes_no(np.array(labels)[EVENT])
    told = np.array(labels)[(fit.predict(X) > 0.5).astype(int)]
    fit.save(tmp_path / "model.json")
    for model in (fit, eq.load(tmp_path / "model.json")):
        found = model.predict(X, kind="class")
        assert (found.tolist(), found.dtype) == (told.tolist(), np.array(labels).dtype)
        assert model.levels == labels
        assert [type(label) for label in model.levels] == [type(label) for label in labels]
        assert model.classes.tolist() == list(labels)


def test_a_probability_of_one_half_is_no_event():
    """Without an intercept the log-odds at x = 0 are exactly 0."""
    fit = eq.fit([[-1.0], [1.0]], ["no", "yes"], l1=0.25, loss="binomial", intercept=False)
    assert fit.predict([[0.0]]).tolist() == [0.5]
    assert fit.predict([[0.0], [1e-9]], kind="class").tolist() == ["no", "yes"]


def test_a_row_that_misses_a_value_has_no_class():
    fit = eq.fit(X, np.array(["no", "yes"])[EVENT], l1=0.5, loss="binomial")
    assert fit.predict([[np.nan, 1.0], [9.0, 0.0]], kind="class", missing="nan").tolist() == [None, "yes"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("prob", "kind is 'prob': that is called 'mean' here, so pass kind='mean'"),
        ("response", "called 'mean' here"),
        ("logit", "called 'link' here"),
        ("label", "called 'class' here"),
        ("median", "kind is 'median': pass mean, link or class"),
        (3, "kind is 3: pass mean, link or class"),
    ],
)
def test_other_names_of_the_kinds(kind, told):
    for model in (yes_no(), eq.path(X, EVENT, loss="binomial", count=3)):
        with pytest.raises(ValueError, match=told):
            model.predict(NEW, kind=kind)


def test_what_has_no_labels_has_no_classes():
    with pytest.raises(ValueError, match="kind is 'class', but loss='poisson' has no labels: pass"):
        count().predict(NEW, kind="class", exposure=1)
    with pytest.raises(ValueError, match="kind is 'class', but the model was fitted to fractions"):
        yes_no(np.linspace(0.1, 0.9, 8)).predict(NEW, kind="class")
    assert eq.fit(X, COUNT, l1=1.0).classes is None


def test_a_mean_beyond_float64_is_refused():
    fit = eq.fit(X, COUNT, l1=0.0, loss="poisson")
    far = [[1.0, 0.0], [1e6, 0.0]]
    with pytest.raises(ValueError, match="the expected count of row 1, counting from 0, is beyond float64"):
        fit.predict(far)
    assert fit.predict(far, kind="link")[1] > 1000


def test_methods_of_other_packages_name_the_kind():
    with pytest.raises(AttributeError, match=r"no predict_proba: predict\(X, kind='mean'\) is the probab"):
        yes_no().predict_proba(X)
    with pytest.raises(AttributeError, match=r"decision_function: predict\(X, kind='link'\) is the log"):
        yes_no().decision_function(X)
    with pytest.raises(AttributeError, match="a Path has no predict_proba"):
        eq.path(X, EVENT, loss="binomial", count=3).predict_proba(X)
    with pytest.raises(AttributeError, match="'Fit' object has no attribute 'coeff'"):
        _ = yes_no().coeff


def test_squared_loss_has_one_kind():
    fit = eq.fit(X, COUNT, l1=1.0)
    assert np.array_equal(fit.predict(X), fit.predict(X, kind="link"))
    assert (fit.loss, fit.null_prediction) == ("squared", np.mean(COUNT))
