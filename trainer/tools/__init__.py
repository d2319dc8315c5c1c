"""The tools of `python -m trainer`, one module each, found by its word in `trainer.__main__`."""
