"""networks.json and training/NAME.npz: networks that have every layer, optimizer, loss and schedule.

As training.py, but with Keras's whole configuration of optimizers, and with results of layers that
give several: `lstm:1` is the second one of the layer `lstm`.
"""

import keras
import numpy as np

from layers import plain
from make_golden import save_json, save_npz

SAMPLES, BATCH, EPOCHS = 52, 16, 3


def eighths(seed, *shape):
    """Few different values, which take little space."""
    return (np.random.default_rng(seed).normal(0, 6, shape).round() / 8).astype(np.float32)


def inputs(kind):
    match kind:
        case "vectors":
            return eighths(1, SAMPLES, 6)
        case "pictures":
            return eighths(2, SAMPLES, 6, 6, 2)
        case "frames":
            return eighths(3, SAMPLES, 3, 5, 5, 1)
        case "steps":
            x = eighths(4, SAMPLES, 5, 3)
            for row in range(SAMPLES):
                x[row, 2 + row % 4:] = 0
            return x
        case "words":
            x = np.random.default_rng(5).integers(1, 8, (SAMPLES, 5)).astype(np.int32)
            for row in range(SAMPLES):
                x[row, 2 + row % 4:] = 0
            return x
    raise ValueError(kind)


def targets(kind, x):
    flat = x.reshape(SAMPLES, -1).astype(np.float32)
    random = np.random.default_rng(6)
    scores = (flat - flat.mean(0)) @ random.normal(0, 1, (flat.shape[1], 3)).astype(np.float32)
    labels = scores.argmax(-1).astype(np.int32)
    smooth = np.tanh(scores / 4)[:, :2].astype(np.float32)
    match kind:
        case "sparse":
            return labels
        case "one-hot":
            return np.eye(3, dtype=np.float32)[labels]
        case "bits":
            return (scores[:, :1] > 0).astype(np.float32)
        case "smooth":
            return smooth
        case "positive":
            return (1.5 + smooth).round(3).astype(np.float32)
        case "counts":
            return (2 + 2 * smooth).round().astype(np.float32)
        case "each-step":
            return (x.sum(-1, keepdims=True) / 4).astype(np.float32)
        case "texts":
            second = np.where(scores[:, 0] > 0, 0, 1 + (labels + (scores[:, 1] > 0)) % 3)
            return np.stack([1 + labels, second], -1).astype(np.int32)
        case "same":
            return np.tanh(x).round(3).astype(np.float32)
    raise ValueError(kind)


def part(kind, **config):
    return {"class": kind, "config": config}


def inner(kind, **config):
    return {"class_name": kind, "config": config}


def on(spec, name, *feeds):
    return part(spec["class"], **spec["config"], name=name) | {"inputs": list(feeds)}


def dense(units, activation=None, **config):
    return part("Dense", units=units, **({"activation": activation} if activation else {}), **config)


def sgd(rate=0.1, **config):
    return part("SGD", learning_rate=rate, **config)


L2 = inner("L2", l2=1e-3)
CLASSES = dense(3, "softmax")
FLATTEN = part("Flatten")
SPARSE, MSE = part("SparseCategoricalCrossentropy"), part("MeanSquaredError")


def recurrent():
    yield ("lstm-masking-adamw", "steps", "sparse",
           [part("Masking"), part("LSTM", units=5), CLASSES],
           part("AdamW", learning_rate=0.01, weight_decay=0.05, epsilon=1e-3), SPARSE)
    yield ("lstm-backwards-nadam", "steps", "smooth",
           [part("LSTM", units=4, return_sequences=True, kernel_regularizer=L2),
            part("LSTM", units=4, go_backwards=True, recurrent_regularizer=L2), dense(2)],
           part("Nadam", learning_rate=0.01, epsilon=1e-3), part("Huber", delta=0.5))
    yield ("lstm-states-clipnorm", "steps", "each-step",
           [on(part("LSTM", units=4, return_sequences=True, return_state=True), "encoder", "input"),
            on(part("LSTM", units=4, return_sequences=True), "decoder", "encoder", "encoder:1",
               "encoder:2"),
            on(part("TimeDistributed", layer=inner("Dense", units=1)), "head", "decoder")],
           sgd(0.2, momentum=0.9, clipnorm=0.5), MSE)
    yield ("gru-reset-before-rmsprop", "steps", "one-hot",
           [part("Masking"), part("GRU", units=4, return_sequences=True),
            part("GRU", units=4, reset_after=False), CLASSES],
           part("RMSprop", learning_rate=0.01, centered=True, epsilon=1e-3),
           part("CategoricalFocalCrossentropy", gamma=1.5))
    yield ("gru-embedding-adamax", "words", "sparse",
           [part("Embedding", input_dim=8, output_dim=4, mask_zero=True),
            part("GRU", units=5, go_backwards=True), CLASSES],
           part("Adamax", learning_rate=0.02, epsilon=1e-3), SPARSE)
    yield ("gru-zero-output-mask", "words", "bits",
           [part("Embedding", input_dim=8, output_dim=4, mask_zero=True),
            part("GRU", units=5, return_sequences=True, zero_output_for_mask=True),
            part("Flatten"), dense(1, "sigmoid")],
           sgd(0.3, momentum=0.9), part("BinaryFocalCrossentropy", gamma=1.0))
    yield ("simple-rnn-embedding-nesterov", "words", "sparse",
           [part("Embedding", input_dim=8, output_dim=4, mask_zero=True,
                 embeddings_regularizer=L2),
            part("SimpleRNN", units=6), CLASSES],
           sgd(0.2, momentum=0.8, nesterov=True, global_clipnorm=1.0), SPARSE)
    yield ("recurrent-embedding-steps", "words", "each-step-of-words",
           [part("Embedding", input_dim=8, output_dim=3, mask_zero=True),
            part("SimpleRNN", units=4, return_sequences=True),
            part("TimeDistributed", layer=inner("Dense", units=1))],
           sgd(0.1), part("LogCosh"))
    for mode, kind, sequences in (("concat", "LSTM", True), ("sum", "GRU", False),
                                  ("mul", "SimpleRNN", False), ("ave", "LSTM", False)):
        behind = [part("GlobalAveragePooling1D")] if sequences else []
        yield (f"bidirectional-{mode}", "words", "sparse",
               [part("Embedding", input_dim=8, output_dim=4, mask_zero=True),
                part("Bidirectional", layer=inner(kind, units=3, return_sequences=sequences),
                     merge_mode=mode), *behind, CLASSES],
               sgd(part("CosineDecayRestarts", initial_learning_rate=0.05, first_decay_steps=5),
                   momentum=0.8) if mode == "sum" else sgd(0.1, momentum=0.8), SPARSE)
    yield ("bidirectional-apart", "steps", "smooth",
           [on(part("Bidirectional", layer=inner("GRU", units=3), merge_mode=None), "both", "input"),
            on(part("Multiply"), "product", "both", "both:1"), on(dense(2), "head", "product")],
           sgd(0.2, momentum=0.9), part("MeanAbsoluteError"))
    yield ("time-distributed-frames", "frames", "sparse",
           [part("TimeDistributed", layer=inner("Conv2D", filters=3, kernel_size=3,
                                                activation="tanh")),
            part("TimeDistributed", layer=inner("Flatten")), part("LSTM", units=4), CLASSES],
           part("Adam", learning_rate=0.01, amsgrad=True, epsilon=1e-3), SPARSE)


def attention():
    yield ("attention-heads-causal", "steps", "smooth",
           [on(dense(4), "wide", "input"),
            on(part("MultiHeadAttention", num_heads=2, key_dim=3), "heads", "wide", "wide")
            | {"causal": True},
            on(part("Add"), "sum", "wide", "heads"), on(part("LayerNormalization"), "norm", "sum"),
            on(part("GlobalAveragePooling1D"), "pool", "norm"), on(dense(2), "head", "pool")],
           sgd(0.1, momentum=0.9, use_ema=True, ema_momentum=0.8), MSE)
    yield ("attention-heads-masks", "words", "sparse",
           [on(part("Embedding", input_dim=8, output_dim=4, mask_zero=True), "words", "input"),
            on(part("MultiHeadAttention", num_heads=2, key_dim=3, output_shape=5),
               "heads", "words", "words"),
            on(part("GlobalAveragePooling1D"), "pool", "heads"), on(CLASSES, "head", "pool")],
           sgd(part("InverseTimeDecay", initial_learning_rate=0.2, decay_steps=4, decay_rate=0.5),
               momentum=0.5), SPARSE)
    for mode in ("dot", "concat"):
        yield (f"attention-{mode}", "words", "sparse",
               [on(part("Embedding", input_dim=8, output_dim=4, mask_zero=True), "words", "input"),
                on(part("SimpleRNN", units=4, return_sequences=True), "steps", "words"),
                on(part("Attention", use_scale=True, score_mode=mode), "look", "steps", "words")
                | {"causal": mode == "dot"},
                on(part("GlobalAveragePooling1D"), "pool", "look"), on(CLASSES, "head", "pool")],
               sgd(0.3, momentum=0.9), SPARSE)


def convolutions():
    yield ("line-adagrad", "steps", "sparse",
           [part("Conv1D", filters=4, kernel_size=2, padding="causal", dilation_rate=2,
                 activation="tanh"), part("SpatialDropout1D", rate=0.0),
            part("AveragePooling1D", pool_size=2, strides=1),
            part("Conv1D", filters=4, kernel_size=2, padding="same"),
            part("MaxPooling1D", pool_size=2), part("GlobalMaxPooling1D"), CLASSES],
           part("Adagrad", learning_rate=0.05), SPARSE)
    yield ("separable-depthwise-adadelta", "pictures", "sparse",
           [part("SeparableConv2D", filters=4, kernel_size=3, depth_multiplier=2, activation="tanh"),
            part("DepthwiseConv2D", kernel_size=2, padding="same"),
            part("GlobalMaxPooling2D"), CLASSES],
           part("Adadelta", learning_rate=1.0, epsilon=1e-3),
           part("CategoricalGeneralizedCrossEntropy", q=0.4))
    yield ("transposed-autoencoder", "pictures", "same",
           [part("Conv2D", filters=4, kernel_size=3, strides=2, padding="same", activation="tanh"),
            part("SpatialDropout2D", rate=0.0),
            part("Conv2DTranspose", filters=2, kernel_size=3, strides=2, padding="same")],
           sgd(part("PolynomialDecay", initial_learning_rate=0.5, decay_steps=12, power=2.0),
               momentum=0.9), MSE)
    yield ("picture-sizes", "pictures", "sparse",
           [part("ZeroPadding2D", padding=1), part("Conv2D", filters=3, kernel_size=3),
            part("UpSampling2D", size=2), part("Cropping2D", cropping=1),
            part("Resizing", height=8, width=7, interpolation="bilinear"),
            part("CenterCrop", height=5, width=5), FLATTEN, CLASSES],
           sgd(0.02, momentum=0.5), SPARSE)
    yield ("adaptive-pooling", "pictures", "bits",
           [on(part("Conv2D", filters=4, kernel_size=2, padding="same"), "conv", "input"),
            on(part("AdaptiveAveragePooling2D", output_size=2), "average", "conv"),
            on(part("AdaptiveMaxPooling2D", output_size=2), "most", "conv"),
            on(part("Concatenate"), "both", "average", "most"), on(FLATTEN, "flat", "both"),
            on(dense(1, "tanh"), "head", "flat")],
           sgd(0.05, momentum=0.9), part("Hinge"))
    yield ("group-normalization", "pictures", "bits",
           [part("Conv2D", filters=4, kernel_size=2), part("GroupNormalization", groups=2),
            part("PReLU", shared_axes=[1, 2]), part("GlobalAveragePooling2D"), dense(1, "tanh")],
           sgd(0.1, momentum=0.9), part("SquaredHinge"))


def vectors():
    yield ("activations-lamb", "vectors", "smooth",
           [dense(6), part("LeakyReLU"), dense(6), part("ELU", alpha=0.7), dense(6),
            part("ReLU", negative_slope=0.1), dense(4), part("Softmax"), dense(2)],
           part("Lamb", learning_rate=0.02, epsilon=1e-3), part("LogCosh"))
    yield ("merging-layers", "vectors", "one-hot",
           [on(dense(4, "tanh"), "a", "input"), on(dense(4, "sigmoid"), "b", "input"),
            on(part("Subtract"), "difference", "a", "b"), on(part("Multiply"), "product", "a", "b"),
            on(part("Average"), "average", "difference", "product"),
            on(part("Maximum"), "most", "a", "average"), on(part("Minimum"), "least", "b", "most"),
            on(part("Dot", axes=1, normalize=True), "dot", "a", "b"),
            on(part("Concatenate"), "all", "least", "dot", "product"), on(dense(3), "head", "all")],
           sgd(0.1, momentum=0.9), part("CategoricalHinge"))
    yield ("no-noise", "vectors", "one-hot",
           [part("GaussianNoise", stddev=0.0), dense(6, "tanh"), part("Dropout", rate=0.0),
            part("GaussianDropout", rate=0.0), part("AlphaDropout", rate=0.0),
            part("ActivityRegularization", l2=0.01), part("Identity"), CLASSES],
           sgd(0.2, gradient_accumulation_steps=2), part("Dice"))
    yield ("repeat-permute", "vectors", "positive",
           [dense(4, "tanh"), part("RepeatVector", n=3), part("Permute", dims=[2, 1]),
            part("Reshape", target_shape=[6, 2]), FLATTEN, dense(2, "softplus")],
           part("Adam", learning_rate=0.01, epsilon=1e-3, clipvalue=0.5),
           part("MeanAbsolutePercentageError"))
    yield ("category-encoding", "words", "sparse",
           [part("CategoryEncoding", num_tokens=8, output_mode="count"), dense(5, "tanh"), CLASSES],
           sgd(0.1, weight_decay=0.01), SPARSE)
    yield ("constraints-l1", "vectors", "positive",
           [dense(6, "tanh", kernel_constraint=inner("MaxNorm", max_value=0.8, axis=0),
                  kernel_regularizer=inner("OrthogonalRegularizer", factor=0.01, mode="rows")),
            dense(5, "tanh", kernel_constraint=inner("UnitNorm", axis=0),
                  kernel_regularizer=inner("L1", l1=1e-3)),
            dense(5, "softplus",
                  kernel_constraint=inner("MinMaxNorm", min_value=0.3, max_value=0.9, rate=0.5,
                                          axis=0)),
            dense(2, "softplus", kernel_constraint=inner("NonNeg"))],
           sgd(0.1, momentum=0.5), part("MeanSquaredLogarithmicError"))
    yield ("lion-poisson", "vectors", "counts", [dense(5, "tanh"), dense(2, "softplus")],
           part("Lion", learning_rate=0.003), part("Poisson"))
    yield ("divergence", "vectors", "one-hot", [dense(5, "tanh"), CLASSES],
           part("AdamW", learning_rate=0.01, epsilon=1e-3), part("KLDivergence"))
    yield ("cosine", "vectors", "smooth",
           [dense(5, "tanh"), part("BatchNormalization"), dense(2)],
           part("RMSprop", learning_rate=0.01, momentum=0.9, epsilon=1e-3),
           part("CosineSimilarity"))
    yield ("circle", "vectors", "sparse", [dense(5, "tanh"), dense(4, "tanh")], sgd(0.02),
           part("Circle", gamma=2.0))
    yield ("tversky", "vectors", "one-hot", [dense(5, "tanh"), CLASSES], sgd(0.2),
           part("Tversky", alpha=0.4, beta=0.7))


def texts():
    yield ("texts-ctc", "steps", "texts",
           [part("Bidirectional", layer=inner("GRU", units=4, return_sequences=True)),
            dense(6, "tanh"), dense(4)],
           part("Adam", learning_rate=0.02, epsilon=1e-3), part("CTC"))


def built(spec):
    """A Keras object of a spec; regularizers and constraints stay as Keras reads them itself."""
    if not isinstance(spec, dict) or "class_name" in spec and not hasattr(
            keras.layers, spec["class_name"]):
        return spec
    kind = spec.get("class") or spec["class_name"]
    config = {key: built(value) for key, value in spec["config"].items()}
    for home in (keras.layers, keras.optimizers, keras.losses, keras.optimizers.schedules):
        if hasattr(home, kind):
            return getattr(home, kind)(**config)
    raise ValueError(kind)


def model_of(layers, x):
    start = keras.Input(x.shape[1:], dtype=x.dtype.name)
    if not any("inputs" in spec for spec in layers):
        return keras.Sequential([start, *(built(spec) for spec in layers)])
    values, last = {"input": start}, None
    for spec in layers:
        feeds = [values[name] for name in spec["inputs"]]
        causal = {"use_causal_mask": spec["causal"]} if "causal" in spec else {}
        kind = spec["class"]
        if kind == "MultiHeadAttention":
            result = built(spec)(*feeds, **causal)
        elif kind == "LSTM" and len(feeds) > 1:
            result = built(spec)(feeds[0], initial_state=feeds[1:])
        else:
            result = built(spec)(feeds if len(feeds) > 1 else feeds[0], **causal)
        name = spec["config"]["name"]
        results = list(result) if isinstance(result, (list, tuple)) else [result]
        last = values[name] = results[0]
        values |= {f"{name}:{i}": each for i, each in enumerate(results)}
    return keras.Model(start, last)


def run(number, name, data, target, layers, optimizer, loss, out):
    keras.backend.clear_session()
    keras.utils.set_random_seed(300 + number)
    x = inputs(data)
    y = (x[..., None] / 8).astype(np.float32) if target == "each-step-of-words" else targets(target, x)
    model = model_of(layers, x)
    optimizer = built(optimizer)
    rule = keras.optimizers.serialize(optimizer)
    # While training on JAX, Keras's metrics do not see the mask that its loss sees.
    measured = y.dtype == np.float32 and target != "each-step-of-words"
    model.compile(optimizer, built(loss),
                  metrics=[keras.metrics.MeanAbsoluteError()] if measured else [])
    arrays = {"x": x, "y": y}

    def store(prefix):
        for i, weight in enumerate(weights):
            arrays[f"{prefix}/{i}"] = np.asarray(weight.value)

    # Keras counts the states of random numbers among the weights; they are no business of others.
    weights = [w for w in model.weights if w.dtype == "float32"]
    store("initial")
    arrays["predict-initial"] = model.predict(x[:8], verbose=0)
    history = model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0).history
    store("final")
    arrays["predict"] = model.predict(x[:8], verbose=0)
    evaluated = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True)
    save_npz(out / "training" / f"{name}.npz", arrays)
    print(f"{name:32} {history['loss'][0]:.4f} -> {history['loss'][-1]:.4f}", flush=True)
    return {
        "name": name, "data": data, "layers": plain(layers), "optimizer": plain(rule), "loss": loss,
        "metrics": ["MeanAbsoluteError"] if len(history) > 1 else [], "batch_size": BATCH,
        "epochs": EPOCHS, "params": int(sum(np.prod(w.shape) for w in weights)),
        "weights": [{"path": w.path, "shape": list(w.shape), "dtype": w.dtype,
                     "trainable": bool(w.trainable)} for w in weights],
        "history": {k: [float(v) for v in values] for k, values in history.items()},
        "evaluate": {k: float(v) for k, v in evaluated.items()},
    }


def write(out):
    rows = [row for group in (recurrent, attention, convolutions, vectors, texts) for row in group()]
    index = [run(number, *row, out) for number, row in enumerate(rows)]
    save_json(out / "networks.json", {"keras": keras.__version__, "networks": index})
