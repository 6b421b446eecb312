"""What the verbs return: frozen data that print, turn into frames and dicts, and can be saved."""

from equipoise.results.adaptive import Adaptive
from equipoise.results.audit import Audit
from equipoise.results.balance import Balance, BalanceSheet
from equipoise.results.choice import CrossValidation
from equipoise.results.criteria import Criteria
from equipoise.results.fit import Fit
from equipoise.results.frequency import ChoiceFrequency
from equipoise.results.intervals import Intervals
from equipoise.results.path import Event, Path
from equipoise.results.relaxed import Relaxed, RelaxedFit
from equipoise.results.stability import Stability
from equipoise.results.trace import Trace

__all__ = [
    "Adaptive",
    "Audit",
    "Balance",
    "BalanceSheet",
    "ChoiceFrequency",
    "Criteria",
    "CrossValidation",
    "Event",
    "Fit",
    "Intervals",
    "Path",
    "Relaxed",
    "RelaxedFit",
    "Stability",
    "Trace",
]
