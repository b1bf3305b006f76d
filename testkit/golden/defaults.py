"""defaults.json, names.json and summaries/*.txt: what Keras takes when nothing is said."""

import inspect

import keras
from keras import callbacks, initializers, layers, losses, metrics, optimizers, regularizers

from make_golden import save_json

# Class -> what it cannot do without.
WANTED = {
    layers: {
        "Dense": {"units": 3}, "Conv2D": {"filters": 3, "kernel_size": 2}, "MaxPooling2D": {},
        "AveragePooling2D": {"pool_size": 2}, "GlobalAveragePooling2D": {}, "Flatten": {},
        "Reshape": {"target_shape": (2, 3)}, "Dropout": {"rate": 0.5}, "BatchNormalization": {},
        "Activation": {"activation": "relu"}, "Rescaling": {"scale": 0.5}, "Normalization": {},
        "InputLayer": {"shape": (4,)}, "Add": {}, "Concatenate": {},
    },
    optimizers: {"SGD": {}, "RMSprop": {}, "Adam": {}},
    optimizers.schedules: {
        "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        "PiecewiseConstantDecay": {"boundaries": [1], "values": [0.1, 0.2]},
        "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
    },
    losses: {name: {} for name in (
        "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy",
        "MeanSquaredError", "MeanAbsoluteError")},
    metrics: {name: {} for name in (
        "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy",
        "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy",
        "MeanSquaredError", "MeanAbsoluteError", "Mean")},
    regularizers: {"L1": {}, "L2": {}, "L1L2": {}},
    initializers: {name: {} for name in (
        "GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "Zeros", "Ones", "Constant",
        "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling")},
    callbacks: {
        "ModelCheckpoint": {"filepath": "a.keras"}, "EarlyStopping": {},
        "LearningRateScheduler": {"schedule": len}, "CSVLogger": {"filename": "a.csv"},
        "TerminateOnNaN": {}, "History": {}, "ProgbarLogger": {}, "Callback": {},
    },
}


def plain(value):
    """What JSON can hold; anything else as its text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return getattr(value, "__name__", type(value).__name__)


def parameters(function):
    taken = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self" or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        is_required = parameter.default is inspect.Parameter.empty
        taken[name] = {"required": True} if is_required else {"default": plain(parameter.default)}
    return taken


def summary(model):
    lines = []
    model.summary(print_fn=lambda line, **_: lines.append(line), line_length=80)
    return "\n".join(lines) + "\n"


def lab_cnn():
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(64, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax")])


def two_inputs():
    left, right = keras.Input((8,), name="left"), keras.Input((6,), name="right")
    both = layers.Concatenate()([layers.Dense(4, activation="relu")(left),
                                 layers.Dense(4, activation="relu")(right)])
    return keras.Model([left, right], layers.Dense(2)(both))


def normalised():
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(12, 3, padding="same", use_bias=False),
        layers.BatchNormalization(scale=False), layers.Activation("relu"), layers.Flatten(),
        layers.Dropout(0.3), layers.Dense(10, activation="softmax")])


def write(out):
    classes = {}
    for home, wanted in WANTED.items():
        group = home.__name__.rsplit(".", 1)[1]
        for name, required in wanted.items():
            kind = getattr(home, name)
            made = kind(**required)
            config = made.get_config() if hasattr(made, "get_config") else None
            classes[f"{group}.{name}"] = {
                "parameters": parameters(kind.__init__), "given": plain(required),
                "config": plain(config)}
    functions = {f"Model.{n}": parameters(getattr(keras.Model, n))
                 for n in ("compile", "fit", "evaluate", "predict", "summary")}
    save_json(out / "defaults.json",
              {"keras": keras.__version__, "classes": classes, "functions": functions})

    (out / "summaries").mkdir(parents=True, exist_ok=True)
    for name, make in {"lab-cnn": lab_cnn, "two-inputs": two_inputs,
                       "batch-normalization": normalised}.items():
        keras.backend.clear_session()
        (out / "summaries" / f"{name}.txt").write_text(summary(make()))
        keras.backend.clear_session()
        model = make()
        model.compile("adam", "mse")
        model.optimizer.build(model.trainable_variables)
        (out / "summaries" / f"{name}-compiled.txt").write_text(summary(model))

    keras.backend.clear_session()
    names = {}
    for name, required in WANTED[layers].items():
        kind = getattr(layers, name)
        names[name] = [kind(**required).name for _ in range(3)]
    names["Sequential"] = [keras.Sequential().name for _ in range(3)]
    save_json(out / "names.json", names)
    print(len(classes), "classes")
