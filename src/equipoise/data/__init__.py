"""Reading data: arrays, frames, formulas, files and streams as float64 matrices with named features."""
