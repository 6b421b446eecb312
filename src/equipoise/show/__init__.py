"""LOOK: results as text, pictures and pages; data in, picture out, no mathematics."""
