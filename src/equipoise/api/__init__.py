"""The verbs: each reads its input, lets the rooms below work, and returns frozen data."""
