"""training.json and training/NAME.npz: small networks trained for three epochs without shuffling."""

import keras
import numpy as np

from make_golden import save_json, save_npz

SAMPLES, BATCH, EPOCHS = 70, 16, 3


def images():
    """70 pictures of 12 x 12 x 1 in [0, 1] of four classes: a bright quarter on noise."""
    random = np.random.default_rng(20)
    labels = random.integers(0, 4, SAMPLES).astype(np.int32)
    x = random.uniform(0, 0.6, (SAMPLES, 12, 12, 1)).astype(np.float32)
    for picture, label in zip(x, labels):
        row, column = 6 * (label // 2), 6 * (label % 2)
        picture[row:row + 6, column:column + 6] += 0.4
    return x, labels


def vectors(targets):
    """70 vectors of 6 numbers of different scales, and smooth targets of them."""
    random = np.random.default_rng(21)
    x = random.normal(0, 1, (SAMPLES, 6)).astype(np.float32)
    x = x * np.float32([1, 2, 5, 0.5, 10, 1]) + np.float32([0, 3, -4, 1, 20, 0])
    mix = random.normal(0, 0.4, (6, targets)).astype(np.float32)
    return x, np.tanh((x - x.mean(0)) / x.std(0) @ mix).astype(np.float32)


def layer(kind, **config):
    return {"class": kind, "config": config}


def part(kind, **config):
    return {"class": kind, "config": config}


L1 = part("L1", l1=1e-3)
L2 = part("L2", l2=1e-3)
L1L2 = part("L1L2", l1=5e-4, l2=2e-3)
FLATTEN = layer("Flatten")
SPARSE = part("SparseCategoricalCrossentropy")
SPARSE_LOGITS = part("SparseCategoricalCrossentropy", from_logits=True)
CATEGORICAL = part("CategoricalCrossentropy")
CATEGORICAL_LOGITS = part("CategoricalCrossentropy", from_logits=True)


def dense(units, activation=None, **config):
    return layer("Dense", units=units, **({"activation": activation} if activation else {}), **config)


def conv(filters, kernel_size, **config):
    return layer("Conv2D", filters=filters, kernel_size=kernel_size, **config)


# name, data, layers, optimizer, loss, metrics; a layer with "inputs" names the layers it stands on.
NETWORKS = [
    ("softmax-sgd", "sparse", [FLATTEN, dense(4, "softmax")],
     part("SGD", learning_rate=0.1), SPARSE, ["SparseCategoricalAccuracy"]),
    ("mlp-momentum-l2", "categorical",
     [FLATTEN, dense(16, "relu", kernel_regularizer=L2), dense(4, "softmax", kernel_regularizer=L2)],
     part("SGD", learning_rate=0.05, momentum=0.9), CATEGORICAL, ["CategoricalAccuracy"]),
    ("mlp-nesterov-l1", "sparse",
     [layer("Rescaling", scale=2.0, offset=-1.0), FLATTEN,
      dense(12, "tanh", bias_initializer="ones", kernel_regularizer=L1, bias_regularizer=L1L2),
      dense(4)],
     part("SGD", learning_rate=0.05, momentum=0.8, nesterov=True), SPARSE_LOGITS,
     ["SparseCategoricalAccuracy"]),
    ("cnn-adam", "sparse",
     [conv(4, 3, padding="same", activation="relu"), layer("MaxPooling2D", pool_size=2), FLATTEN,
      dense(10, "relu"), dense(4, "softmax")],
     part("Adam", learning_rate=0.01), SPARSE, ["SparseCategoricalAccuracy"]),
    ("cnn-strides-rmsprop", "categorical",
     [conv(6, 5, strides=2, padding="same", activation="relu"),
      conv(8, 6, strides=2, padding="same", activation="relu"),
      layer("GlobalAveragePooling2D"), dense(4)],
     part("RMSprop", learning_rate=0.01), CATEGORICAL_LOGITS, ["CategoricalAccuracy"]),
    ("cnn-bn-adam-exponential", "sparse",
     [conv(4, 3, padding="same", use_bias=False), layer("BatchNormalization", scale=False),
      layer("Activation", activation="relu"),
      layer("MaxPooling2D", pool_size=3, strides=2, padding="same"), FLATTEN,
      dense(8, use_bias=False), layer("BatchNormalization", momentum=0.9, epsilon=1e-4),
      layer("Activation", activation="relu"), dense(4)],
     part("Adam", learning_rate=part("ExponentialDecay", initial_learning_rate=0.01, decay_steps=4,
                                     decay_rate=0.6, staircase=True)),
     SPARSE_LOGITS, ["SparseCategoricalAccuracy"]),
    ("average-pool-rmsprop-momentum", "flat-sparse",
     [layer("Reshape", target_shape=[12, 12, 1]), conv(4, 3, activation="sigmoid"),
      layer("AveragePooling2D", pool_size=2),
      conv(6, 3, activation="tanh", kernel_regularizer=L1L2),
      layer("AveragePooling2D", pool_size=2, strides=1, padding="same"), FLATTEN,
      dense(4, "softmax")],
     part("RMSprop", learning_rate=part("PiecewiseConstantDecay", boundaries=[4, 9],
                                        values=[2e-3, 1e-3, 5e-4]), rho=0.8, momentum=0.9),
     SPARSE, ["SparseCategoricalAccuracy"]),
    ("binary-adam", "binary", [FLATTEN, dense(8, "relu"), dense(1, "sigmoid")],
     part("Adam", learning_rate=0.01), part("BinaryCrossentropy"), ["BinaryAccuracy"]),
    ("binary-logits-rmsprop-centered", "binary",
     [conv(3, 3, activation="relu"), layer("MaxPooling2D", pool_size=2), FLATTEN, dense(1)],
     part("RMSprop", learning_rate=part("CosineDecay", initial_learning_rate=0.01, decay_steps=12,
                                        alpha=0.1), centered=True),
     part("BinaryCrossentropy", from_logits=True), ["BinaryAccuracy"]),
    ("regression-mse-normalization", "regression",
     [layer("Normalization"), dense(16, "relu"), dense(2)],
     part("SGD", learning_rate=part("CosineDecay", initial_learning_rate=0.0, decay_steps=8,
                                    warmup_target=0.05, warmup_steps=4)),
     part("MeanSquaredError"), ["MeanAbsoluteError", "MeanSquaredError"]),
    ("regression-mae-adam", "regression", [layer("Normalization"), dense(12, "tanh"), dense(2)],
     part("Adam", learning_rate=0.01, beta_1=0.8, beta_2=0.99, epsilon=1e-5),
     part("MeanAbsoluteError"), ["MeanAbsoluteError", "MeanSquaredError"]),
    ("functional-shared", "sparse",
     [layer("Flatten", name="flat") | {"inputs": ["input"]},
      dense(8, "relu", name="first") | {"inputs": ["flat"]},
      dense(8, "tanh", name="shared") | {"inputs": ["first"]},
      {"reuse": "shared", "as": "again", "inputs": ["shared"]},
      dense(4, "softmax", name="head") | {"inputs": ["again"]}],
     part("Adam", learning_rate=0.01), SPARSE, ["SparseCategoricalAccuracy"]),
    ("functional-branches", "sparse",
     [conv(4, 3, padding="same", activation="relu", name="left") | {"inputs": ["input"]},
      conv(4, 5, padding="same", activation="relu", name="right") | {"inputs": ["input"]},
      layer("Add", name="sum") | {"inputs": ["left", "right"]},
      layer("Concatenate", name="both") | {"inputs": ["sum", "right"]},
      layer("GlobalAveragePooling2D", name="pool") | {"inputs": ["both"]},
      dense(4, name="head") | {"inputs": ["pool"]}],
     part("Adam", learning_rate=0.02), SPARSE_LOGITS, ["SparseCategoricalAccuracy"]),
]


def data(kind):
    if kind == "regression":
        return vectors(2)
    x, labels = images()
    match kind:
        case "sparse":
            return x, labels
        case "flat-sparse":
            return x.reshape(SAMPLES, 144), labels
        case "categorical":
            return x, np.eye(4, dtype=np.float32)[labels]
        case "binary":
            return x, (labels >= 2).astype(np.float32)[:, None]
    raise ValueError(kind)


def built(spec):
    """A Keras object of a spec: {"class", "config"}, values that are specs themselves included."""
    if not isinstance(spec, dict):
        return spec
    config = {key: built(value) for key, value in spec["config"].items()}
    for home in (keras.layers, keras.optimizers, keras.losses, keras.metrics, keras.regularizers,
                 keras.optimizers.schedules):
        if hasattr(home, spec["class"]):
            return getattr(home, spec["class"])(**config)
    raise ValueError(spec["class"])


def model_of(layers, x):
    if not any("inputs" in spec for spec in layers):
        made = [built(spec) for spec in layers]
        for one in made:
            if isinstance(one, keras.layers.Normalization):
                one.adapt(x)
        return keras.Sequential([keras.Input(x.shape[1:]), *made])
    inputs = keras.Input(x.shape[1:])
    values, objects, last = {"input": inputs}, {}, None
    for spec in layers:
        feeds = [values[name] for name in spec["inputs"]]
        if "reuse" in spec:
            one, name = objects[spec["reuse"]], spec["as"]
        else:
            one, name = built(spec), spec["config"]["name"]
            objects[name] = one
        last = values[name] = one(feeds if len(feeds) > 1 else feeds[0])
    return keras.Model(inputs, last)


def write(out):
    index = []
    for number, (name, kind, layers, optimizer, loss, metrics) in enumerate(NETWORKS):
        keras.backend.clear_session()
        keras.utils.set_random_seed(100 + number)
        x, y = data(kind)
        model = model_of(layers, x)
        model.compile(built(optimizer), built(loss), metrics=[getattr(keras.metrics, m)() for m in metrics])
        arrays = {"x": x, "y": y}

        def store(prefix):
            weights = []
            for i, weight in enumerate(model.weights):
                values = np.asarray(weight.value)
                arrays[f"{prefix}/{i}"] = values
                weights.append({"path": weight.path, "shape": list(values.shape),
                                "dtype": values.dtype.name, "trainable": bool(weight.trainable)})
            return weights

        weights = store("initial")
        arrays["predict-initial"] = model.predict(x[:8], verbose=0)
        history = model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
        store("final")
        arrays["predict"] = model.predict(x[:8], verbose=0)
        evaluated = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True)
        save_npz(out / "training" / f"{name}.npz", arrays)
        index.append({
            "name": name, "data": kind, "layers": layers, "optimizer": optimizer, "loss": loss,
            "metrics": metrics, "batch_size": BATCH, "epochs": EPOCHS,
            "params": model.count_params(), "weights": weights,
            "history": {k: [float(v) for v in values] for k, values in history.history.items()},
            "evaluate": {k: float(v) for k, v in evaluated.items()},
        })
        print(f"{name:32} {history.history['loss'][0]:.4f} -> {history.history['loss'][-1]:.4f}",
              {k: round(v, 4) for k, v in evaluated.items()})
    save_json(out / "training.json", {"keras": keras.__version__, "networks": index})
