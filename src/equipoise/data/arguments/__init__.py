"""Arguments checked: arrays, sparse matrices and numbers by feature name, and the words of error messages."""
