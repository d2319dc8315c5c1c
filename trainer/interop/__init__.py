"""Reads and writes the files of other trainers, and the presets; needs no torch."""
