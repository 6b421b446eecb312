"""What a test on the list may do without, so that all the rest of it still has to hold.

Each freedom notes that it was needed: a test that does not need it is no expected failure.
"""

import ast
import inspect
import re
import textwrap
from contextlib import contextmanager

import pytest

REFUSED = "refused"
# What a test of each reason may do without, beside the statements its entry sets aside.
TEXT, WARNING, ERROR = "the text of an error or warning", "a warning", "an error"
FREEDOMS = {
    "wording": {TEXT},
    "convergence warnings": {WARNING},
    "solver internals": {WARNING, ERROR},
    "float32 results": set(),
    "deprecations": {WARNING},
    REFUSED: set(),  # it ends in a sentence of ours
}


@contextmanager
def lenient(function, reason, aside, used):
    """Give a test the freedoms of a reason, let the statements in `aside` fail, and note those it `used`."""
    freedoms = FREEDOMS[reason]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pytest, "raises", expecting(pytest.raises, ERROR in freedoms, TEXT in freedoms, used))
        patch.setattr(pytest, "warns", expecting(pytest.warns, WARNING in freedoms, TEXT in freedoms, used))
        if aside:
            test = inspect.unwrap(function)
            patch.setitem(test.__globals__, "_may_fail", may_fail(used))
            patch.setattr(test, "__code__", setting_aside(test, aside))
        yield


def expecting(real, absent, unlike, used):
    """Return pytest's `raises` or `warns`, where the thing may be absent, or unlike the text."""

    @contextmanager
    def expect(expected, *, match=None, **options):
        try:
            with real(expected, match=None if unlike else match, **options) as seen:
                yield seen
        except pytest.fail.Exception as failed:
            if not absent or not str(failed).startswith("DID NOT"):
                raise
            used.add(str(failed).split(".")[0])
            return
        if unlike and match is not None and not any(re.search(match, text) for text in texts(seen, expected)):
            used.add(match)

    def call(expected, *function, **options):
        return real(expected, *function, **options) if function else expect(expected, **options)

    return call


def texts(seen, expected):
    """What the errors or warnings of the expected kind say."""
    if isinstance(seen, pytest.ExceptionInfo):
        return [str(seen.value)]
    return [str(one.message) for one in seen if issubclass(one.category, expected)]


def may_fail(used):
    @contextmanager
    def guard(statement):
        try:
            yield
        except Exception:
            used.add(statement)

    return guard


class _Aside(ast.NodeTransformer):
    """Puts each of the statements in a block that may fail."""

    def __init__(self, statements):
        self.left = {ast.unparse(ast.parse(one)): one for one in statements}
        self.found = set()

    def visit(self, node):
        node = super().visit(node)
        if not isinstance(node, ast.stmt) or (text := ast.unparse(node)) not in self.left:
            return node
        self.found.add(text)
        guard = ast.Call(ast.Name("_may_fail", ast.Load()), [ast.Constant(self.left[text])], [])
        return ast.copy_location(ast.With([ast.withitem(guard)], [node]), node)


def setting_aside(test, statements):
    """Return the code of a test in which these statements may fail."""
    lines, first = inspect.getsourcelines(test)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    tree.body[0].decorator_list = []
    aside = _Aside(statements)
    tree = ast.increment_lineno(ast.fix_missing_locations(aside.visit(tree)), first - 1)
    if missing := aside.left.keys() - aside.found:
        raise ValueError(f"{test.__name__} has no statement {', '.join(sorted(missing))}")
    names = {}
    exec(compile(tree, inspect.getsourcefile(test), "exec"), test.__globals__, names)
    return names[test.__name__].__code__
