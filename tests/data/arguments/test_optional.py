import sys

import pytest

from equipoise.data.arguments.optional import import_for


def test_what_is_there_is_imported():
    assert import_for("a picture needs", "xml.dom", "any") is sys.modules["xml.dom"]


@pytest.mark.parametrize("module", ["matplotlib", "matplotlib.pyplot"])
def test_what_is_absent_is_named_with_what_installs_it(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError) as refused:
        import_for("a picture needs", module, "equipoise[plot]")
    assert str(refused.value) == 'a picture needs matplotlib: pip install "equipoise[plot]"'
    assert type(refused.value) is ImportError
