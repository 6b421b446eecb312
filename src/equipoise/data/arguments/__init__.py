"""Arguments: arrays, sparse matrices and numbers by name, checked; the sentences that refuse them."""
