#!/usr/bin/env python3
"""Writes what Keras's TensorBoard callback logs of two small trainings, for KerasBoardTest.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python keras_board.py

Data are formulas, the same in the test; the weights before training are in the file.
"""

import glob
import json
import os
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import layers
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.plugins.graph import keras_util
from tensorboard.util import tensor_util

OUT = Path(__file__).resolve().parent.parent / "src/test/resources/io/kalamos/tensorboard"
TIMES = ("batch_steps_per_second", "epoch_steps_per_second")


def images():
    numbers = np.arange(64 * 12 * 12)
    x = ((numbers * 7919) % 257 / 256).astype("float32").reshape(64, 12, 12, 1)
    return x, (np.arange(64) * 31 % 3).astype("int32")


def letters():
    return (np.arange(64 * 6) * 37 % 11 % 10).astype("int32").reshape(64, 6), images()[1]


def convolution():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            # A bias in front of a normalization has no gradient but noise.
            layers.Conv2D(2, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def nested():
    """Embedding, a recurrent layer, a sequential and a functional inner model, a shared layer."""
    x = keras.Input((6,), dtype="int32", name="text")
    vectors = layers.Embedding(10, 4, name="letters")(x)
    states = layers.LSTM(4, name="reader")(vectors)
    chain = keras.Sequential(
        [keras.Input((4,), name="chain_input"), layers.Dense(4, name="first")], name="chain"
    )
    inner = keras.Input((4,), name="inner_input")
    half = layers.Dense(4, name="second")(inner)
    part = keras.Model(inner, layers.Add(name="sum")([half, inner]), name="part")
    shared = layers.Dense(4, name="shared")
    y = shared(part(shared(chain(states))))
    return keras.Model(x, layers.Dense(3, activation="softmax", name="classes")(y), name="network")


def train(model, x, y, **options):
    rate = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.5)
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    weights = [w.flatten().tolist() for w in model.get_weights()]
    with tempfile.TemporaryDirectory() as logs:
        board = keras.callbacks.TensorBoard(logs, histogram_freq=1, **options)
        model.fit(
            x, y, batch_size=12, epochs=2, validation_split=0.25, shuffle=False, verbose=0,
            callbacks=[board],
        )
        runs = {run: values(f"{logs}/{run}") for run in ("train", "validation")}
    return {"weights": weights, "runs": runs}


def values(folder):
    """Everything in a run's event files: by tag, the plugin and the values by step."""
    tags = {}
    for file in sorted(glob.glob(f"{folder}/*tfevents*")):
        for event in event_file_loader.EventFileLoader(file).Load():
            for value in event.summary.value:
                plugin = value.metadata.plugin_data.plugin_name
                if plugin == "graphs":  # of operations, which Keras writes on TensorFlow alone
                    continue
                tag = tags.setdefault(value.tag, {"plugin": plugin, "steps": {}})
                array = tensor_util.make_ndarray(value.tensor)
                tag["steps"][event.step] = shown(plugin, value.tag, array)
    return tags


def shown(plugin, tag, array):
    if plugin == "scalars":
        return None if tag in TIMES else float(array)
    if plugin == "histograms":
        return array.flatten().tolist()
    if plugin == "images":
        return pixels(array)
    config = json.loads(array.item())
    return {"layers": layers_of(config), "nodes": nodes(config)}


def pixels(array):
    """Width, height, and the pixels of each image."""
    import tensorflow as tf

    images = [tf.io.decode_png(png).numpy().flatten().tolist() for png in array[2:]]
    return {"width": int(array[0]), "height": int(array[1]), "images": images}


def layers_of(model):
    """What TensorBoard reads of a model's configuration."""
    found = []
    for layer in model["config"]["layers"]:
        one = {"kind": layer["class_name"], "name": layer["config"]["name"]}
        if "layers" in layer["config"]:
            one["layers"] = layers_of(layer)
        one["inputs"] = [
            tensor["config"]["keras_history"][0]
            for node in layer.get("inbound_nodes", [])
            for argument in node["args"]
            for tensor in (argument if isinstance(argument, list) else [argument])
        ]
        found.append(one)
    return found


def nodes(config):
    """The graph as TensorBoard draws it."""
    graph = keras_util.keras_model_to_graph_def(config)
    return [
        {"name": n.name, "kind": n.attr["keras_class"].s.decode(), "inputs": list(n.input)}
        for n in graph.node
    ]


def main():
    keras.utils.set_random_seed(1)
    golden = {
        "convolution": train(
            convolution(), *images(), write_images=True, write_steps_per_second=True, update_freq=2
        ),
        "nested": train(nested(), *letters()),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "keras_board.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
