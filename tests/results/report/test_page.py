import base64
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

import equipoise as eq

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script>",
    "a&amp;b\u2028 'c'",
    "-->",
)


class Elements(HTMLParser):
    """The elements of a page, their attributes, and the text in each script."""

    def __init__(self, page):
        super().__init__()
        self.found, self.scripts, self.ids, self.text = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")
            self.ids.append(dict(attrs).get("id"))

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "script" and self.lasttag == "script":
            self.scripts[-1] += data
        self.text.append(data)

    def handle_endtag(self, tag):
        if tag == "script":
            self.found.append(("/script", {}))


def script(elements, name):
    return elements.scripts[elements.ids.index(name)]


def numbers(page):
    """What the page holds to draw: its JSON, and its matrices as arrays."""
    data = json.loads(script(Elements(page), "data"))
    m, q, ever = len(data["strengths"]), len(data["features"]), data["ever"]
    coef = np.zeros((m, q))
    coef[:, ever] = unpack(data["coef"]).reshape(m, len(ever))
    return data, coef, unpack(data["pull"]).reshape(m, q)


def unpack(text):
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


def sample(n=60, p=8, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.4) + rng.normal(size=p)
    y = X @ np.where(np.arange(p) % 3 == 0, rng.normal(size=p) * 2, 0.0) + rng.normal(size=n)
    return X, y, rng


def pulls(X, y, coef, intercept, s=None, o=0.0):
    s = np.ones(len(y)) if s is None else s
    return X.T @ (s * (y - o - intercept - X @ coef))


QUESTIONS = {
    "plain": {},
    "standardised": {"standardize": True},
    "elastic net": {"l1": 2.0, "l2": 0.7, "standardize": True},
    "no intercept": {"intercept": False},
    "bounds": {"lower": np.array([0.0] * 4 + [-np.inf] * 4), "upper": 0.3},
    "free and excluded": {"l1": np.array([0.0, np.inf, 1.0, 1.0, 2.0, 1.0, 1.0, 0.5])},
    "weights and offset": {"sample_weight": np.arange(60) % 4 / 2.0, "offset": np.arange(60) / 20.0},
}


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_the_page_holds_the_numbers_of_the_path(asked):
    X, y, _ = sample()
    path = eq.path(X, y, count=12, **asked)
    data, coef, pull = numbers(path.report())
    s, o = asked.get("sample_weight"), asked.get("offset", 0.0)
    assert data["features"] == list(path.features)
    np.testing.assert_array_equal(data["strengths"], path.strengths)
    size = np.linalg.norm(X, axis=0) * np.linalg.norm(y)
    for i, t in enumerate(path.strengths):
        fit = path.at(t)
        np.testing.assert_allclose(coef[i], fit.coef, rtol=1e-9, atol=1e-12)
        expected = pulls(X, y, coef[i], path.intercept[i], s, o)
        free = np.isfinite(fit.limits)
        np.testing.assert_allclose(pull[i], expected, rtol=1e-9, atol=1e-12 * size.max())
        l1 = np.array([np.inf if value is None else value for value in data["l1"]])
        limit = t * (l1 + 2.0 * np.array(data["l2"]) * np.abs(coef[i]))
        sheet = fit.explain()
        np.testing.assert_allclose(limit[free], sheet.limit[free], rtol=1e-9)
        told = [data["verdicts"][int(code)] for code in data["verdict"][8 * i : 8 * (i + 1)]]
        assert told == [list(verdict) for verdict in zip(sheet.status, sheet.reason, strict=True)]


def test_a_path_in_any_order_and_a_strength_between_are_told_in_order():
    X, y, _ = sample()
    path = eq.path(X, y, strengths=[1.0, 20.0, 5.0, 0.0])
    data, coef, _ = numbers(path.report(strength=7.0))
    assert data["strengths"] == [20.0, 7.0, 5.0, 1.0, 0.0]
    assert data["chosen"] == 1
    for t, w in zip(data["strengths"], coef, strict=True):
        np.testing.assert_allclose(w, path.at(t).coef, rtol=1e-9, atol=1e-12)


def test_a_fit_is_told_by_its_l1_and_its_own_sentences():
    X, y, _ = sample()
    fit = eq.fit(X, y, l1=15.0, l2=0.5, standardize=True)
    page = fit.report()
    data, coef, _ = numbers(page)
    i = data["chosen"]
    assert (data["strength_name"], data["strengths"][i]) == ("l1", 15.0)
    np.testing.assert_array_equal(coef[i], fit.coef)
    assert {s["feature"]: s["sentence"] for s in data["stories"]} == {
        j: fit.explain(name) for j, name in enumerate(fit.features)
    }
    for story in data["stories"]:
        shares = sum(share for _, share in story["takers"]) + story["others"]
        row = fit.explain()[story["feature"]]
        assert story["alone"] - shares == pytest.approx(row.pull, abs=1e-9 * np.abs(X.T @ y).max())
    others = [t for t in range(0, len(coef), 17) if t != i]
    for k in others:
        t = data["strengths"][k]
        fresh = eq.fit(X, y, l1=t, l2=0.5 / 15.0 * t, standardize=True)
        np.testing.assert_allclose(coef[k], fresh.coef, rtol=1e-7, atol=1e-9)


def test_a_choice_is_told_with_its_losses():
    X, y, _ = sample()
    cv = eq.cross_validate(X, y, folds=5, count=30)
    for choose, fit in (("one-se", cv.one_se), ("best", cv.best)):
        data, coef, _ = numbers(cv.report(choose=choose))
        np.testing.assert_allclose(coef[data["chosen"]], fit.coef, rtol=1e-9, atol=1e-12)
        assert data["cv"]["mean"] == cv.mean.tolist()
        assert data["cv"]["standard_error"] == cv.standard_error.tolist()
        index = {choice["name"]: choice["index"] for choice in data["choices"]}
        assert data["strengths"][index["best"]] == cv.best_strength
        assert data["strengths"][index["one-SE"]] == cv.one_se_strength
    with pytest.raises(ValueError, match="'one-se' or 'best'"):
        cv.report(choose="median")


def test_names_are_text_and_nothing_else():
    pd = pytest.importorskip("pandas")
    X, y, _ = sample(p=len(NASTY))
    plain, nasty = (
        eq.fit(pd.DataFrame(X, columns=list(names)), y, l1=5.0).report()
        for names in (["a", "b", "c", "d", "e"], NASTY)
    )
    elements, expected = Elements(nasty), Elements(plain)
    assert [tag for tag, _ in elements.found] == [tag for tag, _ in expected.found]
    assert elements.ids == expected.ids == ["walk-data", None, "data", None]
    assert elements.scripts[1::2] == expected.scripts[1::2]
    for name in ("walk-data", "data"):
        assert not re.search(r"[<>&\u2028\u2029]", script(elements, name))
        shown = json.loads(script(elements, name))["features"]
        assert shown == [name.replace("\u2028", "\\u2028") for name in NASTY]


def test_a_name_of_blanks_can_be_seen():
    X, y, _ = sample(p=3)
    page = eq.fit(X, y, l1=5.0, names=[" ", "a", "\u3000"]).report()
    shown = ["“ ”", "a", "“\\u3000”"]
    for name in ("walk-data", "data"):
        assert json.loads(script(Elements(page), name))["features"] == shown
    assert "<bdi>“ ”</bdi>" in page


def test_nothing_is_asked_of_the_network():
    X, y, _ = sample()
    page = eq.fit(X, y, l1=5.0).report()
    elements = Elements(page)
    assert not [
        tag for tag, _ in elements.found if tag in {"link", "img", "iframe", "object", "embed", "base"}
    ]
    assert not [attrs for _, attrs in elements.found if "src" in attrs]
    assert [a["href"] for _, a in elements.found if "href" in a] == ["#slider"]
    outside = set(re.findall(r"https?:[^\s\"'<>]*|url\(|@import|fetch\(|XMLHttp|\bimport\(", page))
    assert outside == {"http://www.w3.org/2000/svg"}
    policy = next(a["content"] for tag, a in elements.found if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_the_page_is_an_html_document_in_one_language():
    X, y, _ = sample()
    elements = Elements(eq.fit(X, y, l1=5.0).report())
    assert ("html", {"lang": "en"}) in elements.found
    ids = [a["id"] for _, a in elements.found if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attrs in elements.found:
        for name in ("for", "aria-labelledby"):
            assert name not in attrs or attrs[name] in ids


def test_a_thousand_features_at_a_hundred_strengths_are_under_three_megabytes():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(150, 1000))
    y = X[:, :10].sum(axis=1) + rng.normal(size=150)
    lasso = eq.path(X, y, count=100).report()
    # The most there can be: with an l2 alone every coefficient is there at every strength.
    ridge = eq.path(X, y, l1=0.0, l2=1.0, strengths=np.geomspace(1e4, 1e-1, 100)).report()
    for page in (lasso, ridge):
        assert len(page.encode()) < 3e6
        assert len(numbers(page)[0]["features"]) == 1000
    assert "left out" not in Elements(lasso).text


@pytest.mark.parametrize(
    "letters", ["x", "a name of some length, as questionnaires have them, ", "特徴量" * 20]
)
@pytest.mark.parametrize("verb", ["lasso", "ridge"])
def test_two_thousand_features_are_under_three_megabytes_whatever_their_names(letters, verb):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 2000))
    y = X[:, :10].sum(axis=1) + rng.normal(size=60)
    asked = {"l1": 0.0, "l2": 1.0, "strengths": np.geomspace(1e4, 1e-1, 100)} if verb == "ridge" else {}
    path = eq.path(X, y, names=[f"{letters}{j}" for j in range(2000)], **asked)
    page = path.report()
    assert 2e6 < len(page.encode()) < 3e6
    data, _, _ = numbers(page)
    shown = path.coef[data["chosen"]]
    assert data["kept"][data["chosen"]] == np.count_nonzero(shown)
    told = {data["features"][story["feature"]] for story in data["stories"]}
    if verb == "lasso":
        assert told >= {path.features[j] for j in np.flatnonzero(shown)}
    assert 100 < len(told) < 2000
    for story in data["stories"][:50]:
        taken = sum(share for _, share in story["takers"]) + story["others"]
        assert story["alone"] - taken == pytest.approx(story["pull"], abs=1e-6 * np.abs(X.T @ y).max())
        assert all(data["takers"][k] in path.features for k, _ in story["takers"])
    everybody = len(told) == len(data["features"])
    assert everybody == (f"The stories of {len(told)} features are told" not in page)


def test_features_that_are_left_out_are_those_furthest_from_the_model():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(40, 4000))
    y = X[:, :5].sum(axis=1) + rng.normal(size=40)
    path = eq.path(X, y, count=100, ratio=0.1)
    page = path.report()
    data, _, _ = numbers(page)
    shown = {int(name[1:]) - 1 for name in data["features"]}
    out = sorted(set(range(4000)) - shown)
    assert shown >= set(np.flatnonzero(path.coef.any(axis=0)).tolist())
    pull = np.array([pulls(X, y, w, b) for w, b in zip(path.coef, path.intercept, strict=True)])
    reach = (np.abs(pull) / path.strengths[:, None]).max(axis=0)
    others = sorted(set(shown) - set(np.flatnonzero(path.coef.any(axis=0)).tolist()))
    assert reach[out].max() <= reach[others].min() + 1e-9
    assert (
        f"{len(out)} features that never come within {100 * (1 - reach[out].max()):.2g} % of the limit"
        in page
    )
    assert len(page.encode()) < 3e6


def test_a_frame_with_categories_and_missing_values():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.normal(size=50), "kind": list("xyzzy") * 10, "b": rng.normal(size=50)})
    y = frame["a"] * 2 + (frame["kind"] == "x") + rng.normal(size=50)
    frame.loc[3, "b"] = np.nan
    fit = eq.fit(frame, y, l1=3.0, missing="mean")
    page = fit.report()
    data, coef, _ = numbers(page)
    assert data["features"] == list(fit.features)
    np.testing.assert_array_equal(coef[data["chosen"]], fit.coef)
    assert "1 missing value" in page


@pytest.mark.parametrize(
    ("X", "y", "asked"),
    [
        ([[1.0], [2.0], [4.0]], [1.0, 2.0, 3.0], {"l1": 1.0}),
        ([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]], [1.0, 2.0, 4.0], {"l1": 0.1}),  # copies
        ([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]], [1.0, 2.0, 4.0], {"l1": 1e6}),  # a constant, and nothing kept
        ([[1.0, 1.0], [2.0, 0.0], [4.0, 1.0], [0.0, 3.0]], [1.0, 2.0, 4.0, 0.0], {"l1": 0.0}),
        ([[1.0, 1.0], [2.0, 0.0], [4.0, 1.0], [0.0, 3.0]], [1.0, 2.0, 4.0, 0.0], {"l1": 0.0, "l2": 1.0}),
        ([[1.0, 1.0], [2.0, 0.0], [4.0, 1.0]], [2.0, 2.0, 2.0], {"l1": 1.0}),  # nothing to explain
    ],
)
def test_small_and_degenerate_problems(X, y, asked):
    fit = eq.fit(X, y, **asked)
    data, coef, _ = numbers(fit.report())
    assert data["kept"][data["chosen"]] == len(fit.support)
    np.testing.assert_array_equal(coef[data["chosen"]], fit.coef)
    sheet = fit.explain()
    p = len(fit.coef)
    told = [data["verdicts"][int(c)] for c in data["verdict"][p * data["chosen"] : p * (data["chosen"] + 1)]]
    assert told == [list(verdict) for verdict in zip(sheet.status, sheet.reason, strict=True)]


def test_sparse_data():
    sparse = pytest.importorskip("scipy.sparse")
    X, y, rng = sample()
    X = np.where(rng.random(X.shape) < 0.3, X, 0.0)
    data, coef, pull = numbers(eq.path(sparse.csc_array(X), y, count=10).report())
    expected, w, g = numbers(eq.path(X, y, count=10).report())
    assert data["verdict"] == expected["verdict"]
    np.testing.assert_allclose(coef, w, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(pull, g, rtol=1e-9, atol=1e-10)


def test_a_file_is_written_and_a_loaded_model_refuses(tmp_path):
    X, y, _ = sample()
    fit = eq.fit(X, y, l1=5.0)
    assert fit.report(tmp_path / "fit.html") is None
    assert (tmp_path / "fit.html").read_text("utf-8") == fit.report()
    fit.save(tmp_path / "model.json")
    with pytest.raises(ValueError, match="holds no data"):
        eq.load(tmp_path / "model.json").report()
    with pytest.raises(FileNotFoundError, match="no folder"):
        fit.report(tmp_path / "nowhere" / "fit.html")


def test_the_recipe_gives_the_same_fit():
    X, y, _ = sample()
    cv = eq.cross_validate(X, y, folds=4, count=20, standardize=True)
    repeated = eq.cross_validate(X, y, folds=3, repeats=2, count=15, l2=0.2)
    for page, fit in (
        (repeated.report(choose="best"), repeated.best),
        (cv.report(), cv.one_se),
        (cv.path.report(strength=3.0), cv.path.at(3.0)),
        (cv.best.report(), cv.best),
    ):
        recipe = re.search(r"<pre>(.*?)</pre>", page, flags=re.DOTALL).group(1)
        code = [line.replace("&quot;", '"').replace("&#x27;", "'") for line in recipe.split("\n")]
        names = {"X": X, "y": y}
        exec("\n".join(line for line in code if "report(" not in line), names)
        np.testing.assert_allclose(names["fit"].coef, fit.coef, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("folds", "told"),
    [
        (4, "4; drawn with the seeds 0, 1, …"),
        ("ordered:4", "4; blocks of rows in their order, each held out from those before it"),
        (np.arange(120) % 3, "3; as they were passed"),
        ([(slice(80), slice(80, None))], "1; one split of the rows into training and validation"),
    ],
)
def test_the_facts_say_which_folds_there_were(folds, told):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(120, 4))
    page = eq.cross_validate(X, X[:, 0] + rng.normal(size=120), folds=folds, count=10).report(choose="best")
    assert f">{told}<" in page


def test_a_wide_problem_holds_the_numbers_of_the_path():
    X, y, _ = sample(n=60, p=300)
    s = np.arange(60) % 3 + 0.5
    path = eq.path(X, y, count=4, ratio=0.1, sample_weight=s, standardize=True, l2=1e-3)
    data, coef, pull = numbers(path.report())
    for i, t in enumerate(path.strengths):
        fit = path.at(t)
        np.testing.assert_allclose(coef[i], fit.coef, rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(pull[i], pulls(X, y, coef[i], path.intercept[i], s), rtol=1e-8, atol=1e-9)
        sheet = fit.explain()
        told = [data["verdicts"][int(code)] for code in data["verdict"][300 * i : 300 * (i + 1)]]
        assert told == [list(verdict) for verdict in zip(sheet.status, sheet.reason, strict=True)]


def test_every_survivor_has_a_row_where_not_all_features_have():
    X, y, _ = sample(n=400, p=60)
    strengths = np.geomspace(300.0, 0.01, 2500)  # so many that few features fit on the page
    path = eq.path(X, y, strengths=strengths)
    chosen = float(strengths[np.argmax((path.coef != 0).sum(axis=1) >= 15)])
    fit, page = path.at(chosen), path.report(strength=chosen)
    shown = set(numbers(page)[0]["features"])
    assert len(shown) < 60
    assert shown >= {fit.features[j] for j in fit.support}
    out = [j for j, name in enumerate(path.features) if name not in shown]
    most = (path.coef[:, out] != 0).sum(axis=0).max()
    assert f"{len(out)} features that are in the model at no more than {most} of the 2500 strengths" in page
    assert len(page.encode()) < 3e6
