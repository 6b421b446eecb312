"""What the verbs return: frozen data that print, turn into frames and dicts, and can be saved."""
