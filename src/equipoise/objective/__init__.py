"""WHAT is minimised: loss, penalty, and the conditions and certificate of optimality."""
