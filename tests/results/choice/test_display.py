import pickle

import matplotlib
import numpy as np
import pytest
from pictures import correlated, drawn, outside, overlapping

import equipoise as eq

matplotlib.use("agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def cv():
    return eq.cross_validate(*correlated(80, 20), folds=5, count=30)


def test_the_curve_and_its_band(cv):
    display = drawn(cv.plot())
    weight = cv.fold_weight / cv.fold_weight.sum()
    mean = cv.fold_loss @ weight
    error = np.sqrt(((cv.fold_loss - mean[:, None]) ** 2) @ weight / (len(weight) - 1))
    assert display.line_.get_xdata().tolist() == cv.path.strengths.tolist()
    assert display.line_.get_ydata() == pytest.approx(mean)
    corners = display.band_.get_paths()[0].vertices
    for t, m, e in zip(cv.path.strengths, mean, error, strict=True):
        at = np.sort(corners[np.isclose(corners[:, 0], t), 1])
        assert [at[0], at[-1]] == pytest.approx([m - e, m + e])
    assert display.ax_.xaxis_inverted()


def test_the_choices_carry_their_strength_and_number_of_features(cv):
    display = drawn(cv.plot())
    for name, strength in (("best", cv.best_strength), ("one SE", cv.one_se_strength)):
        assert display.choices_[name].get_xdata()[0] == strength
        kept = np.count_nonzero(cv.path.coef[cv.path.strengths == strength])
        assert display.labels_[name].get_text().endswith(f", {kept} feature{'' if kept == 1 else 's'}")
    texts = [*display.labels_.values(), *display.ax_.get_xticklabels()]
    assert overlapping(texts) == []
    assert outside(display.labels_.values(), display.figure_) == []
    # The names stand below the curve.
    lowest = display.ax_.transData.transform((1.0, (cv.mean - cv.standard_error).min()))[1]
    assert all(text.get_window_extent().y1 < lowest for text in display.labels_.values())


def test_numbers_of_features_stand_on_top(cv):
    display = drawn(cv.plot())
    kept = np.count_nonzero(cv.path.coef, axis=1)
    ticks = display.counts_.get_xticks()
    labels = [label.get_text() for label in display.counts_.get_xticklabels()]
    assert len(ticks) >= 5
    for tick, label in zip(ticks, labels, strict=True):
        assert label == str(kept[np.argmin(np.abs(cv.path.strengths - tick))])


def test_folds_on_request(cv):
    assert cv.plot().fold_lines_ == []
    lines = drawn(cv.plot(folds=True)).fold_lines_
    assert [line.get_ydata().tolist() for line in lines] == cv.fold_loss.T.tolist()


@pytest.mark.parametrize("strengths", [[30.0, 10.0, 3.0, 0.0], [3.0], [3.0, 3.0], [0.0]])
def test_grids_of_any_kind(strengths):
    display = drawn(eq.cross_validate(*correlated(40, 5), folds=4, strengths=strengths).plot())
    assert len(display.labels_) == 2


def test_ax_is_used(cv):
    figure, axes = plt.subplots(1, 2, layout="constrained")
    assert cv.plot(axes[1]).ax_ is axes[1]
    assert cv.plot(axes[0]).figure_ is figure
    figure.canvas.draw()


@pytest.mark.parametrize("choice", ["best", "one_se"])
def test_an_estimator_and_its_pickle(choice):
    X, y = correlated(60, 5)
    model = eq.LassoCV(cv=4, alphas=20, choice=choice).fit(X, y)
    display = drawn(eq.CrossValidationDisplay.from_estimator(model, X, y))
    assert display.line_.get_xdata().tolist() == model.alphas_.tolist()
    assert display.choices_["best" if choice == "best" else "one SE"].get_xdata()[0] == model.alpha_
    again = pickle.loads(pickle.dumps(model))
    with pytest.raises(ValueError, match="pass X and y"):
        eq.CrossValidationDisplay.from_estimator(again)
    refitted = eq.CrossValidationDisplay.from_estimator(again, X, y)
    assert refitted.line_.get_ydata() == pytest.approx(display.line_.get_ydata())


def test_a_pickle_is_not_drawn_on_other_data_or_without_its_weights():
    X, y = correlated(60, 5)
    weights = np.arange(60.0) % 3
    again = pickle.loads(pickle.dumps(eq.LassoCV(cv=4, alphas=20).fit(X, y, sample_weight=weights)))
    for given in ((X, y), (X[:50], y[:50])):
        with pytest.raises(ValueError, match="another model follows from these X and y"):
            eq.CrossValidationDisplay.from_estimator(again, *given)


def test_an_estimator_that_is_not_fitted_or_not_ours():
    from sklearn.exceptions import NotFittedError
    from sklearn.linear_model import LassoCV

    with pytest.raises(NotFittedError):
        eq.CrossValidationDisplay.from_estimator(eq.LassoCV())
    with pytest.raises(TypeError, match="of equipoise"):
        eq.CrossValidationDisplay.from_estimator(LassoCV())
