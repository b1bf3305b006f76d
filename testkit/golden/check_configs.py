#!/usr/bin/env python3
"""Lets real Keras make the models that a file describes, as Kalamos wrote them: check_configs.py FILE.

The file holds {name: {"config": ..., "model_config": ..., "training_config": ...}}; a test of the
module `saving` writes it and runs this where the environment variable KERAS_PYTHON names a Python
with Keras.
"""

import copy
import json
import os
import sys
import traceback

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras.src.legacy.saving import saving_options, saving_utils


# What Keras itself writes into `.h5` files and does not find there again.
UNKNOWN_BEFORE = {"Lamb", "CategoricalGeneralizedCrossEntropy", "Attention"}


# Models whose `.h5` files of its own Keras does not read: it drops the axis of a Normalization.
KERAS_FAILS = {"normalized_places"}


def check(name, case):
    model = keras.saving.deserialize_keras_object(copy.deepcopy(case["config"]))
    assert model.built and all(layer.built for layer in model.layers)
    wanted = bool(case["config"]["compile_config"])
    assert model.compiled == wanted, f"compiled: {model.compiled}"
    again = keras.saving.serialize_keras_object(model)
    names = [layer["config"]["name"] for layer in case["config"]["config"]["layers"]]
    assert [layer["config"]["name"] for layer in again["config"]["layers"]] == names
    shapes = [tuple(w.shape) for w in model.weights]
    assert [list(s) for s in shapes] == case["weights"], (shapes, case["weights"])
    if name in KERAS_FAILS or UNKNOWN_BEFORE & set(json.dumps(case).split('"')):
        return
    with saving_options.keras_option_scope(use_legacy_config=True):
        old = saving_utils.model_from_config(copy.deepcopy(case["model_config"]))
    if "training_config" in case:
        old.compile(**saving_utils.compile_args_from_training_config(case["training_config"]))
    assert [tuple(w.shape) for w in old.weights] == shapes


def main():
    failures = 0
    cases = json.load(open(sys.argv[1]))
    for name, case in cases.items():
        keras.backend.clear_session()
        try:
            check(name, case)
        except Exception as problem:
            failures += 1
            print(f"{name}: {type(problem).__name__}: {problem}"[:2000])
            if os.environ.get("VERBOSE"):
                traceback.print_exc()
    print(f"Keras {keras.__version__} made {len(cases) - failures} of {len(cases)} models")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
