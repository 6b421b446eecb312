"""The house keeps its rules, and the rules let pass and stop what they should."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import house
import pytest

PACKAGE = Path(importlib.util.find_spec("equipoise").origin).parent
HOUSE = house.read_house(PACKAGE)
TESTS = Path(__file__).parent
CYTHON_SOURCES = TESTS.parent / "src" / "equipoise"

# Modules that have no file of their name here, and the file that tests them instead.
TESTED_IN = {
    "solve/squares/crossing": "solve/squares/test_homotopy.py",
}


# ---- the house itself --------------------------------------------------------------------------


def test_imports_point_down():
    assert len(HOUSE) > len(house.ROOMS)
    assert house.upward(HOUSE) == []


def test_imports_of_compiled_files_point_down():
    found = house.read_cython(CYTHON_SOURCES)
    if not found:
        pytest.skip("Cython sources are not installed: they can be read only where src/ is")
    assert house.upward(found) == []


def test_subjects_of_results_import_earlier_ones():
    assert house.upward_in_results(HOUSE) == []


def test_no_circle_of_imports():
    assert house.circles(HOUSE) == []


def test_a_picture_is_imported_when_it_is_drawn():
    assert house.early_pictures(HOUSE) == []


def test_a_result_is_named_by_its_type():
    assert house.stand_ins(HOUSE) == []


def test_private_names_stay_in_their_room():
    assert house.trespasses(HOUSE) == []


def test_no_file_is_long():
    assert house.long_files(PACKAGE) == []


def test_no_function_is_long():
    assert house.long_functions(HOUSE) == []


def test_every_module_of_the_mathematics_has_its_tests():
    rooms = ("objective", "design", "sums", "solve", "setup", "strength")
    assert house.untested(PACKAGE, TESTS, rooms, TESTED_IN) == []


# ---- imports -----------------------------------------------------------------------------------


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
def test_what_points_down_passes(module, source):
    assert house.upward({module: source}) == []


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
        ("house.show.tables", "if TYPE_CHECKING:\n    from ..results.fit.result import Fit"),
        ("house.solve.path", "try:\n    from ..results import Fit\nexcept ImportError:\n    pass"),
        ("house.solve.path", "importlib.import_module('house.show.plots')"),
        ("house.solve.path", "import_module('..show.plots', __package__)"),
        ("house.solve.path", "__import__('house.show.plots')"),
        ("house.solve.path", "import house"),
        ("house.solve.path", "from house import __version__"),
        ("house.solve.path", "from .. import fit"),
        ("house.solve.path", "from ..utilities import chunk"),
        ("house.utilities", "from .design import dense"),
        ("house.api", "from .estimators import Lasso"),
        ("house.data.files", "from ..design import dense"),
    ],
)
def test_what_points_up_is_stopped(module, source):
    assert len(house.upward({"house.__init__": "", module: source})) == 1


def test_imports_of_cython_are_read():
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
    assert house.upward({"house.solve.kernel": house.python_imports(source)}) == [
        "house.solve.kernel imports house.select.folds: select lies above solve",
        "house.solve.kernel imports house.results: results lies above solve",
    ]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("house.results.fit.result", "from house.results.balance.result import Balance"),
        ("house.results.fit.result", "from .findings import told\nfrom ..other_fits import what_if"),
        ("house.results.event", "from house.results.plain import plain\nimport house.show.tables"),
        (
            "house.results.balance.result",
            "if typing.TYPE_CHECKING:\n    from house.results.fit.result import Fit",
        ),
        ("house.select.folds", "from house.results.inference import intervals"),  # another rule's
    ],
)
def test_a_subject_may_import_earlier_ones_and_any_for_typing(module, source):
    assert house.upward_in_results({module: source}) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("house.results.balance.result", "from house.results.fit.result import Fit"),
        ("house.results.balance.result", "def late():\n    from ..fit.result import Fit\n    return Fit"),
        ("house.results.plain", "from house.results import event"),
        ("house.results.trace.result", "import_module('house.results.report.subject')"),
        ("house.results.path.text", "if TYPE_CHECKING:\n    pass\nelse:\n    from ..choice import text"),
        ("house.results.fit.result", "from house.results.gossip import heard"),
        ("house.results.fit.result", "import house.results"),
    ],
)
def test_a_subject_imports_no_later_one(module, source):
    modules = {"house.results.event": "", "house.results.choice.text": "", "house.results.plain": ""}
    assert len(house.upward_in_results(modules | {module: source})) == 1


@pytest.mark.parametrize(
    "modules",
    [
        {"a.b": "import a.c", "a.c": "import a.d", "a.d": "import a.e"},
        {"a.__init__": "from a import b, c", "a.b": "import a.c", "a.c": ""},  # a itself is there already
        {"a.b.__init__": "from a.b import c", "a.b.c": "from a.b.d import x", "a.b.d": ""},
        {
            "a.results.fit": "import a.results.path",
            "a.results.path": "if TYPE_CHECKING:\n    import a.results.fit",
        },
    ],
)
def test_what_leads_nowhere_back_is_no_circle(modules):
    assert house.circles(modules) == []


@pytest.mark.parametrize(
    "statement",
    [
        "import a.b",
        "import a.b as c",
        "from a.b import x",
        "from a import b",
        "from . import b",
        "from .b import x as y",
        "def late():\n    from a.b import x",
        "class Late:\n    def __init__(self):\n        import a.b",
        "from importlib import import_module\nimport_module('a.b')",
        "import importlib\nimportlib.import_module('.b', __package__)",
        "__import__('a.b')",
        "if TYPE_CHECKING:\n    import a.b",
    ],
)
def test_a_circle_is_told_in_whatever_form(statement):
    modules = {"a.b": "import a.c", "a.c": "import a.d", "a.d": statement}
    assert house.circles(modules) == ["a.b > a.c > a.d > a.b"]


def test_circles_through_a_package_and_of_one_module_are_told():
    through = {"a.b.__init__": "from a.c import x", "a.b.d": "", "a.c": "from a.b.d import y"}
    assert house.circles(through) == ["a.b > a.c > a.b"]
    assert house.circles({"a.b": "import a.b"}) == ["a.b > a.b"]
    two = {"a.b": "import a.c", "a.c": "import a.b", "a.d": "import a.e, a.b", "a.e": "import a.d"}
    assert house.circles(two) == ["a.b > a.c > a.b", "a.d > a.e > a.d"]


# ---- pictures, types, private names, sizes -----------------------------------------------------


DRAWING = {f"a.results.fit.{name}": "" for name in ("display", "plots", "bars_plot")}


@pytest.mark.parametrize("name", ["display", "plots", "bars_plot"])
def test_a_result_imports_a_picture_only_to_draw_it(name):
    def found(module, source):
        return len(house.early_pictures(DRAWING | {module: source}))

    early = f"from a.results.fit.{name} import draw"
    assert found("a.results.fit.result", early) == 1
    assert found("a.results.fit.text", f"from a.results.fit import {name}") == 1
    assert found("a.results.fit.result", f"class Fit:\n    {early}") == 1
    assert found("a.results.fit.result", f"class Fit:\n    def plot(self):\n        {early}") == 0
    assert found("a.results.fit.result", f"if TYPE_CHECKING:\n    {early}") == 0
    assert found("a.results.path.display", early) == 0
    assert found("a.results.fit.result", "from a.results.fit.displays import draw") == 0


@pytest.mark.parametrize(
    "source",
    [
        "def f(kind: Literal['a', 'b'], x: int = 0) -> Fit:\n    return 'text'",
        "name: str = 'text'",
        "x: Annotated[float, 'at least 0']",
        "Protocols = 1",
    ],
)
def test_types_by_name_pass(source):
    assert house.stand_ins({"a.results.fit": source, "a.show.plots": source}) == []


@pytest.mark.parametrize(
    "source",
    [
        "class Shown(Protocol):\n    features: int",
        "class Shown(typing.Protocol[T]):\n    features: int",
        "def f(fit: 'Fit'): ...",
        "def f(*, fits: list['Fit'] | None = None): ...",
        "def f() -> 'Fit': ...",
        "class Sheet:\n    fit: 'Fit'",
    ],
)
def test_stand_ins_for_types_are_stopped(source):
    assert len(house.stand_ins({"a.results.fit": source})) == 1
    assert len(house.stand_ins({"a.show.plots": source})) == 1
    assert house.stand_ins({"a.solve.path": source}) == []


@pytest.mark.parametrize(
    "source",
    [
        "from a.solve import x\nx.public, x.__dict__, x._replace(y=1), x._asdict(), x._repr_html_()",
        "class Fit:\n    def f(self, cls):\n        return self._x, cls._y, super()._z",
        "class Fit:\n    _x: int\n    def f(self, other):\n        return other._x",
        "class Fit:\n    __slots__ = ('_x',)\n    def f(self, other):\n        return other._x",
        "class Fit:\n    def __init__(self):\n        self._x = 1\ndef f(fit):\n    return fit._x",
        "def f(fit):\n    object.__setattr__(fit, '_x', 1)\n    return fit._x",
        "class Fit:\n    def _x(self): ...\ndef f(fit):\n    fit._x()",
        "from a.solve import _kernel\nfrom a.solve._kernel import solve",
        "from __future__ import annotations",
        "def f(fit):\n    return fit._of_another_file",
    ],
)
def test_private_names_of_ones_own_pass(source):
    beside = {"a.results.fit.text": "class Text:\n    _of_another_file = 1", "a.solve._kernel": ""}
    assert house.trespasses(beside | {"a.results.fit.result": source}) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(path):\n    return path._setup",
        "def f(path):\n    path._setup = 1",
        "def f(self):\n    return self.path._setup",
        "def f(path):\n    return getattr(path, '_setup')",
        "def f(path):\n    _setup = 1\n    return path._setup",
        "from a.results.path.result import _check",
        "from a.results.fit.text import _check",
        "from ..path import _check as check",
        "from sklearn.utils.validation import _check_sample_weight",
        "import a.solve.path\na.solve.path._tie",
    ],
)
def test_private_names_of_others_are_stopped(source):
    others = {"a.results.path.result": "class Path:\n    _setup: int\ndef _check(): ..."}
    assert len(house.trespasses(others | {"a.results.fit.result": source})) == 1


def test_long_files_and_functions_are_stopped(tmp_path):
    (tmp_path / "long.py").write_text("\n" * 401)
    (tmp_path / "just.py").write_text("\n" * 400)
    assert house.long_files(tmp_path) == ["long.py has 401 lines: at most 400"]

    def function(lines):
        body = "".join(f"    {k}\n" for k in range(lines - 1))
        return "class A:\n    pass\n\n\ndef f():\n" + '    """Prose.\n\n    More of it.\n    """\n' + body

    assert house.long_functions({"a.solve": function(60)}) == []
    assert house.long_functions({"a.solve": function(61)}) == ["a.solve:5 f has 61 lines: at most 60"]


def test_a_module_without_a_test_is_told(tmp_path):
    package, tests = tmp_path / "a", tmp_path / "tests"
    for folder in (package / "solve" / "deep", tests / "solve" / "deep"):
        folder.mkdir(parents=True)
    for name in ("__init__.py", "path.py", "_kernel.pyx", "deep/homotopy.py", "deep/ridge.py"):
        (package / "solve" / name).touch()
    (tests / "solve" / "test_path.py").write_text("import a.solve.path, a.solve.deep.ridges")
    elsewhere = {"solve/gone": "solve/test_path.py", "solve/deep/ridge": "solve/test_path.py"}
    assert house.untested(package, tests, ["solve"], elsewhere) == [
        "solve/gone is no module",
        "solve/_kernel has no test: solve/test_kernel.py is missing",
        "solve/deep/homotopy has no test: solve/deep/test_homotopy.py is missing",
        "solve/deep/ridge has no test: solve/test_path.py does not import it",
    ]
    (tests / "solve" / "deep" / "test_homotopy.py").touch()
    (tests / "solve" / "test_path.py").write_text("import a.solve._kernel\nfrom a.solve.deep.ridge import f")
    elsewhere = dict.fromkeys(("solve/_kernel", "solve/deep/ridge"), "solve/test_path.py")
    assert house.untested(package, tests, ["solve"], elsewhere) == []


def test_the_counts_are_printed(tmp_path):
    folder = tmp_path / "a" / "solve"
    folder.mkdir(parents=True)
    (folder / "x.py").write_text("import a.solve.y\na.solve.y._z\n")
    (folder / "y.py").write_text("import a.solve.x\n")
    command = [sys.executable, TESTS / "house.py", tmp_path / "a"]
    lines = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()
    assert "     1  circles of imports" in lines
    assert "          a.solve.x > a.solve.y > a.solve.x" in lines
    assert "     1  private names read elsewhere" in lines
    assert "     0  files over 400 lines" in lines
    assert "     3  lines in 2 py files" in lines
