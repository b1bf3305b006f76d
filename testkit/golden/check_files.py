#!/usr/bin/env python3
"""Opens files that Kalamos wrote in real Keras, and compares what both compute.

    ./build -pl saving -am test -Dtest=FilesForKerasTest -Dsurefire.failIfNoSpecifiedTests=false -Dkalamos.files=FOLDER
    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python check_files.py FOLDER

The test writes for each model NAME the files NAME.keras, NAME.h5, NAME.weights.h5 and NAME-weights.h5,
and in NAME.json the data and what Kalamos computes: predictions and, of models that were trained,
figures, the steps done, and all of that after one more epoch. Ends with 1 where anything differs by
more than the tolerance.

From .h5 files Keras 3.15.1 trains on nowhere, not from its own either: it builds the optimizer over
`model._trainable_variables`, which is empty, and fit says so. Nor does it read its own .h5 files with
Attention or Lamb, or with a Normalization along several axes, which it forgets. So these files are
looked at as far as it comes.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import numpy as np

TOLERANCE = 2e-4
KERAS_FAILS = ("optimizer-Lamb.h5", "sequences.h5", "normalized_places.h5")


def array(node):
    return np.array(node["values"], dtype=np.float32).reshape(node["shape"])


def arrays(nodes):
    return [array(node) for node in nodes]


def one(values):
    return values[0] if len(values) == 1 else values


def far(expected, received):
    """The greatest difference, relative to the greatest expected value where that is above 1."""
    expected, received = np.asarray(expected, dtype=np.float64), np.asarray(received, dtype=np.float64)
    if expected.shape != received.shape:
        return float("inf")
    return float(np.max(np.abs(expected - received)) / max(1.0, np.max(np.abs(expected))))


def figures(expected, received):
    return max(far(value, received[name]) for name, value in expected.items())


class Case:
    def __init__(self, file):
        spec = json.loads(file.read_text())
        self.spec, self.x, self.batch = spec, one(arrays(spec["x"])), spec["batch_size"]
        self.y = one(arrays(spec["y"])) if "y" in spec else None

    def predict(self, model, name="predict"):
        received = model.predict(self.x, batch_size=self.batch, verbose=0)
        received = received if isinstance(received, (list, tuple)) else [received]
        expected = arrays(self.spec[name])
        if len(expected) != len(received):
            return float("inf")
        return max(far(a, b) for a, b in zip(expected, received))

    def evaluate(self, model, name):
        return figures(self.spec[name], model.evaluate(
            self.x, self.y, batch_size=self.batch, verbose=0, return_dict=True))

    def whole(self, file):
        model = keras.models.load_model(file)
        found = {"predict": self.predict(model)}
        if self.y is not None:
            found["steps"] = far(self.spec["steps"], int(model.optimizer._iterations))
            found["evaluate"] = self.evaluate(model, "evaluate")
        if self.y is not None and file.suffix == ".keras":
            history = model.fit(
                self.x, self.y, batch_size=self.batch, epochs=1, shuffle=False, verbose=0).history
            found["epoch"] = figures(
                self.spec["history"], {name: values[0] for name, values in history.items()})
            found["next predict"] = self.predict(model, "next")
            found["next evaluate"] = self.evaluate(model, "next_evaluate")
        return found

    def weights(self, file, whole):
        """Weights alone, put into the model that another file describes."""
        model = keras.models.load_model(whole)
        for variable in model.weights:
            variable.assign(np.zeros(variable.shape, dtype=variable.dtype))
        model.load_weights(file)
        return {"predict": self.predict(model)}


def main():
    folder = Path(sys.argv[1])
    worst, files = 0.0, 0
    for spec in sorted(folder.glob("*.json")):
        name, case = spec.stem, Case(spec)
        for ending in (".keras", ".h5", ".weights.h5", "-weights.h5"):
            file = folder / (name + ending)
            if file.name in KERAS_FAILS:
                continue
            try:
                found = (case.weights(file, folder / f"{name}.keras") if "weights" in ending
                         else case.whole(file))
            except Exception as refusal:
                found = {f"refused ({refusal})": float("inf")}
            worst, files = max(worst, *found.values()), files + 1
            print(f"{file.name:42}", "  ".join(f"{what} {value:.1e}" for what, value in found.items()),
                  flush=True)
        keras.utils.clear_session()
    print(f"{files} files in Keras {keras.__version__} on {keras.backend.backend()}:"
          f" greatest difference {worst:.1e}, tolerance {TOLERANCE:.0e}")
    sys.exit(0 if files and worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
