"""model_configs.json: whole models as Keras writes them, in both formats, with the places of weights."""

import json
import tempfile
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers

from configs import GIVEN

VECTOR, STEPS, PICTURE = (6,), (5, 4), (8, 8, 4)

# Shapes of the inputs of layers that do not take vectors; several for those that take several.
SHAPES = {
    **dict.fromkeys(("Add Average Concatenate Maximum Minimum Multiply Subtract Dot").split(),
                    [VECTOR, VECTOR]),
    **dict.fromkeys(("AveragePooling1D MaxPooling1D GlobalAveragePooling1D GlobalMaxPooling1D Conv1D "
                     "Bidirectional GRU LSTM SimpleRNN TimeDistributed SpatialDropout1D Masking "
                     "Permute").split(), [STEPS]),
    **dict.fromkeys("Attention MultiHeadAttention".split(), [STEPS, STEPS]),
    **dict.fromkeys(("AdaptiveAveragePooling2D AdaptiveMaxPooling2D AveragePooling2D MaxPooling2D "
                     "CenterCrop Conv2D Conv2DTranspose Cropping2D DepthwiseConv2D Flatten "
                     "GlobalAveragePooling2D GlobalMaxPooling2D GroupNormalization PReLU Rescaling "
                     "Resizing SeparableConv2D SpatialDropout2D UpSampling2D "
                     "ZeroPadding2D").split(), [PICTURE]),
}

# Options other than those of configs.py.
OPTIONS = {"GroupNormalization": {"groups": 2}, "CategoryEncoding": {"num_tokens": 4},
           "Cropping2D": {"cropping": ((1, 0), (2, 1))}, "ZeroPadding2D": {"padding": (1, 2)},
           "PReLU": {"shared_axes": [1, 2]},
           "LSTM": {"units": 3, "return_sequences": True, "dropout": 0.25},
           "Attention": {"use_scale": True, "score_mode": "concat"},
           "Dense": {"units": 3, "activation": "relu", "kernel_regularizer": "l2",
                     "kernel_constraint": "max_norm", "kernel_initializer": "he_normal"}}

LAYERS = sorted(set(SHAPES) | set("""
    Activation ActivityRegularization AlphaDropout BatchNormalization CategoryEncoding Dense Dropout
    ELU Embedding GaussianDropout GaussianNoise Identity LayerNormalization LeakyReLU ReLU RepeatVector
    Reshape Softmax""".split()))


def weights_of(group, store):
    """[path, shape, type] of all variables below."""
    found = []
    group.visititems(lambda name, item: found.append([name, list(item.shape), str(item.dtype)])
                     if isinstance(item, h5py.Dataset) else None)
    return [f for f in found if store(f[0])]


def files(model, full=True):
    """What the files of both formats hold."""
    case = {"config": keras.saving.serialize_keras_object(model)}
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "model.weights.h5"
        model.save_weights(weights)
        with h5py.File(weights) as file:
            case["variables"] = weights_of(file, lambda name: True)
        if full:
            model.save(Path(folder) / "model.h5")
            with h5py.File(Path(folder) / "model.h5") as file:
                for name in ("model_config", "training_config"):
                    if name in file.attrs:
                        case[name] = json.loads(file.attrs[name])
                group = file["model_weights"]
                case["layers"] = [[str(name), [str(n) for n in group[name].attrs["weight_names"]]]
                                  for name in group.attrs["layer_names"]]
                if "optimizer_weights" in file:
                    case["optimizer_weights"] = [
                        str(n) for n in file["optimizer_weights"].attrs["weight_names"]]
    return json.loads(json.dumps(case))


def compiled(model):
    """What differs from the model `tiny` where only the options of compile do."""
    config = keras.saving.serialize_keras_object(model)
    return {"compile_config": json.loads(json.dumps(config["compile_config"]))}


def layer_cases(kinds):
    for kind in kinds:
        keras.backend.clear_session()
        given = OPTIONS.get(kind, GIVEN["keras.layers"].get(kind, {}))
        layer = getattr(layers, kind)(**{k: v() if callable(v) else v for k, v in given.items()})
        inputs = [keras.Input(shape, dtype="int32" if kind in ("Embedding", "CategoryEncoding")
                              else "float32") for shape in SHAPES.get(kind, [VECTOR])]
        if kind == "MultiHeadAttention":
            y = layer(*inputs)
        elif len(inputs) > 1:
            y = layer(inputs)
        else:
            y = layer(inputs[0])
        yield "layer-" + kind, files(keras.Model(inputs, y), full=False)


def tiny():
    keras.backend.clear_session()
    return keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dense(1)])


RATE = {"learning_rate": 0.25}
OPTIMIZERS = {
    "SGD": {"momentum": 0.5, "nesterov": True, **RATE}, "Adam": {"amsgrad": True, "clipnorm": 1.0},
    "AdamW": {"weight_decay": 0.1, "use_ema": True, "ema_overwrite_frequency": 3},
    "Nadam": {"clipvalue": 0.5}, "RMSprop": {"momentum": 0.5, "centered": True},
    "Adagrad": {"initial_accumulator_value": 0.25}, "Adadelta": {"global_clipnorm": 2.0},
    "Adamax": {"gradient_accumulation_steps": 2}, "Lamb": {}, "Lion": {"beta_1": 0.5},
}


def optimizer_cases():
    for kind, given in OPTIMIZERS.items():
        model = tiny()
        model.compile(getattr(keras.optimizers, kind)(**given), "mse")
        model.optimizer.build(model.trainable_variables)
        yield "optimizer-" + kind, files(model)
    model = tiny()
    model.compile("sgd", "mse")
    model.optimizer.build(model.trainable_variables)
    yield "optimizer-plain", files(model)
    for kind, given in GIVEN["keras.optimizers.schedules"].items():
        model = tiny()
        model.compile(keras.optimizers.Adam(getattr(keras.optimizers.schedules, kind)(**given)), "mse")
        yield "schedule-" + kind, compiled(model)


def compiled_cases(losses, metrics):
    for kind in losses:
        model = tiny()
        model.compile("adam", getattr(keras.losses, kind)())
        yield "loss-" + kind, compiled(model)
    for kind in metrics:
        model = tiny()
        given = GIVEN["keras.metrics"].get(kind, {})
        model.compile("adam", "mse", metrics=[getattr(keras.metrics, kind)(**given)])
        yield "metric-" + kind, compiled(model)
    for name, given in {
        "strings": {"loss": "mse", "metrics": ["mae", "accuracy", "acc", "AUC"]},
        "functions": {"loss": keras.losses.mean_squared_error,
                      "metrics": [keras.metrics.mean_absolute_error]},
        "wrapper": {"loss": "mse", "metrics": [
            keras.metrics.MeanMetricWrapper(keras.metrics.mean_absolute_error, name="off")]},
        "nested": {"loss": ["mse"], "metrics": [["mae"]], "weighted_metrics": [["mse"]]},
        "weights": {"loss": "binary_crossentropy", "loss_weights": [0.5],
                    "weighted_metrics": ["mse"]},
    }.items():
        model = tiny()
        model.compile("rmsprop", **given)
        yield "compiled-" + name, files(model)


def cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(8, 3, activation="relu"),
        layers.BatchNormalization(), layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.5),
        layers.Dense(10, activation="softmax")], name="digits")
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def branches():
    """Two inputs and outputs, shared layers, models within, one frozen layer, losses by name."""
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = layers.Dense(3, activation="relu")
    base = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dropout(0.5),
                             layers.BatchNormalization()])
    first = keras.Input((2,))
    inner = keras.Model(first, layers.Dense(2)(first), name="inner")
    joined = layers.Concatenate()([inner(base(shared(a))), inner(base(shared(b)))])
    model = keras.Model([a, b], [layers.Dense(1, name="one")(joined),
                                 layers.Dense(5, name="two")(joined)])
    shared.trainable = False
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.5, 100, 0.5)),
        loss={"one": "mse", "two": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
        loss_weights={"one": 0.5},
        metrics={"one": ["mae"], "two": ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(3)]},
        weighted_metrics=[["mse"], []])
    return model


def deep():
    """Models within models within models; one that gives two results; an output of a model."""
    x = keras.Input((4,))
    inmost = keras.Sequential([keras.Input((4,)), layers.Dense(4)], name="inmost")
    middle = keras.Model(x, [inmost(x), layers.Dense(3, name="side")(x)], name="middle")
    y = keras.Input((4,))
    first, second = middle(y)
    again = middle(first)
    return keras.Model(y, [again[0], second, keras.Sequential(
        [keras.Input((3,)), layers.Dense(1)], name="last")(again[1])], name="deep")


def sequences():
    q, v = keras.Input((5, 8), name="q"), keras.Input((6, 8), name="v")
    mask = keras.Input((5, 6), name="mask")
    y = layers.MultiHeadAttention(2, 4, dropout=0.1)(query=q, value=v)
    y = layers.MultiHeadAttention(2, 4)(y, v, attention_mask=mask)
    y = layers.MultiHeadAttention(2, 4)(y, y, use_causal_mask=True)
    y, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(y)
    last = layers.LSTM(4, dropout=0.2)(y, initial_state=[h, c])
    both = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="sum")(y)
    each = layers.TimeDistributed(layers.Dense(2))(both)
    seen = layers.Attention()([each, each], use_causal_mask=True)
    return keras.Model([q, v, mask], [last, layers.Flatten()(seen)])


def normalized():
    adapted = layers.Normalization(name="adapted")
    adapted.adapt(np.array([[1.0, 2.0], [3.0, 5.0]]))
    return keras.Sequential([
        keras.Input((2,)), adapted, layers.Normalization(mean=3.0, variance=2.0),
        layers.Normalization(mean=[1.0, 2.0], variance=[2.0, 3.0]), layers.Dense(1)])


def normalized_places():
    """Statistics for each place of a picture, and for each row and channel."""
    mean = np.arange(12.0).reshape(2, 3, 2)
    return keras.Sequential([
        keras.Input((2, 3, 2)), layers.Normalization(axis=(1, 2, 3), mean=mean, variance=mean + 1),
        layers.Normalization(axis=(-1, 1), mean=mean[:, 0], variance=mean[:, 1]),
        layers.Flatten(), layers.Dense(1)])


def mixed():
    model = keras.Sequential([
        keras.Input((2,)), layers.Dense(3, dtype="mixed_bfloat16"),
        layers.Dense(3, dtype="mixed_bfloat16", activation=layers.LeakyReLU(0.25)),
        layers.Dense(1, dtype="mixed_bfloat16")])
    model.compile("adam", "mse")
    return model


def chain_of_models():
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3)], name="base")
    return keras.Sequential([base, layers.Dense(2)], name="chain")


def frames():
    """A model for each picture of a sequence."""
    look = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(2, 3), layers.Flatten(),
                             layers.Dense(3)], name="look")
    return keras.Sequential([keras.Input((4, 6, 6, 1)), layers.TimeDistributed(look),
                             layers.LSTM(2)])


def operators():
    """What Keras makes of operators is read as merging layers."""
    x = keras.Input((3,))
    y = layers.Dense(3)(x)
    return keras.Model(x, keras.ops.maximum((x + y) * (x - y), y))


def frozen():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
    model.trainable = False
    return model


def write(out):
    known = json.loads((out / "configs.json").read_text())["modules"]

    def classes(module, without=()):
        return [name for name, entry in known[module].items()
                if "config" in entry and name not in without]

    cases = {}
    for build in (tiny, cnn, branches, deep, sequences, normalized, normalized_places, mixed,
                  chain_of_models, frames, frozen):
        keras.backend.clear_session()
        cases[build.__name__] = files(build())
    for name, case in layer_cases(LAYERS):
        cases[name] = case
    for name, case in optimizer_cases():
        cases[name] = case
    for name, case in compiled_cases(
            classes("keras.losses", {"Loss"}), classes("keras.metrics", {"Metric"})):
        cases[name] = case
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    keras.backend.clear_session()
    operations = json.dumps(files(operators(), full=False)["config"])
    text = f'{{"keras": "{keras.__version__}", "cases": {{\n{lines}\n}},\n'
    text += f'"operators": {operations}}}\n'
    (out / "model_configs.json").write_text(text)
    print(len(cases), "models")
