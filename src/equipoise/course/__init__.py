"""The course: sixteen sections on one page, from what a slope is to the elastic net."""
