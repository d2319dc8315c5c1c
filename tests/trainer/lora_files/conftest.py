"""One thread for small matrices: several would wait for each other, and for the machine."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
