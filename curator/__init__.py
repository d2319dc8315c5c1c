"""Curator: from a heap of photos to a curated dataset and a trained LoRA."""
