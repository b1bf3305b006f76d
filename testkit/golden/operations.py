"""ops.npz and ops.json: forward values and input gradients of single operations and losses."""

import itertools

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import ops

from make_golden import save_json, save_npz

CASES = []


def case(name, op, function, arrays, **config):
    """One row of the table: `function` takes the arrays and returns one array or several."""
    CASES.append((name, op, function, arrays, config))


def floats(*shape, seed=0, low=-2.0, high=2.0):
    return np.random.default_rng([len(CASES), seed]).uniform(low, high, shape).astype(np.float32)


def probabilities(*shape):
    values = floats(*shape, seed=7, low=0.05, high=1.0)
    return values / values.sum(-1, keepdims=True, dtype=np.float32)


def unary():
    for name, function in {
        "relu": ops.relu, "sigmoid": ops.sigmoid, "tanh": ops.tanh, "exp": ops.exp,
        "negative": ops.negative, "square": ops.square, "abs": ops.abs,
    }.items():
        case(name, name, function, [floats(3, 5)])
    case("sigmoid-large", "sigmoid", ops.sigmoid,
         [np.array([-200, -30, -8, 0, 8, 30, 200], np.float32)])
    case("relu-zero", "relu", ops.relu, [np.array([-1, -0.0, 0, 1], np.float32)])
    for name, function in {"log": ops.log, "sqrt": ops.sqrt, "rsqrt": ops.rsqrt,
                           "reciprocal": ops.reciprocal}.items():
        case(name, name, function, [floats(3, 5, low=0.1, high=4)])
    for name, function in {"softmax": ops.softmax, "log_softmax": ops.log_softmax}.items():
        case(name, name, function, [floats(4, 6)], axis=-1)
        case(f"{name}-rank4", name, function, [floats(2, 3, 3, 4)], axis=-1)
        case(f"{name}-large", name, function,
             [np.array([[1000, 999, 0], [-1000, 0, 1], [80, 80, 80]], np.float32)], axis=-1)


def binary():
    shapes = {"same": ((3, 4), (3, 4)), "row": ((3, 4), (4,)), "column": ((3, 4), (3, 1)),
              "scalar": ((3, 4), ()), "both": ((3, 1, 4), (1, 5, 4)), "channels": ((2, 3, 3, 5), (5,))}
    for name, function in {"add": ops.add, "subtract": ops.subtract, "multiply": ops.multiply,
                           "divide": ops.divide, "maximum": ops.maximum,
                           "minimum": ops.minimum}.items():
        for kind, (a, b) in shapes.items():
            right = floats(*b, seed=1, low=0.5, high=2) * (1 if name == "divide" else -1)
            case(f"{name}-{kind}", name, function, [floats(*a), right])
    case("matmul", "matmul", ops.matmul, [floats(5, 7), floats(7, 3, seed=1)])
    case("matmul-vector", "matmul", ops.matmul, [floats(1, 9), floats(9, 1, seed=1)])


def convolutions():
    channels = itertools.cycle([(1, 8), (3, 8), (8, 12), (12, 3)])

    def conv(suffix, x, w, stride=1, padding="valid", dilation=1):
        # JAX counts groups from the shapes; Keras hands them on.
        case(f"conv2d-{suffix}", "conv2d",
             lambda a, b: ops.conv(a, b, strides=stride, padding=padding, dilation_rate=dilation),
             [x, w], strides=[stride, stride], padding=padding, dilation=[dilation, dilation],
             groups=x.shape[-1] // w.shape[-2])

    for kernel, stride, padding in itertools.product((1, 3, 5, 6), (1, 2), ("same", "valid")):
        size, (a, b) = (9, 8) if kernel < 5 else (8, 7), next(channels)
        conv(f"{kernel}x{kernel}-stride{stride}-{padding}-{a}to{b}", floats(2, *size, a),
             floats(kernel, kernel, a, b, seed=1, low=-0.5, high=0.5), stride, padding)
    for padding in ("same", "valid"):
        conv(f"3x3-dilation2-{padding}", floats(2, 9, 8, 3),
             floats(3, 3, 3, 8, seed=1, low=-0.5, high=0.5), 1, padding, 2)
        conv(f"3x3-groups2-{padding}", floats(2, 7, 6, 8),
             floats(3, 3, 4, 12, seed=1, low=-0.5, high=0.5), 1, padding)
    conv("2x4-same", floats(2, 6, 7, 3), floats(2, 4, 3, 8, seed=1), 1, "same")


def pools():
    for name, function in {"max_pool": ops.max_pool, "average_pool": ops.average_pool}.items():
        for (pool, stride), padding in itertools.product(((2, 2), (3, 2), (2, 1)), ("same", "valid")):
            for size in ((8, 6), (7, 9)):
                case(f"{name}-{pool}x{pool}-stride{stride}-{padding}-{size[0]}x{size[1]}", name,
                     lambda x, f=function, p=pool, s=stride, d=padding: f(x, p, s, d),
                     [floats(2, *size, 3)], pool=[pool, pool], strides=[stride, stride],
                     padding=padding)
    case("global_average_pool", "global_average_pool",
         lambda x: ops.mean(x, axis=(1, 2)), [floats(2, 5, 4, 3)])


def batch_norm():
    def norm(name, shape, training=True, momentum=0.99, epsilon=1e-3):
        c = shape[-1]

        def function(x, gamma, beta, mean, variance):
            layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
            layer.build(shape)
            y, (new_mean, new_variance) = layer.stateless_call(
                [gamma, beta], [mean, variance], x, training=training)
            return y, jax.lax.stop_gradient(new_mean), jax.lax.stop_gradient(new_variance)

        case(f"batch_norm-{name}", "batch_norm", function,
             [floats(*shape, low=-1, high=3), floats(c, seed=1, low=0.5, high=1.5), floats(c, seed=2),
              floats(c, seed=3), floats(c, seed=4, low=0.5, high=2)],
             training=training, momentum=momentum, epsilon=epsilon,
             inputs=["x", "gamma", "beta", "moving_mean", "moving_variance"],
             outputs=["y", "new_moving_mean", "new_moving_variance"])

    norm("rank4", (4, 3, 5, 6))
    norm("rank2", (8, 5))
    norm("momentum", (6, 4, 4, 3), momentum=0.8, epsilon=1e-5)
    norm("inference", (4, 3, 3, 5), training=False)


def reductions():
    for name, function in {"sum": ops.sum, "mean": ops.mean, "max": ops.max, "min": ops.min}.items():
        for suffix, axis, keep in (("all", None, False), ("last", [-1], False), ("first", [0], True),
                                   ("middle", [1, 2], False), ("middle-keep", [1, 2], True)):
            case(f"{name}-{suffix}", name,
                 lambda x, f=function, a=axis, k=keep: f(x, axis=None if a is None else tuple(a),
                                                         keepdims=k),
                 [floats(3, 2, 4, 5)], axis=axis, keepdims=keep)
    for axis in (-1, 0):
        case(f"argmax{axis}", "argmax", lambda x, a=axis: ops.argmax(x, axis=a), [floats(4, 6)],
             axis=axis)
    case("argmax-ties", "argmax", lambda x: ops.argmax(x, axis=-1),
         [np.array([[1, 3, 3], [2, 2, 2], [0, -1, 0]], np.float32)], axis=-1)


def losses():
    def loss(name, kind, truth, prediction, **config):
        function = getattr(keras.losses, kind)(**config)
        case(f"loss-{name}", kind, lambda t, p: function(t, p), [truth, prediction], **config)

    labels = np.array([0, 3, 1, 4, 2, 2], np.int32)
    one_hot = np.eye(5, dtype=np.float32)[labels]
    bits = np.array([[0, 1, 1], [1, 0, 1]], np.float32)
    for logits in (True, False):
        suffix = "logits" if logits else "probabilities"
        prediction = floats(6, 5) if logits else probabilities(6, 5)
        loss(f"categorical-{suffix}", "CategoricalCrossentropy", one_hot, prediction,
             from_logits=logits)
        loss(f"categorical-smoothed-{suffix}", "CategoricalCrossentropy", one_hot, prediction,
             from_logits=logits, label_smoothing=0.1)
        loss(f"sparse-{suffix}", "SparseCategoricalCrossentropy", labels, prediction,
             from_logits=logits)
        loss(f"binary-{suffix}", "BinaryCrossentropy", bits,
             floats(2, 3) if logits else floats(2, 3, low=0.05, high=0.95), from_logits=logits)
    loss("categorical-unnormalised", "CategoricalCrossentropy", one_hot,
         floats(6, 5, low=0.1, high=2), from_logits=False)
    loss("sparse-clipped", "SparseCategoricalCrossentropy", np.array([0, 1], np.int32),
         np.array([[1, 0], [1, 0]], np.float32), from_logits=False)
    loss("binary-clipped", "BinaryCrossentropy", bits,
         np.array([[0, 1, 0], [1, 1, 1]], np.float32), from_logits=False)
    loss("sparse-large-logits", "SparseCategoricalCrossentropy", np.array([0, 1], np.int32),
         np.array([[500, -500], [500, -500]], np.float32), from_logits=True)
    loss("binary-large-logits", "BinaryCrossentropy", bits,
         np.array([[90, -90, 0], [90, 90, -90]], np.float32), from_logits=True)
    for kind in ("MeanSquaredError", "MeanAbsoluteError"):
        for reduction in ("sum_over_batch_size", "sum"):
            loss(f"{kind}-{reduction}", kind, floats(4, 3), floats(4, 3, seed=1),
                 reduction=reduction)


def write(out):
    for group in (unary, binary, convolutions, pools, batch_norm, reductions, losses):
        group()
    save(out, "ops")


def save(out, table):
    """Computes the cases collected so far and writes them as a table of this name."""
    arrays, index = {}, []
    for name, op, function, inputs, config in CASES:
        floating = [i for i, x in enumerate(inputs) if x.dtype == np.float32]
        if op == "argmax":
            floating = []
        elif config.get("from_logits") is not None or op.startswith("Mean"):
            floating = [1]

        def of_floats(*values):
            full = list(inputs)
            for i, value in zip(floating, values):
                full[i] = value
            result = function(*[jnp.asarray(x) for x in full])
            return result if isinstance(result, tuple) else (result,)

        def put(kind, number, array):
            arrays[f"{name}/{kind}{number}"] = np.asarray(array)

        for i, x in enumerate(inputs):
            put("in", i, x)
        gradients = {}
        if floating:
            outputs, pull = jax.vjp(of_floats, *[jnp.asarray(inputs[i]) for i in floating])
            seeds = tuple(
                jnp.ones(y.shape, y.dtype) if y.ndim == 0 else
                jnp.asarray(np.random.default_rng([len(arrays), k]).uniform(-1, 1, y.shape),
                            y.dtype)
                for k, y in enumerate(outputs))
            gradients = dict(zip(floating, pull(seeds)))
            put("seed", 0, seeds[0])
        else:
            outputs = of_floats()
        for i, y in enumerate(outputs):
            put("out", i, y)
        if op == "batch_norm":
            gradients = {i: g for i, g in gradients.items() if i < 3}
        for i, g in gradients.items():
            put("grad", i, g)
        index.append({"name": name, "op": op, "config": config, "inputs": len(inputs),
                      "outputs": len(outputs), "gradients": sorted(gradients)})
    save_npz(out / f"{table}.npz", arrays)
    save_json(out / f"{table}.json", {"keras": keras.__version__, "cases": index})
    print(len(index), "operations in", table)
    CASES.clear()
