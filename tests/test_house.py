import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = [
    "cli",
    "estimators",
    "api",
    "results",
    "show",
    "explain",
    "infer",
    "select",
    "setup",
    "solve",
    "objective",
    "design",
    "sums",
    "strength",
    "data",
]
CYTHON_SOURCES = Path(__file__).parents[1] / "src" / "equipoise"


def violations(sources: dict[str, str]) -> list[str]:
    """Every import of the package from itself that does not point down the list of rooms, or sideways in one.

    `sources` maps a module's dotted name (a package's ends in `.__init__`) to its source.
    """
    return [
        f"{module} imports {target}: {wrong}"
        for module, source in sorted(sources.items())
        for target in imports(module, source)
        if (wrong := objection(room(module), room(target)))
    ]


def room(module: str) -> str:
    """The room a module stands in; "" is the top of the package, above them all."""
    name = [*module.split("."), ""][1]
    return "" if name == "__init__" else name


def objection(here: str, there: str) -> str | None:
    if here == "":
        return None
    if there == "":
        return "a room never imports the top of the package"
    for name in (here, there):
        if name not in ROOMS:
            return f"{name!r} is not a room of the house"
    return f"{there} lies above {here}" if ROOMS.index(there) < ROOMS.index(here) else None


def imports(module: str, source: str) -> Iterator[str]:
    """The modules of its own package that a module imports, wherever in the source the import stands."""
    package, top = module.rpartition(".")[0], module.split(".")[0]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                targets = [alias.name for alias in names]
            case ast.ImportFrom(module=base, names=names, level=level):
                origin = importlib.util.resolve_name("." * level + (base or ""), package)
                targets = [origin]
                if origin == top:  # its names are rooms, or things that the top itself defines
                    targets = [f"{top}.{alias.name}" if alias.name in ROOMS else top for alias in names]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(str(name)), *_],
            ):
                targets = [importlib.util.resolve_name(name, package)]
            case _:
                continue
        yield from (target for target in targets if target.split(".")[0] == top)


def python_imports(cython: str) -> str:
    """The import and cimport statements of a Cython source, as Python."""
    statement = r"^[ \t]*(?:from\s+\S+\s+)?c?import\s+(?:\([^)]*\)|[^\n#;]+)"
    code = re.sub(r'("""|\'\'\').*?\1', "", cython, flags=re.DOTALL).replace("\\\n", " ")
    found = re.findall(statement, code, flags=re.MULTILINE)
    return "\n".join(re.sub(r"\bcimport\b", "import", line).strip() for line in found)


def module_name(file: Path, package: Path) -> str:
    return ".".join([package.name, *file.relative_to(package).with_suffix("").parts])


def test_imports_point_down():
    package = Path(importlib.util.find_spec("equipoise").origin).parent
    sources = {module_name(file, package): file.read_text("utf-8") for file in package.rglob("*.py")}
    assert len(sources) > len(ROOMS)
    assert violations(sources) == []


def test_imports_of_compiled_files_point_down():
    files = list(CYTHON_SOURCES.rglob("*.pyx"))
    if not files:
        pytest.skip("Cython sources are not installed: they can be read only where src/ is")
    sources = {module_name(file, CYTHON_SOURCES): python_imports(file.read_text("utf-8")) for file in files}
    assert violations(sources) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("house.__init__", "from .cli import main\nfrom house import data\nimport house.results"),
        ("house.cli.fit", "from ..api import fit\nfrom .. import results, data\nfrom . import main"),
        ("house.cli.fit", "import house.data.files"),
        ("house.solve.__init__", "from .path import go\nfrom ..objective import loss\nfrom . import newton"),
        ("house.solve.path", "import numpy\nfrom scipy.linalg import lapack\nfrom .newton import step"),
        ("house.solve.path", "import houses.cli, cli"),
        ("house.results", "from importlib import import_module\nimport_module('.show.tables', __package__)"),
    ],
)
def test_the_checker_lets_pass(module, source):
    assert violations({module: source}) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("house.solve.path", "import house.select.folds"),
        ("house.solve.path", "import numpy, house.api as api"),
        ("house.solve.path", "from house.results import Fit"),
        ("house.solve.path", "from house import results"),
        ("house.solve.path", "from ..explain import balance"),
        ("house.solve.path", "from .. import objective, explain"),
        ("house.solve.__init__", "from ..explain.balance import sheet"),
        ("house.solve.path", "def late():\n    from ..api import fit\n    return fit"),
        ("house.solve.path", "if TYPE_CHECKING:\n    from ..results import Fit"),
        ("house.solve.path", "try:\n    from ..results import Fit\nexcept ImportError:\n    pass"),
        ("house.solve.path", "importlib.import_module('house.show.plots')"),
        ("house.solve.path", "import_module('..show.plots', __package__)"),
        ("house.solve.path", "import house"),
        ("house.solve.path", "from house import __version__"),
        ("house.solve.path", "from .. import fit"),
        ("house.solve.path", "from ..utilities import chunk"),
        ("house.utilities", "from .design import dense"),
        ("house.api", "from .estimators import Lasso"),
        ("house.data.files", "from ..design import dense"),
    ],
)
def test_the_checker_stops(module, source):
    assert len(violations({"house.__init__": "", module: source})) == 1


def test_the_checker_reads_cython():
    source = r"""
        cimport cython
        '''Prose may say
        import what you like.
        '''
        from libc.math cimport fabs, \
            sqrt  # the C ones
        from ..objective cimport (loss,
                                  penalty)
        from ..select.folds import split  # up
        def solve():
            from .. cimport results; print()
        # the import of this comment is none
    """
    assert violations({"house.solve.kernel": python_imports(source)}) == [
        "house.solve.kernel imports house.select.folds: select lies above solve",
        "house.solve.kernel imports house.results: results lies above solve",
    ]
