"""What can be done with finished LoRA files: look at them, edit, merge, resize, convert, extract.

Every function takes files as `reading.read` gives them, or tensors, and gives new ones; all
arithmetic is done in float32. Files come from strangers: only safetensors are opened, headers are
bounded, and a layer that would grow beyond any real one is refused before it is computed.
"""
