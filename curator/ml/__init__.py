"""Neural models, one file each; heavy imports stay inside their functions."""
