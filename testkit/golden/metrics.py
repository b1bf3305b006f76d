"""metrics.json, metrics.npz: see losses_metrics.py."""

from losses_metrics import write_metrics as write
