"""Where a package that only some tasks need is absent, they name the command that installs it."""

import absent
import pytest

OPTIONAL = ["pandas", "polars", "pyarrow", "duckdb", "formulaic", "matplotlib", "rich", "typer"]
OPTIONAL += ["dask", "distributed", "pyspark"]

TELL = """
import os, sys
import numpy as np
import equipoise as eq

def tell(called, call):
    try:
        call()
        print(f"{called}: works")
    except ImportError as error:
        print(f"{called}: {type(error).__name__}: {error}")
"""

RESULTS = """
X, y = eq.datasets.horseshoe_crabs()
fit, path, cv = eq.fit(X, y, l1=20.0), eq.path(X, y), eq.cross_validate(X, y, folds=3, repeats=2)
results = [fit, path, cv, eq.trace(X, y, l1=20.0), fit.explain(), fit.what_if(without=["width"])]
results += [fit.survivors(), fit.importance(), path.criteria(), eq.stability_selection(X, y, q=1, pairs=5)]
results += [eq.debias(X, y), eq.selective_intervals(X, y, l1=20.0), eq.relax(X, y, folds=3)]
results += [eq.audit(X, y, fit.coef, fit.intercept, l1=20.0), fit.score(X, y), cv.frequency, fit.certificate]
results += [eq.Lasso(0.1).fit(X, y), eq.RidgeCV().fit(X, y), eq.LassoIC().fit(X, y)]
results += [eq.adapt(X, y, folds=3), eq.LassoCV(cv=3).fit(X, y)]
wanted = {"predict": (X,), "score": (X, y), "save": ("model.json",), "report": ()}
for result in results:
    kind = type(result)
    for name in dir(kind):
        public = not name.startswith("_") or name in ("_repr_html_", "__str__", "__repr__")
        if not public or name in ("fit", "get_metadata_routing") or name.endswith("_request"):
            continue
        value = getattr(result, name)
        if callable(value):
            def call():
                try:
                    value(*wanted.get(name, ()))
                except TypeError as error:  # it needs arguments
                    assert "missing" in str(error), error
            tell(f"{kind.__name__}.{name}", call)
for like in ("pandas", "polars", "pyarrow"):
    tell(like, lambda: fit.to_frame(like=like))
for kind in (eq.BalanceDisplay, eq.PathDisplay, eq.CrossValidationDisplay):
    tell(kind.__name__, lambda: kind.from_estimator(results[-1]))
tell("learn", lambda: eq.learn("learn.html"))
"""

SOURCES = """
class Stream:
    def __arrow_c_stream__(self, schema=None):
        raise NotImplementedError

X, y = np.arange(12.0).reshape(6, 2) % 5, np.arange(6.0)
fit = eq.fit(X, y, l1=0.1)
files = ["t.csv", "t.tsv", "t.jsonl", "t.json", "t.parquet", "t.arrow", "t.feather"]
for name in files:
    with open(name, "w") as file:
        file.write("x1,x2,y\\n1,2,3\\n2,1,4\\n")
for source in (*files, "select * from 't.csv'", ".", Stream()):
    called = source if isinstance(source, str) else "stream"
    tell(f"gather {called}", lambda: eq.gather(source, "y"))
    tell(f"fit {called}", lambda: eq.fit(source, "y", l1=0.1))
    tell(f"cross_validate {called}", lambda: eq.cross_validate(source, "y"))
    if called != "stream":
        tell(f"read {called}", lambda: eq.read(source))
    tell(f"predict {called}", lambda: fit.predict(source))
    tell(f"score {called}", lambda: fit.score(source, "y" if called != "stream" else y))
tell("Mapped t.arrow", lambda: eq.Mapped("t.arrow"))
tell("gather arrays", lambda: eq.gather(X, y))
X, y = eq.datasets.three_rows()
tell("gather names", lambda: eq.gather(X, "x1"))
tell("formula", lambda: eq.formula("x1 ~ x2", X))
"""


def told(gone, code, folder):
    """What an interpreter without some packages tells, by call."""
    lines = absent.run_without(gone, TELL + code, cwd=folder).splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_every_result_works_or_says_what_to_install(tmp_path):
    found = told(OPTIONAL, RESULTS, tmp_path)
    assert len(found) > 120
    for called, outcome in found.items():
        wanted = "works"
        if called.endswith((".plot", "Display")):
            wanted = 'ImportError: pictures need matplotlib: pip install "equipoise[plot]"'
        elif called.endswith(".to_frame"):
            wanted = "ImportError: a data frame needs a data frame library: pip install pandas"
        elif called in ("pandas", "polars", "pyarrow"):
            wanted = f"ImportError: a {called} frame needs {called}: pip install {called}"
        assert outcome == wanted, called


@pytest.mark.parametrize("gone", [OPTIONAL, ["pyarrow"]], ids=["all", "pyarrow"])
def test_every_source_says_what_to_install(tmp_path, gone):
    found = told(gone, SOURCES, tmp_path)
    assert len(found) > 50
    formula = found.pop("formula")
    installs = 'ImportError: a formula needs formulaic: pip install "equipoise[formula]"'
    assert formula == (installs if "formulaic" in gone else "works")
    for called, outcome in found.items():
        assert outcome.startswith("ImportError: "), called
        assert outcome.endswith('pyarrow: pip install "equipoise[cli]"'), called


def test_a_file_of_text_needs_duckdb(tmp_path):
    code = "open('t.csv', 'w').write('x1,y\\n1,2\\n')\n"
    code += "tell('read', lambda: eq.read('t.csv'))\ntell('fit', lambda: eq.fit('t.csv', 'y', l1=1.0))\n"
    wanted = 'ImportError: reading files needs duckdb: pip install "equipoise[cli]"'
    assert told(["duckdb"], code, tmp_path) == {"read": wanted, "fit": wanted}


def test_a_relation_of_duckdb_needs_pyarrow(tmp_path):
    code = """
import duckdb
rows = duckdb.sql("select range as a, 2.0 * range as y from range(9)")
tell("fit", lambda: eq.fit(rows, "y", l1=1.0))
tell("predict", lambda: eq.fit([[1.0], [2.0]], [1.0, 2.0], l1=0.1).predict(rows.select("a")))
tell("y", lambda: eq.fit(np.arange(9.0)[:, None], rows.select("y"), l1=1.0))
"""
    outcomes = told(["pyarrow"], code, tmp_path)
    for outcome in outcomes.values():
        assert outcome.startswith("ImportError: ")
        assert outcome.endswith('needs pyarrow: pip install "equipoise[cli]"')
    assert len(outcomes) == 3
