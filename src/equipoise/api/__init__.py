"""The verbs: each reads its input, lets the rooms below work, and returns frozen data."""

from equipoise.api.adapting import adapt
from equipoise.api.checking import audit, trace
from equipoise.api.choosing import cross_validate
from equipoise.api.fitting import fit, path
from equipoise.api.formulas import formula
from equipoise.api.inferring import debias, selective_intervals
from equipoise.api.relaxing import relax
from equipoise.api.stability import stability_selection

__all__ = [
    "adapt",
    "audit",
    "cross_validate",
    "debias",
    "fit",
    "formula",
    "path",
    "relax",
    "selective_intervals",
    "stability_selection",
    "trace",
]
