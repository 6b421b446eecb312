"""The sections of the course: of each its words (html), its numbers (py) and what moves (js)."""
