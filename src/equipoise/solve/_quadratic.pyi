import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

class Quadratic:
    size: int
    solves: int
    steps: int
    rank: int
    coef: Array
    pull: Array
    place: NDArray[np.int8]
    def __init__(
        self, gram: Array, l1: Array, l2: Array, lower: Array, upper: Array, floor: Array
    ) -> None: ...
    def grow(self, gram: Array, l1: Array, l2: Array, lower: Array, upper: Array, floor: Array) -> None: ...
    def solve(self, reference: Array, reference_pull: Array, strength: float = ...) -> int: ...
    def path(
        self,
        pull_at_zero: Array,
        strengths: Array,
        coefs: Array,
        pulls: Array,
        outcomes: NDArray[np.intc],
    ) -> None: ...
