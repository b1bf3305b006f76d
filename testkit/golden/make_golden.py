#!/usr/bin/env python3
"""Writes the golden values that the tests compare with: what real Keras computes, on JAX, in float32.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_golden.py

Two runs on one machine write the same bytes. The files, and how to read them, are described in
README.md beside this script.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

# Metrics have no gradients, and JAX would compile each of their many shapes.
os.environ["KERAS_BACKEND"] = "numpy" if sys.argv[1:] == ["metrics"] else "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src/main/resources/io/kalamos/testkit/golden"
TYPES = ("float32", "float64", "int32", "int64", "uint8")


def save_npz(path, arrays):
    """A deflated zip of .npy entries with fixed dates, so that the same arrays give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            array = np.ascontiguousarray(array) if np.ndim(array) else np.asarray(array)
            if array.dtype.name not in TYPES:
                raise ValueError(f"{name} is {array.dtype}")
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version=(1, 0))
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue(), compresslevel=9)


def save_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def main():
    import arrangements
    import defaults
    import layers
    import losses_metrics
    import models
    import operations
    import preprocessing
    import training
    import training_parts

    wanted = sys.argv[1:] or [
        "operations", "arrangements", "training", "training_parts", "preprocessing", "defaults",
        "layers", "losses_metrics", "models"]
    if "operations" in wanted:
        operations.write(OUT)
    if "arrangements" in wanted:
        arrangements.write(OUT)
    if "training" in wanted:
        training.write(OUT)
    if "training_parts" in wanted:
        training_parts.write(OUT)
    if "preprocessing" in wanted:
        preprocessing.write(OUT)
    if "models" in wanted:
        models.write(OUT)
    if "defaults" in wanted:
        defaults.write(OUT)
    if "layers" in wanted:
        layers.write(OUT)
    if "losses_metrics" in wanted:
        losses_metrics.write_losses(OUT)
        subprocess.run([sys.executable, __file__, "metrics"], check=True)
    if "metrics" in wanted:
        losses_metrics.write_metrics(OUT)


if __name__ == "__main__":
    main()
