"""Pixels: decoding, thumbnails, rendering."""
