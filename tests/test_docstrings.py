import dataclasses
import doctest
import enum
import importlib
import inspect
import pkgutil
from collections.abc import Iterator

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
    failed, _ = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
