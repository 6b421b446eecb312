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
    def restart(self, gram: Array, floor: Array, coef: Array, strength: float = ...) -> None: ...
    def rounds(
        self,
        coefs: Array,
        pulls: Array,
        before: Array,
        pulls_before: Array,
        paired: NDArray[np.uint8],
        strengths: Array,
        scales: Array,
        rooms: Array,
        share: float,
        violations: Array,
        todo: NDArray[np.uint8],
        backward: bool,
    ) -> int: ...
    def path(
        self,
        pull_at_zero: Array,
        strengths: Array,
        coefs: Array,
        outcomes: NDArray[np.intc],
    ) -> None: ...
    def hold(self, pull_at_zero: Array, free: NDArray[np.intp], segments: NDArray[np.int8]) -> bool: ...
    def enter(self, j: int, pull_at_zero: float, segment: int) -> bool: ...
    def leave(self, j: int) -> None: ...
    def ray(self, base: Array, slope: Array) -> None: ...
    def slope(self, slope: Array) -> None: ...
    def product(self, rows: NDArray[np.intp], x: Array, out: Array) -> None: ...
