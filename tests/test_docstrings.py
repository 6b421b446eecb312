import dataclasses
import doctest
import enum
import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

import equipoise

EXTRAS = {"duckdb", "matplotlib", "pyarrow", "rich", "typer"}  # of the extras `cli` and `plot`

# What numpydoc must not find: no summary that is one sentence on one line; ...
SUMMARY = {"GL08", "SS01", "SS02", "SS03", "SS04", "SS05", "SS06"}
# ... sections it does not know, or in another order; ...
SECTIONS = {"GL06", "GL07"}
# ... a parameter missing, unknown or out of the signature's order; ...
PARAMETERS = {"PR01", "PR02", "PR03", "PR10"}
# ... and, in what equipoise itself exports, no word on what is returned, or no example.
EXPORTED = {"RT01", "EX01"}


def ours(thing: object) -> bool:
    return (getattr(thing, "__module__", None) or "").split(".")[0] == "equipoise"


def public_members(cls: type) -> Iterator[str]:
    """The public methods and properties of a class that this package defines, inherited ones included."""
    for owner in filter(ours, cls.__mro__):
        for name, member in vars(owner).items():
            # A property, a cached property, a class or static method holds its function.
            for wrapper in ("fget", "func", "__func__"):
                member = getattr(member, wrapper, member)
            if not name.startswith("_") and inspect.isfunction(member) and ours(member):
                yield name


def documented() -> list[tuple[str, set[str]]]:
    """Every public name with the numpydoc errors that it must not have."""
    wanted = []
    for name in equipoise.__all__:
        thing = getattr(equipoise, name)
        if inspect.isfunction(thing):
            wanted.append((name, SUMMARY | SECTIONS | PARAMETERS | EXPORTED))
        elif inspect.isclass(thing):
            # Nobody but the package makes a record: its fields may be called Attributes (see below).
            made_by_users = not (dataclasses.is_dataclass(thing) or issubclass(thing, enum.Enum))
            wanted.append((name, SUMMARY | SECTIONS | EXPORTED | (PARAMETERS if made_by_users else set())))
            for member in dict.fromkeys(public_members(thing)):
                wanted.append((f"{name}.{member}", SUMMARY | SECTIONS | PARAMETERS))
    return wanted


@pytest.mark.parametrize(("name", "forbidden"), [pytest.param(*case, id=case[0]) for case in documented()])
def test_public_names_are_documented(name, forbidden):
    found = validate(f"equipoise.{name}")["errors"]
    assert "\n".join(f"{code}: {text}" for code, text in found if code in forbidden) == ""


def records() -> list[str]:
    return [name for name in equipoise.__all__ if dataclasses.is_dataclass(getattr(equipoise, name))]


@pytest.mark.parametrize("name", records())
def test_every_field_of_a_record_is_documented(name):
    cls = getattr(equipoise, name)
    written_only = {"show_class_members": False}  # nothing that numpydoc gathers from the class itself
    doc = get_doc_object(cls, config=written_only)
    documented = ", ".join(entry.name for entry in [*doc["Parameters"], *doc["Attributes"]]).split(", ")
    public = [field.name for field in dataclasses.fields(cls) if not field.name.startswith("_")]
    assert [name for name in public if name not in documented] == []


def modules() -> list[str]:
    # A package that lacks an extra is still listed, and reports it below.
    found = pkgutil.walk_packages(equipoise.__path__, "equipoise.", onerror=lambda _: None)
    return ["equipoise", *(module.name for module in found)]


@pytest.mark.parametrize("name", modules())
def test_examples_run(name, tmp_path, monkeypatch):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in EXTRAS:
            raise
        pytest.skip(f"{name} needs {missing.name}, of an optional extra")
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    tests = Finder().find(module, name)
    for test in tests:
        runner.run(test)
    assert runner.failures == 0
    if module.__file__.endswith(".py"):
        written = len(re.findall(r"^ *>>> ", inspect.getsource(module), flags=re.MULTILINE))
        assert sum(len(test.examples) for test in tests) == written


class Finder(doctest.DocTestFinder):
    """Finds the examples of a class where it stands, whichever module it says it is of."""

    def _from_module(self, module, thing):
        if not (inspect.isclass(thing) and module.__file__.endswith(".py")):
            return super()._from_module(module, inspect.unwrap(thing))  # a verb is wrapped
        return re.search(rf"^ *class {thing.__name__}\b", inspect.getsource(module), re.MULTILINE) is not None


def public_classes() -> list[str]:
    return [name for name in equipoise.__all__ if inspect.isclass(getattr(equipoise, name))]


@pytest.mark.parametrize("name", public_classes())
def test_a_public_class_is_of_equipoise(name):
    assert getattr(equipoise, name).__module__ == "equipoise"


@pytest.fixture(scope="module")
def instances():
    X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [2.0, 1.0]]), np.array([3.0, 2.0, 1.0, 4.0])
    fit, path, trace = (
        equipoise.fit(X, y, l1=1.0),
        equipoise.path(X, y, count=3),
        equipoise.trace(X, y, l1=1.0),
    )
    return {
        "Fit": fit,
        "BalanceSheet": fit.explain(),
        "Balance": fit.explain()["x1"],
        "Certificate": fit.certificate,
        "Status": fit.certificate.status,
        "Path": path,
        "Event": path.events[0],
        "CrossValidation": equipoise.cross_validate(X, y, folds=2, count=3),
        "Trace": trace,
        "Step": trace.steps[0],
        "Gathered": equipoise.gather(X, y, folds=None),
        "Lasso": equipoise.Lasso().fit(X, y),
    }


def test_pickles_are_read_here_and_in_a_fresh_process(instances, tmp_path):
    for name, thing in instances.items():
        assert type(thing) is getattr(equipoise, name)
        again = pickle.loads(pickle.dumps(thing))
        assert (type(again), repr(again)) == (type(thing), repr(thing))
    (tmp_path / "all").write_bytes(pickle.dumps(instances))
    code = "import pickle, sys; print(ascii(pickle.load(open(sys.argv[1], 'rb'))), end='')"
    run = subprocess.run([sys.executable, "-c", code, tmp_path / "all"], capture_output=True, check=True)
    assert run.stdout.decode("ascii").splitlines() == ascii(instances).splitlines()
