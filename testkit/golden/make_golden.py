#!/usr/bin/env python3
"""Writes the golden values that the tests compare with: what real Keras computes, on JAX, in float32.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_golden.py

Two runs on one machine write the same bytes. The files, and how to read them, are described in
README.md beside this script.
"""

import importlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path

# Metrics have no gradients, and JAX would compile each of their many shapes.
os.environ["KERAS_BACKEND"] = "numpy" if sys.argv[1:] == ["metrics"] else "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src/main/resources/io/kalamos/testkit/golden"
# Each is a script beside this one.
PARTS = ("operations", "arrangements", "training", "training_parts", "preprocessing", "defaults",
         "layers", "sequences", "losses_metrics", "models", "configs", "networks", "arrays",
         "model_configs", "files", "hostile_files")
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
    for part in sys.argv[1:] or PARTS:
        importlib.import_module(part).write(OUT)


if __name__ == "__main__":
    main()
