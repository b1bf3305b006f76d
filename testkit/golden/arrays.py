"""Arrays as numpy.save and numpy.savez write them, and their values: what module datasets reads.

Unlike the other parts it writes into the tests of that module, since it is whole files that are
compared: one zip with a .npy file for each type, byte order, memory order and version, and two .npz.
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "datasets/src/test/resources/io/kalamos/datasets/arrays"
TYPES = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1")
REFUSED = {
    "objects": np.array([{"a": 1}, None], dtype=object),
    "complex": np.array([1 + 2j]),
    "text": np.array(["ab", "c"]),
    "bytes": np.array([b"ab"]),
    "date": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "fields": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
}


def values(code):
    """Values at the ends of what a tensor holds, and some between."""
    kind = code[0]
    if kind == "b":
        return [True, False, False, True, True, False]
    if kind == "f":
        return [0.0, -1.5, 65504.0, 6.103515625e-05, 0.333251953125, -2.0]
    low = 0 if kind == "u" else -(2 ** (8 * min(4, int(code[1])) - 1))
    bits = 8 * int(code[1]) - (kind == "i")
    high = 2 ** min(bits, 31) - 1
    return [low, high, 1, 2, 100, high - 1]


def npy(array, version):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return buffer.getvalue()


def arrays():
    for code in TYPES:
        base = np.array(values(code), dtype=code).reshape(2, 3)
        for order in "<>" if np.dtype(code).itemsize > 1 else "|":
            given = base.astype(np.dtype(order + code))
            yield f"{code}-{'big' if order == '>' else 'little'}", given, (1, 0)
            yield f"{code}-{'big' if order == '>' else 'little'}-fortran", np.asfortranarray(given), (1, 0)
    yield "scalar", np.array(1.5, dtype="f4"), (1, 0)
    yield "empty", np.zeros((0, 28, 28), dtype="u1"), (1, 0)
    yield "vector", np.arange(5, dtype="f4"), (2, 0)
    yield "vector-fortran", np.asfortranarray(np.arange(5, dtype="f4").reshape(5, 1)), (1, 0)
    yield "version2", np.arange(24, dtype="f4").reshape(2, 3, 4), (2, 0)
    yield "version3", np.arange(24, dtype="i8").reshape(4, 3, 2), (3, 0)
    yield "cube-fortran", np.asfortranarray(np.arange(24, dtype="f8").reshape(2, 3, 4)), (1, 0)


def write(_):
    OUT.mkdir(parents=True, exist_ok=True)
    known = []
    with zipfile.ZipFile(OUT / "files.zip", "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name, data):
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), data)

        for name, array, version in arrays():
            add(name, npy(array, version))
            known.append({"name": name, "dtype": array.dtype.name, "shape": list(array.shape),
                          "values": array.astype("f8").ravel(order="C").tolist()})
        for name, array in REFUSED.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=True)
            add(name, buffer.getvalue())
    (OUT / "values.json").write_text(json.dumps(known, indent=1) + "\n")
    x = np.arange(12, dtype="f4").reshape(4, 3)
    y = np.array([0, 1, 2, 1])
    np.savez(OUT / "stored.npz", x=x, y=y)
    np.savez_compressed(OUT / "packed.npz", x, y)
