import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Single = NDArray[np.float32]
Indices = NDArray[np.intp]

def measure(
    strengths: Array,
    coef: Array,
    pull: Array,
    rss: Array,
    dual_pull: Array,
    spill: Array,
    shift: Array,
    shift_rounding: Array,
    null: Array,
    l1: Array,
    l2: Array,
    lower: Array,
    upper: Array,
    norm: Array,
    response_norm: float,
    gamma: float,
    inflation: float,
    precision: float,
    roundings: float,
) -> tuple[Array, Array, Array, Array, Flags, Flags, Array, Flags]: ...
def imbalance(
    coef: Array,
    pull: Array,
    strength: float,
    l1: Array,
    l2: Array,
    lower: Array,
    upper: Array,
    floor: Array,
    precision: float,
    roundings: float,
) -> Array: ...
def foresee(
    now: Single, before: Single, more: float, less: float, l1: Array, closed: Bytes, near: float
) -> tuple[Indices, Array]: ...
def unsettled(
    behind: Single,
    ahead: Single,
    share: Array,
    reach: Array,
    norm: Array,
    shared: Array,
    along: Array,
    rest: Array,
    across: Array,
    l1: Array,
    closed: Bytes,
) -> Indices: ...
def deviation(
    residuals: Array, strengths: Array, start: Array, end: Array, direction: Array
) -> tuple[Array, Array, Array]: ...
