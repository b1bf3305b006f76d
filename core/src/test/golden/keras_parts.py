"""Writes ../resources/golden/parts.txt: what real Keras computes for losses, metrics, optimizers,
schedules, initializers' fans and early stopping, and its defaults.

    pip install keras==3.15.1 jax numpy
    KERAS_BACKEND=jax python keras_parts.py

One line for each value: name = numbers, separated by spaces. Gradients are of the mean loss.
"""

import pathlib
import random

import jax
import keras
import numpy as np
from keras.src.initializers.random_initializers import compute_fans

LINES = [f"# keras {keras.__version__}, made by keras_parts.py"]


def put(name, values):
    numbers = np.asarray(values, dtype="float64").reshape(-1)
    LINES.append(f"{name} = " + " ".join(repr(float(v)) for v in numbers))


def loss(name, fn, target, prediction):
    prediction = np.asarray(prediction, "float32")
    target = np.asarray(target)
    put(f"{name}.shapes", [len(target.shape), *target.shape, *prediction.shape])
    put(f"{name}.target", target)
    put(f"{name}.prediction", prediction)
    put(f"{name}.mean", fn(target, prediction))
    put(f"{name}.gradient", jax.grad(lambda p: fn(target, p))(prediction))


def losses():
    k = keras.losses
    draw = np.random.default_rng(1)
    x = draw.normal(size=(4, 3))
    y = draw.normal(size=(4, 3))
    loss("mse", k.MeanSquaredError(), y, x)
    loss("mae", k.MeanAbsoluteError(), y, x)
    loss("mse_column", k.MeanSquaredError(), y[:, 0], x[:, :1])
    zero_one = (y > 0).astype("float32")
    probabilities = 1 / (1 + np.exp(-x))
    loss("bce_open", k.BinaryCrossentropy(), zero_one, probabilities)
    probabilities[0] = [0, 1, 1e-9]
    logits = 3 * x
    logits[1] = [30, -30, 0]
    loss("bce", k.BinaryCrossentropy(), zero_one, probabilities)
    loss("bce_smooth", k.BinaryCrossentropy(label_smoothing=0.2), zero_one, probabilities)
    loss("bce_logits", k.BinaryCrossentropy(from_logits=True), zero_one, logits)
    one_hot = np.eye(3)[[0, 2, 1, 1]]
    rows = np.abs(x)
    rows[3] = [0, 1, 0]
    loss("cce", k.CategoricalCrossentropy(), one_hot, rows)
    loss("cce_smooth", k.CategoricalCrossentropy(label_smoothing=0.1), one_hot, rows)
    loss("cce_logits", k.CategoricalCrossentropy(from_logits=True), one_hot, logits)
    index = np.array([0, 2, 1, 1])
    loss("sparse", k.SparseCategoricalCrossentropy(), index, rows)
    loss("sparse_column", k.SparseCategoricalCrossentropy(), index[:, None], rows)
    loss("sparse_logits", k.SparseCategoricalCrossentropy(from_logits=True), index, logits)
    maps = draw.normal(size=(2, 2, 2, 3))
    loss(
        "sparse_map",
        k.SparseCategoricalCrossentropy(from_logits=True),
        draw.integers(0, 3, (2, 2, 2)),
        maps,
    )


def metric(name, m, target, prediction, first):
    m.update_state(target[:first], prediction[:first])
    m.update_state(target[first:], prediction[first:])
    put(f"{name}.shapes", [len(target.shape), *target.shape, *prediction.shape])
    put(f"{name}.target", target)
    put(f"{name}.prediction", prediction)
    put(f"{name}.result", m.result())


def metrics():
    m = keras.metrics
    draw = np.random.default_rng(2)
    x = draw.random((11, 4)).astype("float32")
    index = draw.integers(0, 4, 11)
    one_hot = np.eye(4, dtype="float32")[index]
    metric("categorical_accuracy", m.CategoricalAccuracy(), one_hot, x, 8)
    metric("sparse_categorical_accuracy", m.SparseCategoricalAccuracy(), index, x, 8)
    metric("sparse_column_accuracy", m.SparseCategoricalAccuracy(), index[:, None], x, 8)
    zero_one = (draw.random((11, 4)) > 0.5).astype("float32")
    metric("binary_accuracy", m.BinaryAccuracy(), zero_one, x, 8)
    metric("binary_accuracy_03", m.BinaryAccuracy(threshold=0.3), zero_one, x, 8)
    metric("binary_column_accuracy", m.BinaryAccuracy(), zero_one[:, 0], x[:, :1], 8)


def optimizers():
    o = keras.optimizers
    draw = np.random.default_rng(3)
    start = np.array([1, -2, 3, 0.5], "float32")
    gradients = draw.normal(size=(6, 4)).astype("float32")
    gradients[2, 1] = 0
    put("optimizer.start", start)
    put("optimizer.gradients", gradients)
    for name, optimizer in {
        "sgd": o.SGD(),
        "sgd_momentum": o.SGD(0.1, momentum=0.9),
        "sgd_nesterov": o.SGD(0.1, momentum=0.9, nesterov=True),
        "rmsprop": o.RMSprop(),
        "rmsprop_momentum": o.RMSprop(0.01, rho=0.8, momentum=0.5),
        "rmsprop_centered": o.RMSprop(0.01, momentum=0.5, centered=True),
        "adam": o.Adam(),
        "adam_betas": o.Adam(0.1, beta_1=0.8, beta_2=0.99, epsilon=1e-3),
        "adam_amsgrad": o.Adam(0.01, beta_2=0.5, amsgrad=True),
    }.items():
        weight = keras.Variable(start)
        optimizer.build([weight])
        states = []
        for gradient in gradients:
            optimizer.apply([gradient], [weight])
            states.append(np.array(weight))
        put(f"optimizer.{name}", states)


def schedules():
    s = keras.optimizers.schedules
    steps = [0, 1, 7, 10, 11, 15, 20, 21, 35, 100]
    put("schedule.steps", steps)
    for name, schedule in {
        "exponential": s.ExponentialDecay(0.1, 10, 0.5),
        "staircase": s.ExponentialDecay(0.1, 10, 0.5, staircase=True),
        "cosine": s.CosineDecay(0.1, 20),
        "cosine_alpha": s.CosineDecay(0.1, 20, alpha=0.1),
        "cosine_warmup": s.CosineDecay(0.01, 20, warmup_target=0.1, warmup_steps=10),
        "piecewise": s.PiecewiseConstantDecay([10, 20], [1.0, 0.5, 0.1]),
    }.items():
        put(f"schedule.{name}", [float(schedule(step)) for step in steps])


def fans():
    for i, shape in enumerate([(), (7,), (3, 5), (5, 5, 3, 16), (3, 4, 8)]):
        put(f"fans.{i}", [*shape, *compute_fans(shape)])


class FakeModel:
    """What early stopping asks of a model: weights that are the number of the epoch."""

    stop_training = False
    epoch = -1

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.restored = weights


def early_stopping():
    draw = random.Random(4)
    for i in range(60):
        options = {
            "min_delta": draw.choice([0, 0, 0.05, 0.2]),
            "patience": draw.choice([0, 1, 2, 3]),
            "mode": draw.choice(["min", "max"]),
            "baseline": draw.choice([None, None, 0.3, 0.6]),
            "start_from_epoch": draw.choice([0, 0, 2]),
        }
        values = [round(draw.random(), 2) for _ in range(12)]
        callback = keras.callbacks.EarlyStopping(
            monitor="x", restore_best_weights=True, **options
        )
        model = FakeModel()
        callback.set_model(model)
        callback.on_train_begin()
        epochs = 0
        for epoch, value in enumerate(values):
            model.epoch = epoch
            callback.on_epoch_end(epoch, {"x": value})
            epochs += 1
            if model.stop_training:
                break
        callback.on_train_end()
        baseline = float("nan") if options["baseline"] is None else options["baseline"]
        put(
            f"stopping.{i}",
            [
                options["min_delta"],
                options["patience"],
                options["mode"] == "max",
                baseline,
                options["start_from_epoch"],
                epochs,
                model.restored,
                *values,
            ],
        )


def defaults():
    o = keras.optimizers
    i = keras.initializers
    for name, part, keys in [
        ("SGD", o.SGD(), ["learning_rate", "momentum", "nesterov"]),
        ("RMSprop", o.RMSprop(), ["learning_rate", "rho", "momentum", "epsilon", "centered"]),
        ("Adam", o.Adam(), ["learning_rate", "beta_1", "beta_2", "epsilon", "amsgrad"]),
        ("Constant", i.Constant(), ["value"]),
        ("RandomNormal", i.RandomNormal(), ["mean", "stddev"]),
        ("TruncatedNormal", i.TruncatedNormal(), ["mean", "stddev"]),
        ("RandomUniform", i.RandomUniform(), ["minval", "maxval"]),
        ("VarianceScaling", i.VarianceScaling(), ["scale"]),
        ("L1", keras.regularizers.L1(), ["l1"]),
        ("L2", keras.regularizers.L2(), ["l2"]),
        ("L1L2", keras.regularizers.L1L2(), ["l1", "l2"]),
        ("ExponentialDecay", o.schedules.ExponentialDecay(1, 1, 1), ["staircase"]),
        ("CosineDecay", o.schedules.CosineDecay(1, 1), ["alpha"]),
        ("BinaryAccuracy", keras.metrics.BinaryAccuracy(), ["threshold"]),
    ]:
        config = part.get_config()
        put(f"default.{name}", [float(config[key]) for key in keys])
    for name, part in [
        ("CategoricalCrossentropy", keras.losses.CategoricalCrossentropy()),
        ("BinaryCrossentropy", keras.losses.BinaryCrossentropy()),
    ]:
        config = part.get_config()
        put(f"default.{name}", [config["from_logits"], config["label_smoothing"]])
    sparse = keras.losses.SparseCategoricalCrossentropy().get_config()
    put("default.SparseCategoricalCrossentropy", [sparse["from_logits"]])
    stop = keras.callbacks.EarlyStopping()
    assert (stop.monitor, stop.mode, stop.baseline) == ("val_loss", "auto", None)
    put("default.EarlyStopping", [stop.min_delta, stop.patience, stop.start_from_epoch])
    scaling = keras.initializers.VarianceScaling()
    assert (scaling.mode, scaling.distribution) == ("fan_in", "truncated_normal")


losses()
metrics()
optimizers()
schedules()
fans()
early_stopping()
defaults()
target = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "parts.txt"
target.write_text("\n".join(LINES) + "\n")
