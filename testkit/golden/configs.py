"""configs.json: the configuration of every class of Keras with nothing said but what it needs."""

import inspect

import keras

from make_golden import save_json

# What a class cannot do without; classes that are missing here need nothing.
GIVEN = {
    "keras.layers": {
        "Activation": {"activation": "relu"}, "AdaptiveAveragePooling2D": {"output_size": 2},
        "AdaptiveMaxPooling2D": {"output_size": 2}, "AlphaDropout": {"rate": 0.5},
        "AveragePooling1D": {"pool_size": 2}, "AveragePooling2D": {"pool_size": 2},
        "CategoryEncoding": {"num_tokens": 4}, "CenterCrop": {"height": 2, "width": 3},
        "Conv1D": {"filters": 3, "kernel_size": 2}, "Conv2D": {"filters": 3, "kernel_size": 2},
        "Conv2DTranspose": {"filters": 3, "kernel_size": 2}, "Dense": {"units": 3},
        "DepthwiseConv2D": {"kernel_size": 2}, "Dot": {"axes": 1}, "Dropout": {"rate": 0.5},
        "Embedding": {"input_dim": 5, "output_dim": 3}, "GRU": {"units": 3},
        "GaussianDropout": {"rate": 0.5}, "GaussianNoise": {"stddev": 0.5}, "LSTM": {"units": 3},
        "MaxPooling1D": {}, "MultiHeadAttention": {"num_heads": 2, "key_dim": 3, "value_dim": 3},
        "Permute": {"dims": (2, 1)}, "RepeatVector": {"n": 2}, "Rescaling": {"scale": 0.5},
        "Reshape": {"target_shape": (2, 3)}, "Resizing": {"height": 2, "width": 3},
        "SeparableConv2D": {"filters": 3, "kernel_size": 2}, "SimpleRNN": {"units": 3},
        "SpatialDropout1D": {"rate": 0.5}, "SpatialDropout2D": {"rate": 0.5},
        "InputLayer": {"shape": (4,)},
        "Bidirectional": {"layer": lambda: keras.layers.LSTM(3)},
        "TimeDistributed": {"layer": lambda: keras.layers.Dense(3)},
    },
    "keras.metrics": {
        "PrecisionAtRecall": {"recall": 0.5}, "RecallAtPrecision": {"precision": 0.5},
        "SensitivityAtSpecificity": {"specificity": 0.5},
        "SpecificityAtSensitivity": {"sensitivity": 0.5}, "MeanIoU": {"num_classes": 3},
        "IoU": {"num_classes": 3, "target_class_ids": [0]},
        "OneHotIoU": {"num_classes": 3, "target_class_ids": [0]},
        "OneHotMeanIoU": {"num_classes": 3},
    },
    "keras.optimizers.schedules": {
        "ExponentialDecay": {"initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.5},
        "PiecewiseConstantDecay": {"boundaries": [1], "values": [0.5, 0.25]},
        "PolynomialDecay": {"initial_learning_rate": 0.5, "decay_steps": 10},
        "InverseTimeDecay": {"initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.5},
        "CosineDecay": {"initial_learning_rate": 0.5, "decay_steps": 10},
        "CosineDecayRestarts": {"initial_learning_rate": 0.5, "first_decay_steps": 10},
    },
}

MODULES = {
    "keras.layers": keras.layers, "keras.initializers": keras.initializers,
    "keras.regularizers": keras.regularizers, "keras.constraints": keras.constraints,
    "keras.optimizers": keras.optimizers, "keras.optimizers.schedules": keras.optimizers.schedules,
    "keras.losses": keras.losses, "keras.metrics": keras.metrics,
}


def config(kind, given):
    keras.backend.clear_session()
    made = kind(**{k: v() if callable(v) else v for k, v in given.items()})
    return keras.saving.serialize_keras_object(made)["config"]


def given_config(given):
    return {k: keras.saving.serialize_keras_object(v() if callable(v) else v)
            for k, v in given.items()}


def write(out):
    modules = {}
    for module, home in MODULES.items():
        classes = {}
        for name, kind in sorted(vars(home).items()):
            if not inspect.isclass(kind) or name != kind.__name__:
                continue  # functions and aliases
            given = GIVEN.get(module, {}).get(name, {})
            try:
                classes[name] = {"given": given_config(given), "config": config(kind, given)}
            except Exception as problem:  # base classes, and classes that no model here can have
                classes[name] = {"missing": type(problem).__name__}
        modules[module] = classes
    save_json(out / "configs.json", {"keras": keras.__version__, "modules": modules})
    print(sum(len(c) for c in modules.values()), "configurations")
