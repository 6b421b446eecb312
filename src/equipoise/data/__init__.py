"""Where data come in: arrays, frames and files become float64 matrices with named features."""
