"""Data and rules: no pixels, no window, no neural networks."""
