import json
import subprocess
import sys

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.formula.formula_whitelist import read_factor

pd = pytest.importorskip("pandas")
pytest.importorskip("formulaic")

ROWS = 40
RICH = "y ~ a + b:c + poly(d, 2) + center(a):d + scale(b) + C(k, contr.sum) + bs(d, df=4) + log(e) + I(a**2)"


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    columns = {name: rng.normal(size=ROWS) for name in "abd"}
    columns["e"] = rng.uniform(1, 2, ROWS)
    columns["c"] = rng.choice(["u", "v", "w"], ROWS)
    columns["k"] = rng.integers(1, 4, ROWS)
    columns["y"] = columns["a"] + 2 * columns["b"] * (columns["c"] == "v") + rng.normal(size=ROWS)
    return pd.DataFrame(columns)


@pytest.fixture
def new(data):
    """Rows that look different from those fitted to: few, with other means and not all levels."""
    rows = data.iloc[:3].copy()
    rows[["a", "b"]] += 3.0
    rows["d"] = [data.d.min(), 0.0, data.d.max()]
    rows["c"] = ["v", "w", "v"]
    return rows.drop(columns="y")


def orthogonal(d, powers, at):
    """Orthogonal polynomials over the values d by Gram and Schmidt, each of norm 1, evaluated elsewhere."""
    basis, elsewhere = [np.ones_like(d)], [np.ones_like(at)]
    for power in range(1, powers + 1):
        column, other = d**power, at**power
        for b, e in zip(basis, elsewhere, strict=True):
            share = column @ b / (b @ b)
            column, other = column - share * b, other - share * e
        basis.append(column)
        elsewhere.append(other)
    norms = [np.linalg.norm(b) for b in basis[1:]]
    return np.column_stack([e / norm for e, norm in zip(elsewhere[1:], norms, strict=True)])


def by_hand(data, rows):
    """The columns of ``a + b:c + poly(d, 2) + center(a) + scale(b) + C(k)`` with what is learned of data."""
    deviation = data.b.std(ddof=1)
    return np.column_stack(
        [
            rows.a,
            *(orthogonal(data.d.to_numpy(), 2, rows.d.to_numpy()).T),
            rows.a - data.a.mean(),
            (rows.b - data.b.mean()) / deviation,
            *((rows.k == k).astype(float) for k in (2, 3)),
            *(rows.b * (rows.c == level) for level in "uvw"),
        ]
    )


def test_the_columns_are_what_a_person_would_compute(data, new):
    X, y = eq.formula("y ~ a + b:c + poly(d, 2) + center(a) + scale(b) + C(k)", data)
    assert X.features == (
        *("a", "poly(d, 2)[1]", "poly(d, 2)[2]", "center(a)", "scale(b)", "C(k)[T.2]", "C(k)[T.3]"),
        *("b:c[u]", "b:c[v]", "b:c[w]"),
    )
    np.testing.assert_array_equal(y, data.y)
    np.testing.assert_allclose(X.matrix, by_hand(data, data), atol=1e-12)
    fit = eq.fit(X, y, l1=0.5)
    direct = eq.fit(by_hand(data, data), y, l1=0.5)
    np.testing.assert_allclose(fit.predict(new), direct.predict(by_hand(data, new)), atol=1e-10)
    assert fit.certificate.optimal
    assert "poly(d, 2)[1]" in fit.explain("poly(d, 2)[1]")


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_every_library_gives_the_same(data, new, library):
    other = pytest.importorskip(library)
    convert = other.from_pandas if library == "polars" else other.Table.from_pandas
    X, y = eq.formula(RICH, data)
    X2, y2 = eq.formula(RICH, convert(data))
    assert X2.features == X.features
    np.testing.assert_array_equal(X2.matrix, X.matrix)
    np.testing.assert_array_equal(y2, y)
    fit = eq.fit(X2, y2, l1=0.1)
    np.testing.assert_array_equal(fit.predict(convert(new)), eq.fit(X, y, l1=0.1).predict(new))
    assert library in type(fit.to_frame()).__module__


@pytest.mark.parametrize(("text", "intercept"), [("y ~ a", True), ("y ~ a - 1", False), ("y ~ 0 + a", False)])
def test_the_intercept_is_the_models_own(data, text, intercept):
    X, y = eq.formula(text, data)
    assert X.features == ("a",)
    fit = eq.fit(X, y, l1=0.3)
    direct = eq.fit(data[["a"]].to_numpy(), data.y.to_numpy(), l1=0.3, intercept=intercept)
    assert fit.with_intercept is intercept
    np.testing.assert_allclose([fit.intercept, *fit.coef], [direct.intercept, *direct.coef], rtol=1e-12)
    assert not eq.fit(X, y, l1=0.3, intercept=False).with_intercept


def test_without_an_intercept_a_category_keeps_all_its_levels(data):
    assert eq.formula("y ~ c", data)[0].features == ("c[T.v]", "c[T.w]")
    assert eq.formula("y ~ c - 1", data)[0].features == ("c[u]", "c[v]", "c[w]")


def test_the_first_level_is_the_one_that_a_category_declares(data):
    data["c"] = pd.Categorical(data["c"], categories=["w", "none", "v", "u"])
    assert eq.formula("y ~ c", data)[0].features == ("c[T.v]", "c[T.u]")
    pl = pytest.importorskip("polars")
    frame = pl.from_pandas(data).with_columns(
        c=pl.Series(data["c"].astype(str)).cast(pl.Enum(["w", "v", "u"]))
    )
    assert eq.formula("y ~ c", frame)[0].features == ("c[T.v]", "c[T.u]")


def test_a_dot_is_all_other_columns_and_names_may_be_quoted(data):
    data = data.rename(columns={"a": "my a"})
    X, _ = eq.formula("y ~ .", data)
    assert X.features[:3] == ("my a", "b", "d")
    X, y = eq.formula("log(e) ~ `my a` + I(`my a`**2) + np.sqrt(e)", data)
    np.testing.assert_allclose(y, np.log(data.e))
    np.testing.assert_allclose(X.matrix, np.column_stack([data["my a"], data["my a"] ** 2, np.sqrt(data.e)]))
    fit = eq.fit(X, y, l1=0.01)
    np.testing.assert_allclose(fit.predict(data.head(2)), fit.predict(X)[:2], rtol=1e-12)


def test_every_verb_takes_it(data):
    X, y = eq.formula("y ~ a*b + c", data)
    weights = np.arange(ROWS) % 3
    path = eq.path(X, y, sample_weight=weights, count=5)
    direct = eq.path(X.matrix, y, sample_weight=weights, count=5)
    np.testing.assert_array_equal(path.coef, direct.coef)
    cv = eq.cross_validate(X, y, folds=4, count=5, standardize=True)
    np.testing.assert_array_equal(
        cv.fold_loss, eq.cross_validate(X.matrix, y, folds=4, count=5, standardize=True).fold_loss
    )
    fit = eq.fit(X, y, l1=1, lower={"a:b": 0.0})
    np.testing.assert_array_equal(fit.lower, np.where(np.array(fit.features) == "a:b", 0.0, -np.inf))
    audit = eq.audit(X, y, eq.fit(X, y, l1=1).coef, eq.fit(X, y, l1=1).intercept, l1=1)
    assert audit.optimal


def test_a_saved_model_predicts_bit_for_bit_in_another_process(data, new, tmp_path):
    X, y = eq.formula(RICH, data)
    fit = eq.fit(X, y, l1=0.05)
    fit.save(tmp_path / "model.json")
    new.to_pickle(tmp_path / "new.pickle")
    code = (
        "import sys, pandas, equipoise as eq\n"
        "fit = eq.load(sys.argv[1])\n"
        "print(*(value.hex() for value in fit.predict(pandas.read_pickle(sys.argv[2])).tolist()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "model.json", tmp_path / "new.pickle"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [value.hex() for value in fit.predict(new).tolist()]
    loaded = eq.load(tmp_path / "model.json")
    assert loaded.encoding == fit.encoding
    sheet = loaded.explain(data, y)
    np.testing.assert_allclose(sheet["a"].pull, fit.explain()["a"].pull, rtol=1e-7, atol=1e-9)


def test_a_prediction_checks_the_columns(data, new):
    X, y = eq.formula("y ~ a + c + C(k)", data)
    fit = eq.fit(X, y, l1=0.1)
    with pytest.raises(ValueError, match="X lacks column 'a'"):
        fit.predict(new.drop(columns="a"))
    words = r"'a' holds text such as 'one' \(row 0, counting from 0\), but the model was fitted on numbers"
    with pytest.raises(TypeError, match=words):
        fit.predict(new.assign(a=["one", "two", "three"]))
    with pytest.raises(ValueError, match="X column 'a' holds 1 missing value"):
        fit.predict(new.assign(a=[1.0, None, 2.0]))
    with pytest.raises(ValueError, match=r"holds level 'z', unseen when the model was fitted \(it knows 'u'"):
        fit.predict(new.assign(c=["u", "z", "v"]))
    with pytest.raises(ValueError, match=r"levels \{.*9.*\} in .*, unseen when the model was fitted"):
        fit.predict(new.assign(k=[1, 9, 2]))
    np.testing.assert_allclose(
        fit.predict(new.assign(c=["u", "z", "v"], k=[1, 9, 1]), unseen="zero"),
        fit.predict(new.assign(c=["u", "u", "v"], k=[1, 1, 1])),  # the first level has no feature of its own
        rtol=1e-12,
    )
    with pytest.raises(ValueError, match="X has 2 columns but the formula"):
        fit.predict(np.zeros((3, 2)))
    other, _ = eq.formula("y ~ a", data)
    with pytest.raises(
        ValueError, match="X is of the formula 'y ~ a', which has other features than the model"
    ):
        fit.predict(other)


def test_missing_values_are_refused_or_their_rows_dropped(data, tmp_path):
    data.loc[[2, 5], "a"] = np.nan
    data.loc[7, "c"] = None
    data.loc[9, "y"] = np.nan
    data.loc[11, "b"] = np.nan  # which the formula does not name
    with pytest.raises(ValueError, match="data column 'a' holds 2 missing values"):
        eq.formula("y ~ scale(a) + c", data)
    X, y = eq.formula("y ~ scale(a) + c", data, missing="drop")
    whole = data.dropna(subset=["a", "c", "y"])
    np.testing.assert_array_equal(X.matrix, eq.formula("y ~ scale(a) + c", whole)[0].matrix)
    fit = eq.fit(X, y, l1=0.1)
    assert "4 of 40 rows dropped for missing values (a 2, c 1, y 1)" in str(fit)
    assert "4 of 40 rows dropped" in str(eq.fit(X, y, l1=0.1, missing="mean"))
    weights = np.ones(36)
    weights[3] = np.nan
    both = eq.fit(X, y, l1=0.1, sample_weight=weights, missing="drop")
    assert "5 of 40 rows dropped for missing values (a 2, c 1, y 1, sample_weight 1)" in str(both)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("y ~ a + +", "cannot be read"),
        ("~ a", "names no response"),
        ("y ~ a | b", "several parts"),
        ("y ~ 1", "names no feature"),
        ("a + y ~ b", r"has the responses 'a', 'y'"),
        ("y ~ aa", "names 'aa', which is no column of the data"),
        ("y ~ foo(a)", "uses 'foo'"),
        ("y ~ np.load(a)", r"uses 'np\.load'"),
        ("y ~ log(a.b)", r"uses 'a\.b'"),
        ("y ~ C(k, levels=[1, 2])", "levels"),
        ("y ~ log(c)", "cannot be evaluated"),
        ("y ~ log(a)", r"'log\(a\)' holds"),
        ("y ~ poly(a, 2, raw=open)", "names 'open'"),
    ],
)
def test_a_formula_that_cannot_be_used_is_refused_in_a_sentence(data, text, complaint):
    with pytest.raises(ValueError, match=complaint):
        eq.formula(text, data)


def test_data_and_formula_must_be_what_they_are_called(data):
    with pytest.raises(TypeError, match="pass a data frame"):
        eq.formula("y ~ a", np.zeros((3, 2)))
    with pytest.raises(TypeError, match="pass text such as 'y ~ a"):
        eq.formula(3, data)
    with pytest.raises(ValueError, match="missing is 'mean'"):
        eq.formula("y ~ a", data, missing="mean")


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "(lambda: 1)()",
        "[x for x in a]",
        "a.__class__",
        "log.__globals__",
        "np.linalg.norm(a)",
        "I(C('`', open('/etc/passwd'), '`'))",
        "log(`a`, `__import__`)",
        "a if a else a",
        "f'{a}'",
        "(z := a)",
        "a[0]",
    ],
)
def test_no_expression_runs_anything_else(data, tmp_path, expression):
    with pytest.raises(ValueError, match="formula"):
        read_factor(expression, "python", ["a"], "y ~ …")
    X, y = eq.formula("y ~ a", data)
    eq.fit(X, y, l1=1).save(tmp_path / "model.json")
    # A file whose checksum is right, for whoever writes it can compute that too.
    from equipoise.data.files.documents import checksum_of

    document = json.loads((tmp_path / "model.json").read_text())
    document["model"]["encoding"]["terms"] = [[[expression, "python"]]]
    document["checksum"] = checksum_of(document["model"])
    (tmp_path / "model.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match="not a whole equipoise model"):
        eq.load(tmp_path / "model.json")


def test_the_extra_is_named_where_it_is_not_installed(data, monkeypatch):
    monkeypatch.setitem(sys.modules, "formulaic", None)
    with pytest.raises(ImportError, match=r'pip install "equipoise\[formula\]"'):
        eq.formula("y ~ a", data)


@pytest.mark.parametrize("formula", ["y ~ poly(a, 2)", "y ~ b + poly(a, degree=3):b"])
def test_a_polynomial_needs_more_values_than_degrees(formula):
    frame = pd.DataFrame({"a": [0.0, 1.0] * 10, "b": np.arange(20.0), "y": np.arange(20.0) % 7})
    with pytest.raises(ValueError, match=r"distinct values, but column 'a' has 2: lower the degree"):
        eq.formula(formula, frame)


# ---- formulas without an end ---------------------------------------------------------------------

ENDLESS = {
    "{9**9**9}": "no number of at most 1e+300",
    "I(a*9**(9**9))": "no number of at most 1e+300",
    "I(9**I(9**9))": "names no column",
    "I(a + 10**400)": "no number of at most 1e+300",
    "I(a + 1e400)": "no number of at most 1e+300",
    "I(1<<10**10)": "uses '1 << 10 ** 10'",
    "I('a'*10**9)": "uses ''a''",
    "C('a'*1000000000)": "uses ''a''",
    "I([a]*10**9)": "uses '[a]'",
    "C(k, levels=[0]*10**9)": "has levels=[0] * 10 ** 9: write a number, a text or a list",
    "C(k, contr.poly([1]*10**9))": "write a number, a text or a list",
    "bs(a, df=10**9)": "write a whole number up to 1000",
    "bs(a, df=1000000000)": "df=1000000000, more than 1000: lower it",
    "bs(a, degree=90000)": "degree=90000, more than 100",
    "cr(a, df=900000)": "df=900000, more than 1000",
    "bs(a, knots=[" + "0," * 2000 + "])": "more than 1000 knots",
    "poly(a, 1000000)": "degree=1000000, more than 100",
    "poly(a, degree=1000000, raw=True)": "degree=1000000, more than 100",
    "bs(a, df=900):bs(b, df=900):bs(d, df=900)": "729000001 columns or more, which with 40 rows",
    "(a+b)**60": "more than 30 million steps to multiply out",
    "((a+b)**9)**9": "more than 30 million steps to multiply out",
    "a**999999999": "more than 30 million steps to multiply out",
    "a^" + "9" * 5000: "more than 30 million steps to multiply out",
    ".**40": "more than 30 million steps to multiply out",
    "*".join(["a", "b", "d", "e"] * 9): "more than 30 million steps to multiply out",
    "(" * 20_000 + "a" + ")" * 20_000: "more than 1000 brackets inside each other",
    "(a+" * 20_000 + "a" + ")" * 20_000: "more than 1000 brackets inside each other",
    "|".join(["a"] * 30_000): "more than 1000 brackets inside each other, or of the operators",
    "a" + "**a" * 30_000: "of the operators",
    "+".join(["a"] * 60_000): "has 120003 characters, more than 100000",
    "I(" + "(" * 900 + "a" + ")" * 900 + ")": "cannot be read",
    "I(" + "-" * 4000 + "a)": "cannot be read",
    "I(" + "-" * 50_000 + "a)": "cannot be read",
    "I(" + "a**" * 3000 + "a)": "of the operators",
    "I(" + "a**" * 110 + "a)": "more than 100 deep",
    "I(" + "+" * 300 + "a)": "more than 100 deep",
    "I(" + "a+" * 300 + "a)": "more than 100 deep",
    "C(k, levels=[" + "1," * 9000 + "])": "characters, more than 10000",
}


def test_a_formula_without_an_end_is_refused_before_it_is_begun(data, tmp_path):
    """In a process of its own that may take 60 s and 3 GB: a hang fails, and does not end the tests."""
    data.to_pickle(tmp_path / "data.pickle")
    (tmp_path / "texts.json").write_text(json.dumps([f"y ~ {text}" for text in ENDLESS]))
    code = (
        "import json, sys, pandas, equipoise as eq\n"
        "try:\n"
        "    import resource\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "except ImportError: pass\n"
        "data = pandas.read_pickle('data.pickle')\n"
        "for text in json.load(open('texts.json')):\n"
        "    try:\n"
        "        eq.formula(text, data)\n"
        "        print(json.dumps(['nothing', text[:80]]))\n"
        "    except Exception as error:\n"
        "        print(json.dumps([type(error).__name__, str(error)]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    told = [json.loads(line) for line in run.stdout.splitlines()]
    for (text, match), (kind, message) in zip(ENDLESS.items(), told, strict=True):
        assert kind == "ValueError", (text[:80], message)
        assert match in message, (text[:80], message)
        assert "\n" not in message
        assert len(message) < 600


@pytest.mark.parametrize("call", ["np.log(e, out=e)", "np.log(e, e)", "log(e, out=e)", "I(e, where=a)"])
def test_no_function_writes_into_the_data(data, call):
    before = data.copy()
    with pytest.raises(ValueError, match="takes a column and no option"):
        eq.formula(f"y ~ {call}", data)
    pd.testing.assert_frame_equal(data, before)


@pytest.mark.parametrize("call", ["scale(a, _state=b)", "scale(a, **b)", "poly(a, _state={})", "scale(*a)"])
def test_no_option_is_taken_that_is_not_listed(data, call):
    with pytest.raises(ValueError, match=r"takes a column and the options|uses '\*a'"):
        eq.formula(f"y ~ {call}", data)


def test_functions_of_several_columns_stand_alone(data):
    with pytest.raises(ValueError, match=r"poly\(…\) inside another expression"):
        eq.formula("y ~ I(poly(a, 2) * b)", data)
    assert eq.formula("y ~ poly(a, 2):b", data)[0].features == ("poly(a, 2)[1]:b", "poly(a, 2)[2]:b")


def test_arithmetic_with_integers_does_not_overflow(data):
    """3e9 squared is 9e18, above int64; to the fifth, 2.43e47."""
    data["k"] = 3_000_000_000 + np.arange(ROWS)
    X, _ = eq.formula("y ~ I(k**2) + I(k**5) + k:k", data)
    exact = [[(3_000_000_000 + row) ** power for power in (2, 5)] for row in range(ROWS)]
    np.testing.assert_allclose(X.matrix[:, :2], np.array(exact, dtype=float), rtol=1e-15)


def test_ten_to_the_power_is_not_the_tenth_power(data):
    """formulaic's exp10(x) is x**10."""
    with pytest.raises(ValueError, match="uses 'exp10'"):
        eq.formula("y ~ exp10(a)", data)
    np.testing.assert_allclose(eq.formula("y ~ I(10**a)", data)[0].matrix[:, 0], 10 ** data.a.to_numpy())


@pytest.mark.parametrize(
    "term",
    [
        *("cr(d, df=4)", "cs(d, df=4)", "cc(d, df=4)", "cr(d, df=4, constraints='center')", "standardize(d)"),
        *("bs(d, knots=[-0.5, 0, 0.5])", "bs(d, df=5, degree=2, include_intercept=True)", "scale(d, ddof=0)"),
        *("C(k, contr.treatment(2))", "C(k, contr.helmert)", "C(k, levels=[1, 2, 3])", "C(c):poly(d, 2)"),
        *("poly(log(e), 3)", "scale(d, center=False)", "exp2(d)", "I(-a / 2 + 3 * (b - 1) ** 2 % 5 // 1)"),
        *("C(k, {'low': [1, 0, 0]})", "2:a", "np.abs(a)"),
    ],
)
def test_whatever_is_learned_is_loaded_again(data, new, term, tmp_path):
    X, y = eq.formula(f"y ~ b + {term}", data)
    fit = eq.fit(X, y, l1=0.05)
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    np.testing.assert_array_equal(loaded.predict(new), fit.predict(new))
    assert loaded.encoding == fit.encoding


def test_a_prediction_reads_true_and_false_and_the_forms_of_the_model(tmp_path):
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    frame = {"y": [1.0, 4.0, 2.0, 8.0], "t": [True, False, True, False], "p": ["1,5", "2,5", "3", "4,25"]}
    table = eq.read(pa.table(frame), as_number="p")
    X, y = eq.formula("y ~ t + p", table)
    fit = eq.fit(X, y, l1=0.01)
    expected = np.array([[1, 1.5], [0, 2.0]]) @ fit.coef + fit.intercept
    path = tmp_path / "new.csv"
    path.write_text("t;p\ntrue;1,500\nfalse;2,000\n")
    np.testing.assert_allclose(fit.predict(eq.read(path)), expected, rtol=1e-12)
    text = pl.DataFrame({"t": ["true", "FALSE"], "p": ["1,5", "2"]})
    np.testing.assert_allclose(fit.predict(text), expected, rtol=1e-12)
    with pytest.raises(TypeError, match="'t' holds text such as 'yes'"):
        fit.predict(pl.DataFrame({"t": ["yes", "no"], "p": [1.5, 2.0]}))


LABELS = {
    "text": lambda yes: np.where(yes, "yes", "no"),
    "text of pandas": lambda yes: pd.array(np.where(yes, "yes", "no"), dtype="string"),
    "categories": lambda yes: pd.Categorical(np.where(yes, "b", "a"), ["a", "b", "never"]),
    "ordered categories": lambda yes: pd.Categorical(np.where(yes, "a", "b"), ["b", "a"], ordered=True),
    "truth values": lambda yes: yes,
    "truth values of pandas": lambda yes: pd.array(yes, dtype="boolean"),
    "integers": lambda yes: yes + 1,
    "integers of pandas": lambda yes: pd.array(yes + 1, dtype="Int64"),
    "0.0 and 1.0": lambda yes: yes.astype(float),
    "numbers as text": lambda yes: yes.astype(int).astype(str),
}


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("labels", LABELS)
def test_a_response_may_be_a_column_of_labels(data, labels, library):
    linear_model = pytest.importorskip("sklearn.linear_model")
    yes = data.a.to_numpy() + np.random.default_rng(5).normal(size=ROWS) > 0
    data["who"] = LABELS[labels](yes)
    frame = data
    if library != "pandas":
        other = pytest.importorskip(library)
        frame = (other.from_pandas if library == "polars" else other.Table.from_pandas)(data)
    if (library, labels) == ("polars", "ordered categories"):  # whose order it does not take over
        frame = frame.with_columns(other.col("who").cast(other.Enum(["b", "a"])))
    X, y = eq.formula("who ~ b + C(k)", frame)
    fit = eq.fit(X, y, l1=0.0, loss="binomial")
    columns = np.column_stack([data.b, data.k == 2, data.k == 3])
    theirs = linear_model.LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(columns, yes)
    np.testing.assert_allclose(fit.coef, theirs.coef_[0], atol=1e-7)
    np.testing.assert_allclose(fit.predict(frame), theirs.predict_proba(columns)[:, 1], atol=1e-7)
    event, without = data.who[yes].iloc[0], data.who[~yes].iloc[0]
    assert fit.levels == (without, event)
    told = [event if one else without for one in theirs.predict(columns)]
    assert fit.predict(frame, kind="class").tolist() == told
    turned = eq.fit(X, y, l1=0.0, loss="binomial", event=str(without))
    np.testing.assert_allclose(turned.coef, -theirs.coef_[0], atol=1e-7)


def test_labels_need_a_loss_for_them_and_their_gaps_are_told_or_dropped(data):
    data["who"] = np.where(data.a > 0, "yes", "no").astype(object)
    with pytest.raises(TypeError, match="y holds two labels, 'no' and 'yes': pass loss='binomial'"):
        eq.fit(*eq.formula("who ~ b", data), l1=1.0)
    data.loc[3, "who"] = None
    with pytest.raises(ValueError, match=r"data column 'who' holds 1 missing value .*first at row 3.*'drop'"):
        eq.formula("who ~ b", data)
    X, y = eq.formula("who ~ b", data, missing="drop")
    assert (len(X), len(y)) == (ROWS - 1, ROWS - 1)
    assert eq.fit(X, y, l1=1.0, loss="binomial").levels == ("no", "yes")
    with pytest.raises(ValueError, match=r"has the responses 'a\[T.1\]'|has the responses"):
        eq.formula("C(k) ~ b", data)


def test_a_formula_in_the_place_of_a_file_is_recognised(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"X, y = formula\('y ~ a', data\), or --formula"):
        eq.fit("y ~ a", "y", l1=1.0)
