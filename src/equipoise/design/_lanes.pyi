import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LANES: int

def look(
    exponential: bool,
    falls: float,
    rises: float,
    table: Array,
    columns: int,
    coef: Array,
    offset: Array | None,
    gain: Array,
    cost: Array | None,
    weights: Array | None,
    eta: Array,
    residual: Array,
    curved: Array,
    pull: Array,
) -> None: ...
def survey(
    exponential: bool,
    falls: float,
    rises: float,
    shift: float,
    eta: Array,
    spread: Array,
    offset: Array | None,
    gain: Array,
    cost: Array | None,
    weights: Array | None,
) -> Array: ...
def apart(some: Array, other: Array) -> Array: ...
def scaled(table: Array, columns: int, curved: Array, out: NDArray[np.float32]) -> None: ...
def pulls(columns: Array, residuals: Array) -> Array: ...
def exp(x: Array) -> Array: ...
