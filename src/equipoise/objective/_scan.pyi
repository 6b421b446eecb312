import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

def measure(
    strengths: Array,
    coef: Array,
    pull: Array,
    rss: Array,
    dual_pull: Array,
    spill: Array,
    shift: Array,
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
) -> tuple[Array, Array, Flags, Flags, Flags]: ...
