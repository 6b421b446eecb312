"""The packages that are timed, a file each: adding one is a file here and a line in ``names``."""

from __future__ import annotations

from importlib import import_module

from benchmarks.tools.base import Tool

# Ours first: the ratios of a cell are to it. Then the file and class of each peer.
names: dict[str, tuple[str, str]] = {
    "equipoise": ("ours", "Equipoise"),
    "glmnet": ("glmnet", "Glmnet"),
    "scikit-learn": ("scikit", "ScikitLearn"),
    "celer": ("celer_", "Celer"),
    "skglm": ("skglm_", "Skglm"),
    "adelie": ("adelie_", "Adelie"),
    "glum": ("glum_", "Glum"),
    "lars": ("lars", "Lars"),
    "glmnet-rs": ("rust", "GlmnetRs"),
    "skein-glm": ("rust", "Skein"),
    "dsyrk": ("dsyrk", "Dsyrk"),
}


def create(name: str) -> Tool:
    """Import a package and return what runs it; ImportError or OSError if it is not there."""
    module, cls = names[name]
    tool = getattr(import_module(f"benchmarks.tools.{module}"), cls)()
    assert isinstance(tool, Tool)
    return tool
