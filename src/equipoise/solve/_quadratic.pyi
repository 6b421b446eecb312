import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

class Quadratic:
    size: int
    solves: int
    steps: int
    rank: int
    room: int
    free_count: int
    def __init__(
        self, gram: Array, l1: Array, l2: Array, lower: Array, upper: Array, floor: Array
    ) -> None: ...
    def grow(self, gram: Array, l1: Array, l2: Array, lower: Array, upper: Array, floor: Array) -> None: ...
    @property
    def coef(self) -> Array: ...
    @property
    def pull(self) -> Array: ...
    @property
    def place(self) -> NDArray[np.int8]: ...
    def solve(self, reference: Array, reference_pull: Array, strength: float = ...) -> int: ...
    def path(
        self,
        pull_at_zero: Array,
        strengths: Array,
        coefs: Array,
        outcomes: NDArray[np.intc],
    ) -> None: ...
