"""What the verbs return: frozen data that print, turn into frames and dicts, and can be saved."""

from equipoise.results.audit import Audit
from equipoise.results.balance import Balance, BalanceSheet
from equipoise.results.choice import CrossValidation
from equipoise.results.fit import Fit
from equipoise.results.path import Event, Path
from equipoise.results.stability import Stability
from equipoise.results.trace import Trace

__all__ = [
    "Audit",
    "Balance",
    "BalanceSheet",
    "CrossValidation",
    "Event",
    "Fit",
    "Path",
    "Stability",
    "Trace",
]
