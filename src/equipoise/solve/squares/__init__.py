"""The engine for squared loss: the drivers of the kernel."""
