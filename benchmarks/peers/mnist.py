"""MNIST from the files that the product itself ships, as NumPy arrays."""

import gzip
from pathlib import Path

import numpy as np

# What each network takes, where that is not (28, 28, 1).
SHAPES = {"linear": (784,), "mlp": (784,), "lstm": (28, 28), "attention": (28, 28)}

ROOT = Path(__file__).resolve().parents[2]


def folder() -> Path:
    """The folder of module mnist-data that holds the four gzipped IDX files."""
    found = sorted((ROOT / "mnist-data/src/main/resources").rglob("train-images-idx3-ubyte.gz"))
    if not found:
        raise SystemExit("mnist-data/src/main/resources holds no train-images-idx3-ubyte.gz")
    return found[0].parent


def idx(name: str) -> np.ndarray:
    """One IDX file of bytes."""
    raw = gzip.decompress((folder() / name).read_bytes())
    rank = raw[3]
    shape = np.frombuffer(raw, ">i4", rank, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(net: str):
    """(train x, train y), (test x, test y): x float32 / 255 in the shape that the network takes."""

    def part(prefix):
        x = idx(f"{prefix}-images-idx3-ubyte.gz").astype(np.float32) / 255
        shape = (len(x), *SHAPES.get(net, (28, 28, 1)))
        return x.reshape(shape), idx(f"{prefix}-labels-idx1-ubyte.gz").astype(np.int64)

    return part("train"), part("t10k")
