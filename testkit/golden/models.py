"""models.json and models.npz: inner models, several inputs and outputs, weights of samples, single batches."""

import keras
import numpy as np
from keras import layers

from make_golden import save_json, save_npz

SAMPLES, BATCH, EPOCHS = 50, 16, 3
ARRAYS, CASES = {}, []


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def labels(seed, classes, *shape):
    return np.random.default_rng(seed).integers(0, classes, shape).astype(np.int32)


def weights(seed, *shape):
    return np.random.default_rng(seed).uniform(0, 2, shape).astype(np.float32)


def floats(logs):
    return {name: float(value) if np.ndim(value) == 0 else [float(v) for v in value]
            for name, value in logs.items()}


class Case:
    """One model with what is done to it; stores arrays as `name/key` and figures in the index."""

    def __init__(self, name, model, x, y, w=None):
        self.name, self.model = name, model
        self.x, self.y, self.w = listed(x), listed(y), listed(w) if w is not None else []
        self.spec = {"name": name, "params": model.count_params(), "runs": []}
        for key, values in ("x", self.x), ("y", self.y), ("w", self.w):
            for i, value in enumerate(values):
                ARRAYS[f"{name}/{key}{i}"] = value
        self.spec["weights"] = [v.path for v in model.weights]
        self.state("initial")
        CASES.append(self.spec)

    def state(self, moment):
        for i, variable in enumerate(self.model.weights):
            ARRAYS[f"{self.name}/{moment}/{i}"] = np.asarray(variable.value)

    def log(self, figures):
        self.spec["runs"].append(floats(figures))
        print(self.name, self.spec["runs"][-1])

    def fit(self, **options):
        options = {"batch_size": BATCH, "epochs": EPOCHS, "shuffle": False, "verbose": 0} | options
        history = self.model.fit(one(self.x), one(self.y), **options)
        self.log(history.history)

    def end(self, sample_weight=None):
        self.state("final")
        self.log(self.model.evaluate(one(self.x), one(self.y), batch_size=BATCH, verbose=0, return_dict=True,
                                     sample_weight=sample_weight))
        for i, value in enumerate(listed(self.model.predict(one(self.x), verbose=0))):
            ARRAYS[f"{self.name}/predict{i}"] = value


def listed(values):
    return list(values) if isinstance(values, (list, tuple)) else [values]


def one(values):
    return values if len(values) > 1 else values[0]


def base():
    return keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="relu"),
                             layers.BatchNormalization()], name="base")


def nested():
    model = keras.Sequential([keras.Input((6,)), base(), layers.Dense(3)])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    case = Case("nested", model, numbers(1, SAMPLES, 6), numbers(2, SAMPLES, 3))
    case.fit()
    case.end()


def shared():
    inner = base()
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    model = keras.Model([a, b], [inner(a), layers.Dense(2, name="head")(inner(b))])
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), ["mse", "mae"], loss_weights=[0.5, 2.0])
    case = Case("shared", model, [numbers(1, SAMPLES, 6), numbers(2, SAMPLES, 6)],
                [numbers(3, SAMPLES, 5), numbers(4, SAMPLES, 2)])
    case.fit()
    case.end()


def frozen():
    inner = base()
    model = keras.Sequential([keras.Input((6,)), inner, layers.Dense(3)])
    case = Case("frozen", model, numbers(1, SAMPLES, 6), numbers(2, SAMPLES, 3))

    def fit():
        model.compile(keras.optimizers.SGD(0.05), "mse")
        case.fit()

    fit()
    inner.trainable = False
    fit()
    inner.trainable = True
    inner.layers[1].trainable = False
    fit()
    case.end()


def inner_outputs():
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    inner = keras.Model([a, b], [layers.Dense(2, activation="tanh", name="p")(a), layers.Dense(5, name="q")(b)],
                        name="inner")
    x, y = keras.Input((4,), name="x"), keras.Input((3,), name="y")
    p, q = inner([x, y])
    model = keras.Model([x, y], [layers.Dense(1, name="r")(q), layers.Dense(2, name="s")(p)])
    model.compile(keras.optimizers.Adam(0.02), {"r": "mse", "s": "mae"}, loss_weights={"r": 0.25, "s": 3.0},
                  metrics={"s": ["mse"]})
    case = Case("inner-outputs", model, [numbers(1, SAMPLES, 4), numbers(2, SAMPLES, 3)],
                [numbers(3, SAMPLES, 1), numbers(4, SAMPLES, 2)])
    case.fit()
    case.end()


def outputs():
    x = keras.Input((6,), name="x")
    h = layers.Dense(8, activation="relu", name="h")(x)
    model = keras.Model(x, [layers.Dense(4, activation="softmax", name="digit")(h),
                            layers.Dense(1, activation="sigmoid", name="parity")(h),
                            layers.Dense(2, name="extra")(h)])
    model.compile(keras.optimizers.RMSprop(0.01),
                  ["sparse_categorical_crossentropy", "binary_crossentropy", None],
                  metrics=[["accuracy"], ["accuracy", "mae"], ["mae"]],
                  weighted_metrics={"digit": ["accuracy", "sparse_categorical_crossentropy"], "parity": ["mse"]})
    digit = labels(3, 4, SAMPLES)
    case = Case("outputs", model, numbers(1, SAMPLES, 6),
                [digit, (digit % 2).astype(np.float32)[:, None], numbers(4, SAMPLES, 2)], weights(5, SAMPLES))
    case.fit(sample_weight=case.w[0])
    case.end(case.w[0])


def sample_weights():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="relu"), layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"], weighted_metrics=["mae", "mse"])
    case = Case("sample-weights", model, numbers(1, SAMPLES, 6), numbers(2, SAMPLES, 2), weights(3, SAMPLES))
    case.fit(sample_weight=case.w[0], validation_split=0.3)
    case.fit(sample_weight=case.w[0], validation_data=(case.x[0][:20], case.y[0][:20], case.w[0][:20]))
    case.end(case.w[0])


def class_weights(name, one_hot):
    model = keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.1), ("" if one_hot else "sparse_") + "categorical_crossentropy",
                  metrics=["accuracy"], weighted_metrics=["accuracy"])
    y = labels(2, 4, SAMPLES)
    case = Case(name, model, numbers(1, SAMPLES, 6), np.eye(4, dtype=np.float32)[y] if one_hot else y)
    case.fit(class_weight={0: 1.0, 1: 3.0, 3: 0.25})
    case.end()


def step_weights():
    model = keras.Sequential([keras.Input((5, 3)), layers.Dense(6, activation="tanh"),
                              layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy",
                  weighted_metrics=["accuracy"])
    case = Case("step-weights", model, numbers(1, SAMPLES, 5, 3), labels(2, 4, SAMPLES, 5), weights(3, SAMPLES, 5))
    case.fit(sample_weight=case.w[0])
    case.end(case.w[0])


def batches():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="relu"),
                              layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"],
                  weighted_metrics=["accuracy"])
    case = Case("batches", model, numbers(1, SAMPLES, 6), labels(2, 4, SAMPLES), weights(3, SAMPLES))
    x, y, w = case.x[0], case.y[0], case.w[0]
    case.log(model.train_on_batch(x[:16], y[:16], return_dict=True))
    case.log(model.train_on_batch(x[16:32], y[16:32], sample_weight=w[16:32], return_dict=True))
    case.log(model.train_on_batch(x[32:], y[32:], class_weight={0: 2.0, 2: 0.5}, return_dict=True))
    case.log(model.test_on_batch(x[:10], y[:10], return_dict=True))
    case.log(model.test_on_batch(x[10:30], y[10:30], sample_weight=w[10:30], return_dict=True))
    case.end()


def fit_options():
    model = keras.Sequential([keras.Input((6,)), layers.Dense(2)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    case = Case("fit-options", model, numbers(1, SAMPLES, 6), numbers(2, SAMPLES, 2))
    validation = {"validation_data": (case.x[0][:30], case.y[0][:30])}
    case.fit(epochs=5, initial_epoch=1, validation_freq=2, validation_batch_size=10, validation_steps=2,
             **validation)
    case.fit(epochs=4, validation_freq=[1, 4], **validation)
    case.end()


def summaries(out):
    def write(name, model, **options):
        lines = []
        model.summary(line_length=80, print_fn=lambda text: lines.append(text), **options)
        (out / "summaries" / f"{name}.txt").write_text("\n".join(lines).rstrip() + "\n")

    keras.backend.clear_session()
    inner = base()
    model = keras.Sequential([keras.Input((6,)), inner, layers.Dense(3)])
    write("nested", model)
    write("nested-expanded", model, expand_nested=True)
    inner.layers[0].trainable = False
    write("nested-trainable", model, expand_nested=True, show_trainable=True)
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    first = layers.Dense(2, name="p")
    pair = keras.Model([a, b], [first(a), layers.Dense(5, name="q")(b)], name="inner")
    x, y = keras.Input((4,), name="x"), keras.Input((3,), name="y")
    p, q = pair([x, y])
    model = keras.Model([x, y], [layers.Dense(1, name="r")(q), layers.Dense(2, name="s")(p)], name="both")
    write("nested-inputs", model)
    write("nested-inputs-expanded", model, expand_nested=True, show_trainable=True)
    write("nested-range", model, layer_range=("inner", "r"))


def write(out):
    keras.utils.set_random_seed(7)
    for case in (nested, shared, frozen, inner_outputs, outputs, sample_weights,
                 lambda: class_weights("class-weights", False),
                 lambda: class_weights("class-weights-one-hot", True),
                 step_weights, batches, fit_options):
        keras.backend.clear_session()
        case()
    save_npz(out / "models.npz", ARRAYS)
    save_json(out / "models.json", {"keras": keras.__version__, "cases": CASES})
    summaries(out)
