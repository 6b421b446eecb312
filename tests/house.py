"""The rules of the house: what may import what, what is private, and how long things may be.

A house is its modules, by dotted name (a package's ends in ``.__init__``), with their sources. Each rule
takes a house and returns what breaks it, a sentence each. ``python tests/house.py [src/equipoise]`` prints
them and their counts.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

House = dict[str, str]

# What stands further right is imported by what stands further left, never the reverse.
ROOMS = (
    *("cli", "course", "estimators", "api", "results", "show", "explain", "infer", "select", "setup"),
    *("solve", "objective", "design", "sums", "strength", "datasets", "data"),
)
# Of `results`; here it is the left that is imported.
SUBJECTS = (
    *("plain", "event", "balance", "trace", "report", "other_fits"),
    *("fit", "path", "choice", "audit", "inference"),
)
# Private by name, public by agreement: named tuples'.
AGREED = {"_asdict", "_field_defaults", "_fields", "_make", "_replace"}
FILE_LINES, FUNCTION_LINES = 400, 60


# ---- reading a house ---------------------------------------------------------------------------


def read_house(package: Path) -> House:
    """The modules of a package; of compiled ones what their Cython imports, where that is there."""
    compiled = {module_name(file, package): "" for file in package.rglob("*.pyi")}
    python = {module_name(file, package): file.read_text("utf-8") for file in package.rglob("*.py")}
    return compiled | python | read_cython(package)


def read_cython(package: Path) -> House:
    files = package.rglob("*.pyx")
    return {module_name(file, package): python_imports(file.read_text("utf-8")) for file in files}


def module_name(file: Path, package: Path) -> str:
    return ".".join([package.name, *file.relative_to(package).with_suffix("").parts])


def python_imports(cython: str) -> str:
    """The import and cimport statements of a Cython source, as Python."""
    statement = r"^[ \t]*(?:from\s+\S+\s+)?c?import\s+(?:\([^)]*\)|[^\n#;]+)"
    code = re.sub(r'("""|\'\'\').*?\1', "", cython, flags=re.DOTALL).replace("\\\n", " ")
    found = re.findall(statement, code, flags=re.MULTILINE)
    return "\n".join(re.sub(r"\bcimport\b", "import", line).strip() for line in found)


def room(module: str) -> str:
    """The room a module stands in; "" is the top of the package, above them all."""
    name = [*module.split("."), ""][1]
    return "" if name == "__init__" else name


def unit(module: str) -> str:
    """What shares its private names: a room, in ``results`` a subject."""
    name = module.split(".")
    return ".".join(name[1:3] if room(module) == "results" else [room(module)])


@cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


# ---- imports -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """A module that another one imports, or something of it.

    ``late`` tells that the import stands in a function, ``typing`` that only a type checker runs it.
    """

    module: str
    target: str
    late: bool
    typing: bool


def imports(house: House) -> Iterator[Import]:
    """Every import of the package from itself, in whatever form and wherever it stands."""
    modules = frozenset(name.removesuffix(".__init__") for name in house)
    for module, source in sorted(house.items()):
        yield from imports_of(module, source, modules)


@cache
def imports_of(module: str, source: str, modules: frozenset[str]) -> list[Import]:
    found = [one for place in placed(parsed(source)) for one in imported(module, modules, *place)]
    return [one for one in found if one.target.split(".")[0] == module.split(".")[0]]


def placed(tree: ast.Module) -> Iterator[tuple[ast.AST, bool, bool]]:
    """Every node, with whether it stands in a function, and whether only a type checker reads it."""
    left: list[tuple[ast.AST, bool, bool]] = [(tree, False, False)]
    while left:
        node, late, typing = left.pop()
        yield node, late, typing
        late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checked = node.body if isinstance(node, ast.If) and for_typing(node.test) else []
        inner = [(child, late, typing or child in checked) for child in ast.iter_child_nodes(node)]
        left += reversed(inner)


def for_typing(test: ast.expr) -> bool:
    return ast.unparse(test).rpartition(".")[2] == "TYPE_CHECKING"


def imported(
    module: str, modules: frozenset[str], node: ast.AST, late: bool, typing: bool
) -> Iterator[Import]:
    """What a statement, or a call of an importing function, imports."""
    package, top = module.rpartition(".")[0], module.split(".")[0]
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield Import(module, alias.name, late, typing)
        case ast.ImportFrom(module=base, names=names, level=level):
            origin = importlib.util.resolve_name("." * level + (base or ""), package)
            for alias in names:
                inner = f"{origin}.{alias.name}"
                is_module = inner in modules or (origin == top and alias.name in ROOMS)
                yield Import(module, inner if is_module else origin, late, typing)
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(str(name)), *_],
        ):
            yield Import(module, importlib.util.resolve_name(name, package), late, typing)


# ---- the order of rooms and subjects -----------------------------------------------------------


def upward(house: House) -> list[str]:
    """Imports that do not point down the list of rooms, or sideways in one; for typing, too."""
    return distinct(
        f"{one.module} imports {one.target}: {wrong}"
        for one in imports(house)
        if (wrong := objection(room(one.module), room(one.target)))
    )


def objection(here: str, there: str) -> str | None:
    if here in ("", "__main__"):
        return None
    if there == "":
        return "a room never imports the top of the package"
    for name in (here, there):
        if name not in ROOMS:
            return f"{name!r} is not a room of the house"
    return f"{there} lies above {here}" if ROOMS.index(there) < ROOMS.index(here) else None


def upward_in_results(house: House) -> list[str]:
    """Run-time imports of a subject of ``results`` from a later one; for typing they may point back."""
    return distinct(
        f"{one.module} imports {one.target}: {wrong}"
        for one in imports(house)
        if not one.typing and room(one.module) == room(one.target) == "results"
        if (wrong := objection_in_results(subject(one.module), subject(one.target)))
    )


def subject(module: str) -> str:
    name = [*module.split("."), ""][2]
    return "" if name == "__init__" else name


def objection_in_results(here: str, there: str) -> str | None:
    for name in (here, there):
        if name not in ("", *SUBJECTS):
            return f"{name!r} is not a subject of results"
    if there == "":
        return "a subject never imports the top of results"
    late = here != "" and SUBJECTS.index(there) > SUBJECTS.index(here)
    return f"{there} comes after {here}" if late else None


# ---- circles -----------------------------------------------------------------------------------


def circles(house: House) -> list[str]:
    """Circles of imports, late ones included: each with the modules on a shortest way round.

    Imports for typing count, too, but between modules of ``results``. No module is told of twice.
    """
    ways: dict[str, set[str]] = {name.removesuffix(".__init__"): set() for name in house}
    for one in imports(house):
        if not (one.typing and room(one.module) == room(one.target) == "results"):
            here = one.module.removesuffix(".__init__")
            ways[here].update(run_by(here, one.target) & ways.keys())
    found, told = [], set[str]()
    for start in sorted(ways):
        way = shortest_way_round(start, ways)
        if way and told.isdisjoint(way):
            found.append(" > ".join(way))
            told.update(way)
    return found


def run_by(module: str, target: str) -> set[str]:
    """The target and the packages around it, but for those that are already being imported."""
    parts = target.split(".")
    around = {".".join(parts[: k + 1]) for k in range(len(parts) - 1)}
    return {target} | {name for name in around if not f"{module}.".startswith(f"{name}.")}


def shortest_way_round(start: str, ways: dict[str, set[str]]) -> list[str]:
    """From a module back to itself; empty if no way leads there."""
    came_from: dict[str, str] = {}
    edge = [start]
    while edge and start not in came_from:
        steps = {there: here for here in edge for there in ways[here] - came_from.keys()}
        came_from |= steps
        edge = sorted(steps)
    way = [start]
    while start in came_from and (len(way) == 1 or way[-1] != start):
        way.append(came_from[way[-1]])
    return way[::-1] if len(way) > 1 else []


# ---- what draws, and what is typed -------------------------------------------------------------


def early_pictures(house: House) -> list[str]:
    """Modules of ``results`` that draw, imported by those that do not before anything is drawn."""
    return distinct(
        f"{one.module} imports {one.target} before anything is drawn: import it in the function that draws"
        for one in imports(house)
        if room(one.module) == room(one.target) == "results"
        if draws(one.target) and not (draws(one.module) or one.late or one.typing)
    )


def draws(module: str) -> bool:
    return re.fullmatch(r"display|plots|.*_plot", module.rpartition(".")[2]) is not None


def stand_ins(house: House) -> list[str]:
    """Protocols, and annotations in quotes, in ``results`` and ``show``: there a type is named itself."""
    found = []
    for module, source in sorted(house.items()):
        if room(module) in ("results", "show"):
            for node in ast.walk(parsed(source)):
                if getattr(node, "id", getattr(node, "attr", None)) == "Protocol":
                    found.append(f"{module}:{node.lineno} has a Protocol: name the type itself")
                for quoted in quoted_types(node):
                    told = f"has the type {quoted.value!r} in quotes: import it under TYPE_CHECKING"
                    found.append(f"{module}:{quoted.lineno} {told}")
    return found


def quoted_types(node: ast.AST) -> Iterator[ast.Constant]:
    """Strings in the annotations of a node, but for those that are no types."""
    for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
        if annotation is not None:
            texts = {
                part
                for inner in ast.walk(annotation)
                if isinstance(inner, ast.Subscript)
                and ast.unparse(inner.value).endswith(("Literal", "Annotated"))
                for part in ast.walk(inner.slice)
            }
            for part in ast.walk(annotation):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part not in texts:
                    yield part


# ---- private names -----------------------------------------------------------------------------


def trespasses(house: House) -> list[str]:
    """Private names that are imported, or read of what another room (subject of ``results``) defines."""
    own: dict[str, set[str]] = {}
    for module, source in house.items():
        own.setdefault(unit(module), set()).update(defined(parsed(source)))
    found = []
    for module, source in sorted(house.items()):
        for node in ast.walk(parsed(source)):
            for name, origin in private_imports(module, node):
                if not {f"{origin}.{name}", f"{origin}.{name}.__init__"} & house.keys():
                    found.append(f"{module}:{node.lineno} imports {name} of {origin}")
            for name, thing in private_reads(node):
                if name not in own[unit(module)]:
                    told = f"reads {thing}.{name}, which {unit(module) or 'the top'} does not define"
                    found.append(f"{module}:{node.lineno} {told}")
    return distinct(found)


def private_imports(module: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Private names that a node imports, and of which module."""
    if isinstance(node, ast.ImportFrom):
        package = module.rpartition(".")[0]
        origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        yield from ((alias.name, origin) for alias in node.names if private(alias.name))


def private(name: str) -> bool:
    """Whether a name is private: neither a dunder nor a hook such as ``_repr_html_``."""
    return name.startswith("_") and not name.endswith("_") and name not in AGREED


def private_reads(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Private attributes that a node reads of anything but its own object, and of what."""
    match node:
        case ast.Attribute(value=thing, attr=name):
            pass
        case ast.Call(func=ast.Name(id="getattr"), args=[thing, ast.Constant(str(name)), *_]):
            pass
        case _:
            return
    own = isinstance(thing, ast.Name) and thing.id in ("self", "cls")
    above = isinstance(thing, ast.Call) and isinstance(thing.func, ast.Name) and thing.func.id == "super"
    if private(name) and not own and not above:
        yield name, ast.unparse(thing)


def defined(tree: ast.Module) -> Iterator[str]:
    """Names that a module defines: functions, classes, variables, fields, attributes of self, slots."""
    for node, late, _ in placed(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) if not late:
                yield name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Attribute(attr="__setattr__"), args=[_, ast.Constant(str(name)), _]):
                yield name
            case ast.Assign(targets=[ast.Name(id="__slots__")], value=ast.Tuple(elts=slots)):
                yield from (slot.value for slot in slots if isinstance(slot, ast.Constant))


# ---- sizes -------------------------------------------------------------------------------------


def long_files(package: Path) -> list[str]:
    """Python files of too many lines."""
    return [
        f"{file.relative_to(package)} has {lines} lines: at most {FILE_LINES}"
        for file in sorted(package.rglob("*.py"))
        if (lines := count_lines(file)) > FILE_LINES
    ]


def count_lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


def long_functions(house: House) -> list[str]:
    """Functions of too many lines, docstrings aside."""
    return [
        f"{module}:{node.lineno} {node.name} has {lines} lines: at most {FUNCTION_LINES}"
        for module, source in sorted(house.items())
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := code_lines(node)) > FUNCTION_LINES
    ]


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first, lines = function.body[0], (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return lines
    return lines - ((first.end_lineno or 0) - first.lineno + 1)


# ---- tests beside modules ----------------------------------------------------------------------


def untested(package: Path, tests: Path, rooms: Iterable[str], elsewhere: dict[str, str]) -> list[str]:
    """Modules of some rooms with neither a ``test_<module>.py`` nor a file ``elsewhere`` that imports them.

    A module is named by its path, ``room/module``; the folder of tests mirrors the package.
    """
    modules = {
        file.relative_to(package).with_suffix("").as_posix(): file.stem
        for name in rooms
        for file in (package / name).rglob("*.py*")
        if file.suffix in (".py", ".pyi", ".pyx") and file.stem != "__init__"
    }
    found = [f"{module} is no module" for module in sorted(elsewhere.keys() - modules.keys())]
    for module, stem in sorted(modules.items()):
        beside = Path(module).with_name(f"test_{stem.lstrip('_')}.py").as_posix()
        where, name = elsewhere.get(module, beside), f"{package.name}.{module.replace('/', '.')}"
        if not (tests / where).is_file():
            found.append(f"{module} has no test: {where} is missing")
        elif module in elsewhere and not re.search(rf"\b{name}\b", (tests / where).read_text("utf-8")):
            found.append(f"{module} has no test: {where} does not import it")
    return found


# ---- the counts --------------------------------------------------------------------------------


def distinct(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))


def main(package: Path) -> None:
    house = read_house(package)
    told = {
        "imports that point up": [*upward(house), *upward_in_results(house)],
        "circles of imports": circles(house),
        "pictures imported early": early_pictures(house),
        "stand-ins for types": stand_ins(house),
        "private names read elsewhere": trespasses(house),
        f"files over {FILE_LINES} lines": long_files(package),
        f"functions over {FUNCTION_LINES} lines": long_functions(house),
    }
    for name, sentences in told.items():
        print(f"{len(sentences):6}  {name}", *sentences, sep="\n          ")
    for ending in ("py", "pyx"):
        files = list(package.rglob(f"*.{ending}"))
        print(f"{sum(map(count_lines, files)):6}  lines in {len(files)} {ending} files")


if __name__ == "__main__":
    given = sys.argv[1:] or [Path(__file__).parents[1] / "src" / "equipoise"]
    main(Path(given[0]).resolve())
