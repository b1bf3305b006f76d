"""Arrays prepared by keras.utils: pad_sequences, to_categorical, normalize."""

import numpy as np
from keras import utils

from make_golden import save_json, save_npz

SEQUENCES = [[1, 2, 3], [4], [], [5, 6, 7, 8, 9]]

PADS = [
    {},
    {"maxlen": 4},
    {"maxlen": 2, "truncating": "post"},
    {"maxlen": 4, "padding": "post", "value": -1},
    {"maxlen": 3, "padding": "post", "truncating": "post"},
    {"dtype": "float32", "maxlen": 7, "value": 0.5},
]

# keras.utils.normalize takes axis 0 for -1, so it stands here as -3
NORMALS = [{}, {"axis": -3}, {"axis": 1, "order": 1}, {"axis": -1, "order": 3}, {"axis": -2, "order": np.inf}]


def write(out):
    rng = np.random.default_rng(11)
    arrays, cases = {}, []

    def add(name, config, x, y):
        arrays[f"{name}/x"], arrays[f"{name}/y"] = x, y
        cases.append({"name": name, "config": config})

    for i, config in enumerate(PADS):
        lengths = np.array([len(s) for s in SEQUENCES], "int32")
        add(f"pad-{i}", config, lengths, utils.pad_sequences(SEQUENCES, **config))
    for i, (shape, classes) in enumerate([((6,), 5), ((6, 1), 5), ((2, 3), 5), ((6,), 0)]):
        x = rng.integers(0, 5, shape).astype("int32")
        y = utils.to_categorical(x, classes or None).astype("float32")
        add(f"categorical-{i}", {"classes": classes}, x, y)
    for i, config in enumerate(NORMALS):
        x = rng.normal(size=(3, 4, 2)).astype("float32")
        x[1] = 0
        config = {"axis": -1, "order": 2, **config}
        y = utils.normalize(x, **config).astype("float32")
        add(f"normalize-{i}", {**config, "order": min(config["order"], 1e9)}, x, y)
    save_npz(out / "preprocessing.npz", arrays)
    save_json(out / "preprocessing.json", {"sequences": SEQUENCES, "cases": cases})
