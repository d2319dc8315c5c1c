"""Trains a LoRA from a run file; stands alone and knows no application."""
