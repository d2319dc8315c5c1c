"""Commands beside training: `python -m trainer WORD ...`, one module a word."""
