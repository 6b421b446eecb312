"""What pages share: the document, its look, numbers as text, axes and pictures."""
