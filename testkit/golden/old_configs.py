#!/usr/bin/env python3
"""old_configs.json: models of model_configs.py as Keras 2 describes them, which TensorFlow had until 2.15.

    python3 -m venv .venv && .venv/bin/pip install tf-keras==2.21.0 tensorflow-cpu==2.21.0 keras==3.15.1
    .venv/bin/python old_configs.py
"""

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import json
import tempfile
from pathlib import Path

import h5py
import numpy as np
import tf_keras

import configs
import model_configs
from make_golden import OUT


def files(model, full=True):
    """The configurations in `.keras` and `.h5` files."""
    case = {"config": json.loads(json.dumps(tf_keras.saving.serialize_keras_object(model)))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.h5"
        model.save(path)
        with h5py.File(path) as file:
            for name in ("model_config", "training_config"):
                if name in file.attrs:
                    case[name] = json.loads(file.attrs[name])
            if "optimizer_weights" in file:
                case["optimizer_weights"] = [
                    n if isinstance(n, str) else n.decode()
                    for n in file["optimizer_weights"].attrs["weight_names"]]
    return case


def legacy_optimizers():
    """Before 2.11 optimizers had `lr` and `decay`, and other names for their variables."""
    legacy = tf_keras.optimizers.legacy
    for kind, given in {"SGD": {"momentum": 0.5}, "Adam": {"decay": 0.1}, "RMSprop": {},
                        "Nadam": {}, "Adagrad": {}, "Adadelta": {}, "Adamax": {}}.items():
        model = model_configs.tiny()
        model.compile(getattr(legacy, kind)(learning_rate=0.25, **given), "mse")
        model.train_on_batch(np.ones((1, 3)), np.ones((1, 1)))
        yield "legacy-" + kind, files(model)


def main():
    configs.keras = model_configs.keras = tf_keras
    model_configs.layers = tf_keras.layers
    model_configs.files = model_configs.compiled = files
    cases, skipped = {}, []

    def collect(name, make):
        tf_keras.backend.clear_session()
        try:
            cases.update(make())
        except (AttributeError, TypeError, ValueError) as problem:  # not in Keras 2
            skipped.append(f"{name}: {problem}")

    for build in ("tiny", "cnn", "branches", "deep", "sequences", "chain_of_models", "frozen"):
        collect(build, lambda: {build: files(getattr(model_configs, build)())})
    for kind in model_configs.LAYERS:
        collect(kind, lambda: dict(model_configs.layer_cases([kind])))
    for kind, given in model_configs.OPTIMIZERS.items():
        def one():
            model = model_configs.tiny()
            model.compile(getattr(tf_keras.optimizers, kind)(**{"learning_rate": 0.001, **given}), "mse")
            model.train_on_batch(np.ones((1, 3)), np.ones((1, 1)))
            return {"optimizer-" + kind: files(model)}
        collect(kind, one)
    collect("legacy", lambda: dict(legacy_optimizers()))
    collect("losses", lambda: dict(model_configs.compiled_cases(
        "MeanSquaredError BinaryCrossentropy Huber KLDivergence CategoricalHinge".split(),
        "AUC Precision MeanIoU TopKCategoricalAccuracy MeanSquaredError".split())))
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    text = f'{{"tf-keras": "{tf_keras.__version__}", "cases": {{\n{lines}\n}}}}\n'
    (OUT / "old_configs.json").write_text(text)
    print(len(cases), "models;", *skipped, sep="\n")


if __name__ == "__main__":
    main()
