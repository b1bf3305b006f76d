"""files/: models as Keras 3.15.1 writes them into files, and what they compute before and after one more epoch."""

import keras
import numpy as np
from keras import layers

from make_golden import save_json, save_npz

SAMPLES, BATCH = 36, 8


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def labels(seed, classes, *shape):
    return np.random.default_rng(seed).integers(0, classes, shape).astype(np.int32)


def cnn(k, layers):
    """Lab 1's kind of network, with batch normalisation; pictures of bytes."""
    model = k.Sequential([
        k.Input((8, 8, 1)), layers.Rescaling(1 / 255.0),
        layers.Conv2D(3, 3, activation="relu"), layers.BatchNormalization(), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(6, activation="relu", kernel_regularizer="l2"), layers.Dropout(0.0),
        layers.Dense(3, activation="softmax")], name="digits")
    model.compile(k.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(1).integers(0, 256, (SAMPLES, 8, 8, 1)).astype(np.float32)
    return model, [x], [labels(2, 3, SAMPLES)]


def branches(k, layers):
    """Two inputs, a shared layer, an inner model, a layer that is not trained; momentum."""
    left, right = k.Input((4,), name="left"), k.Input((4,), name="right")
    shared = layers.Dense(5, activation="tanh", name="shared")
    inner = k.Sequential([k.Input((5,)), layers.Dense(4, activation="relu"), layers.Dense(3)], name="inner")
    both = layers.Concatenate(name="both")([shared(left), inner(shared(right))])
    frozen = layers.Dense(4, activation="sigmoid", name="frozen", trainable=False)(both)
    model = k.Model([left, right], layers.Dense(2, name="out")(frozen), name="branches")
    model.compile(k.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "mse", metrics=["mae"])
    return model, [numbers(3, SAMPLES, 4), numbers(4, SAMPLES, 4)], [numbers(5, SAMPLES, 2)]


def words(k, layers):
    """An embedding under an LSTM; RMSprop whose rate decays, gradients clipped."""
    model = k.Sequential([
        k.Input((6,), dtype="int32"), layers.Embedding(11, 4), layers.LSTM(5), layers.Dense(1, activation="sigmoid")],
        name="words")
    rate = k.optimizers.schedules.ExponentialDecay(0.02, 5, 0.9)
    model.compile(k.optimizers.RMSprop(rate, clipnorm=1.0), "binary_crossentropy", metrics=["accuracy"])
    return model, [labels(6, 11, SAMPLES, 6)], [labels(7, 2, SAMPLES, 1)]


MODELS = (cnn, branches, words)


def one(values):
    return values[0] if len(values) == 1 else values


def floats(figures):
    return {name: float(value) for name, value in figures.items()}


def epoch(model, x, y):
    return floats({name: values[0] for name, values in model.fit(
        one(x), one(y), batch_size=BATCH, epochs=1, shuffle=False, verbose=0).history.items()})


def note(model, x, y, arrays, name, after):
    """Predictions and figures by now."""
    arrays[f"{name}/{after}"] = np.asarray(model.predict(one(x), batch_size=BATCH, verbose=0), dtype=np.float32)
    return floats(model.evaluate(one(x), one(y), batch_size=BATCH, verbose=0, return_dict=True))


def case(name, model, x, y, save, arrays):
    """Trains an epoch, saves, trains another one."""
    epoch(model, x, y)
    save(model)
    for i, value in enumerate(x):
        arrays[f"{name}/x{i}"] = value
    arrays[f"{name}/y"] = y[0]
    return {"name": name, "batch_size": BATCH, "params": model.count_params(),
            "evaluate": note(model, x, y, arrays, name, "predict"), "history": epoch(model, x, y),
            "next": note(model, x, y, arrays, name, "next")}


def write(out):
    folder = out / "files"
    folder.mkdir(parents=True, exist_ok=True)
    arrays, cases = {}, []
    for make in MODELS:
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        name = make.__name__

        def save(model):
            model.save(folder / f"{name}.keras")
            model.save(folder / f"{name}.h5")
            model.save_weights(folder / f"{name}.weights.h5")

        cases.append(case(name, *make(keras, layers), save, arrays))
        print(cases[-1])
    save_json(folder / "files.json", {"cases": cases})
    save_npz(folder / "files.npz", arrays)
