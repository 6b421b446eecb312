"""Paths of any smooth loss: chunks of strengths on one Hessian, and a safeguarded Newton method."""
