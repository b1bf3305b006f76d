"""layers.npz and layers.json: every layer in its variants, with gradients, and what it is by default.

A row of the table is a class, its configuration as Keras takes it, and the shapes of its inputs.
"""

import inspect

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers

from make_golden import save_json, save_npz

CASES = []


def case(kind, shapes, training=False, masks=None, low=-2.0, high=2.0, data=None, **config):
    """`shapes` of the inputs; `masks` are lists of 0 and 1, or None; `data` stands for the inputs."""
    shapes = [shapes] if isinstance(shapes, tuple) else shapes
    CASES.append((kind, config, shapes, training, masks, (low, high), data))


def convolutions():
    line, picture = (2, 9, 4), (2, 7, 6, 4)
    for padding in ("valid", "same", "causal"):
        case("Conv1D", line, filters=6, kernel_size=3, padding=padding)
        case("Conv1D", line, filters=6, kernel_size=4, padding=padding, strides=2)
        case("Conv1D", line, filters=6, kernel_size=2, padding=padding, dilation_rate=3)
    case("Conv1D", line, filters=6, kernel_size=3, groups=2, activation="tanh", use_bias=False)
    for padding in ("valid", "same"):
        case("Conv2D", picture, filters=6, kernel_size=3, padding=padding)
        case("Conv2D", picture, filters=6, kernel_size=(2, 3), padding=padding, strides=(2, 1))
        case("Conv2D", picture, filters=6, kernel_size=(3, 2), padding=padding, dilation_rate=2)
        case("DepthwiseConv2D", picture, kernel_size=3, padding=padding)
        case("DepthwiseConv2D", picture, kernel_size=(2, 3), padding=padding, strides=2,
             depth_multiplier=2)
        case("DepthwiseConv2D", picture, kernel_size=3, padding=padding, dilation_rate=(1, 2),
             activation="relu")
        case("SeparableConv2D", picture, filters=5, kernel_size=3, padding=padding)
        case("SeparableConv2D", picture, filters=5, kernel_size=(3, 2), padding=padding, strides=2,
             depth_multiplier=3, activation="tanh")
        case("SeparableConv2D", picture, filters=5, kernel_size=2, padding=padding, dilation_rate=2,
             use_bias=False)
        for kernel, strides in ((3, 1), (3, 2), (2, 2), (4, 3), (2, 3), (1, 2), (5, 2)):
            case("Conv2DTranspose", (2, 4, 3, 4), filters=5, kernel_size=kernel, padding=padding,
                 strides=strides)
        case("Conv2DTranspose", (2, 4, 3, 4), filters=5, kernel_size=(3, 2), padding=padding,
             strides=(2, 3), output_padding=(1, 2), activation="relu")
        case("Conv2DTranspose", (2, 4, 3, 4), filters=5, kernel_size=(2, 3), padding=padding,
             dilation_rate=2, use_bias=False)
        case("Conv2DTranspose", (2, 4, 3, 4), filters=5, kernel_size=3, padding=padding, strides=2,
             output_padding=0)
    case("Conv2D", picture, filters=6, kernel_size=1, groups=2, activation="sigmoid")


def pooling():
    line, picture = (2, 9, 3), (2, 7, 6, 3)
    for kind in ("MaxPooling", "AveragePooling"):
        for padding in ("valid", "same"):
            case(f"{kind}1D", line, pool_size=2, padding=padding)
            case(f"{kind}1D", line, pool_size=3, strides=2, padding=padding)
            case(f"{kind}2D", picture, pool_size=2, padding=padding)
            case(f"{kind}2D", picture, pool_size=(3, 2), strides=(2, 1), padding=padding)
        for keepdims in (False, True):
            case(f"Global{kind}1D", line, keepdims=keepdims)
            case(f"Global{kind}2D", picture, keepdims=keepdims)
    case("GlobalAveragePooling1D", (2, 4, 3), masks=[[[1, 1, 0, 1], [0, 1, 0, 0]]])
    case("GlobalAveragePooling1D", (2, 4, 3), masks=[[[1, 0, 0, 1], [1, 1, 1, 1]]], keepdims=True)
    for kind in ("AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D"):
        case(kind, picture, output_size=(3, 2))
        case(kind, picture, output_size=(4, 5))


def reshaping():
    picture = (2, 5, 4, 3)
    case("Flatten", picture)
    case("Flatten", (3,))
    case("Reshape", (2, 3, 4), target_shape=(4, 3))
    case("Reshape", (2, 3, 4), target_shape=(-1, 2))
    case("Permute", (2, 3, 4), dims=(2, 1))
    case("Permute", picture, dims=(3, 1, 2))
    case("RepeatVector", (2, 3), n=4)
    case("Identity", (2, 3))
    case("ZeroPadding2D", picture)
    case("ZeroPadding2D", picture, padding=(2, 1))
    case("ZeroPadding2D", picture, padding=((1, 0), (2, 3)))
    case("Cropping2D", picture, cropping=1)
    case("Cropping2D", picture, cropping=(2, 1))
    case("Cropping2D", picture, cropping=((1, 0), (2, 1)))
    case("Cropping2D", picture)
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        case("UpSampling2D", picture, size=(2, 3), interpolation=interpolation)


def regularization():
    for kind in ("Dropout", "SpatialDropout1D", "GaussianDropout", "AlphaDropout"):
        case(kind, (2, 3, 4), rate=0.5)
    case("SpatialDropout2D", (2, 3, 4, 2), rate=0.5)
    case("GaussianNoise", (2, 3, 4), stddev=0.5)
    case("Dropout", (2, 3), training=True, rate=0.0)
    case("ActivityRegularization", (4, 3), l1=0.1, l2=0.2)
    case("Dense", (4, 3), units=2, activity_regularizer={"class_name": "L2", "config": {"l2": 0.1}})


def normalization():
    case("LayerNormalization", (3, 6))
    case("LayerNormalization", (3, 4, 5), epsilon=0.1)
    case("LayerNormalization", (3, 4, 5), axis=1)
    case("LayerNormalization", (2, 4, 3, 5), axis=[1, 2])
    case("LayerNormalization", (2, 4, 3, 5), axis=[3, 1], scale=False)
    case("LayerNormalization", (2, 4, 3, 5), axis=[-1, -2, -3], center=False)
    case("GroupNormalization", (3, 6), groups=2)
    case("GroupNormalization", (2, 4, 3, 6), groups=3, epsilon=0.1)
    case("GroupNormalization", (2, 4, 3, 6), groups=-1)
    case("GroupNormalization", (2, 4, 3, 6), groups=1, center=False)
    case("GroupNormalization", (2, 6, 4, 3), groups=2, axis=1, scale=False)
    for training in (False, True):
        case("BatchNormalization", (4, 5), training)
        case("BatchNormalization", (3, 4, 5), training, axis=1, momentum=0.8, epsilon=0.1)
        case("BatchNormalization", (3, 2, 4, 5), training, scale=False, center=False)
        case("BatchNormalization", (2, 4, 3), training, masks=[[[1, 1, 0, 1], [0, 1, 0, 0]]])


def activation_layers():
    for config in ({}, {"max_value": 1.0}, {"max_value": 6.0}, {"negative_slope": 0.2},
                   {"threshold": 0.5}, {"negative_slope": 0.2, "threshold": 0.5},
                   {"negative_slope": 0.2, "threshold": 0.5, "max_value": 1.0}):
        case("ReLU", (3, 7), **config)
    case("LeakyReLU", (3, 7))
    case("LeakyReLU", (3, 7), negative_slope=0.1)
    case("ELU", (3, 7))
    case("ELU", (3, 7), alpha=0.5)
    case("PReLU", (3, 4, 5))
    case("PReLU", (2, 4, 3, 5), shared_axes=[1, 2])
    case("Softmax", (3, 4, 5))
    case("Softmax", (3, 4, 5), axis=1)
    case("Softmax", (2, 4, 3, 5), axis=[1, 3])
    case("Softmax", (2, 4), masks=[[[1, 1, 0, 1], [0, 1, 0, 0]]])
    case("Softmax", [(2, 3, 4), (2, 3, 4)],
         data=[None, [[[1, 1, 0, 1], [0, 1, 0, 0], [1, 1, 1, 1]]] * 2])
    case("Softmax", [(2, 3, 4), (4,)], axis=1, data=[None, [1, 0, 1, 1]])


def merging():
    same, mixed = [(3, 4), (3, 4)], [(3, 5, 4), (3, 4), (3, 1, 1)]
    masks = [[[1, 1, 0], [0, 1, 0]], [[1, 0, 0], [0, 0, 1]]]
    steps = [(2, 3, 4), (2, 3, 4)]
    for kind in ("Add", "Multiply", "Average", "Maximum", "Minimum"):
        case(kind, same)
        case(kind, mixed)
        case(kind, steps, masks=masks)
        case(kind, steps, masks=[masks[0], None])
        case(kind, steps, masks=[None, masks[1]])
    case("Subtract", same)
    case("Subtract", mixed[:2])
    case("Subtract", steps, masks=masks)
    case("Concatenate", [(3, 4), (3, 2), (3, 1)])
    case("Concatenate", [(2, 3, 4), (2, 2, 4)], axis=1)
    case("Concatenate", [(2, 3, 4, 2), (2, 3, 1, 2)], axis=-2)
    case("Concatenate", steps, masks=masks)
    case("Concatenate", steps, masks=masks, axis=1)
    case("Concatenate", steps, masks=[masks[0], None])
    case("Concatenate", steps, masks=[None, masks[1]], axis=1)
    case("Dot", same, axes=1)
    case("Dot", same, axes=-1, normalize=True)
    case("Dot", [(2, 3, 4), (2, 4, 5)], axes=(2, 1))
    case("Dot", [(2, 3, 4), (2, 5, 4)], axes=2, normalize=True)
    case("Dot", [(2, 3, 4), (2, 3)], axes=1)
    case("Dot", [(2, 4), (2, 3, 5, 4)], axes=(1, 3))
    case("Dot", [(2, 2, 3, 4), (2, 3, 5)], axes=(2, 1))


def preprocessing():
    few = [[[0, 2, 2], [4, 1, 0]]]
    case("CategoryEncoding", (2, 3), data=few, num_tokens=5)
    case("CategoryEncoding", (2, 3), data=few, num_tokens=5, output_mode="one_hot")
    case("CategoryEncoding", (2, 1), data=[[[3], [1]]], num_tokens=5, output_mode="one_hot")
    case("CategoryEncoding", (2, 3), data=few, num_tokens=5, output_mode="count")
    case("CategoryEncoding", [(2, 3), (2, 3)], data=few + [[[0.5, 1, 2], [3, 0.25, 1]]],
         num_tokens=5, output_mode="count")
    case("Rescaling", (2, 3), scale=0.5, offset=1.0)
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        case("Resizing", (2, 6, 9, 2), height=4, width=13, interpolation=interpolation)
    case("Resizing", (2, 6, 9, 2), height=4, width=4, crop_to_aspect_ratio=True)
    case("Resizing", (2, 9, 6, 2), height=5, width=7, crop_to_aspect_ratio=True)
    case("Resizing", (2, 6, 9, 2), height=4, width=4, pad_to_aspect_ratio=True)
    case("Resizing", (2, 9, 6, 2), height=5, width=5, pad_to_aspect_ratio=True, fill_value=0.5)
    case("CenterCrop", (2, 6, 9, 2), height=4, width=5)
    case("CenterCrop", (2, 6, 9, 2), height=6, width=4)
    case("CenterCrop", (2, 6, 5, 2), height=4, width=8)


# What classes cannot do without, where no case of the table shows it.
REQUIRED = {}


def plain(value):
    """What JSON can hold of a configuration."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def numbers(shape, key, low=-2.0, high=2.0):
    return np.random.default_rng(key).uniform(low, high, shape).astype(np.float32)


def run(number, arrays):
    kind, config, shapes, training, masks, (low, high), data = CASES[number]
    layer = getattr(layers, kind)(**config)
    name = f"{number}-{kind}"
    inputs = [numbers(s, [number, i], low, high) for i, s in enumerate(shapes)]
    whole = [False] * len(shapes)
    for i, given in enumerate(data or []):
        if given is not None:
            inputs[i] = np.asarray(given, np.float32)
            whole[i] = True
    several = takes_several(kind)
    own_mask = kind in ("Softmax", "BatchNormalization", "GlobalAveragePooling1D")
    layer.build([x.shape for x in inputs] if several else inputs[0].shape)
    trainable = [numbers(w.shape, [number, 100 + i], 0.5 if w.name == "gamma" else -1.0, 1.5)
                 for i, w in enumerate(layer.trainable_variables)]
    # The states of random numbers stay as they are, and are no business of others.
    states = [w for w in layer.non_trainable_variables if w.dtype == "float32"]
    fixed = [numbers(w.shape, [number, 200 + i], 0.5, 1.5) for i, w in enumerate(states)]
    fixed += [w.value for w in layer.non_trainable_variables if w.dtype != "float32"]
    boolean = [None if m is None else jnp.asarray(m, bool) for m in masks or []]

    def call(values, weights):
        extra = {"training": training} if layer._call_has_training_arg else {}
        if several:
            values = [jnp.asarray(v) for v in values]
            for value, mask in zip(values, boolean):
                if mask is not None:
                    keras.src.backend.set_keras_mask(value, mask)
            return layer.stateless_call(weights, fixed, values, **extra)
        if kind == "CategoryEncoding" and len(values) > 1:
            extra["count_weights"] = values[1]
        elif len(values) > 1:
            extra["mask"] = values[1] > 0.5
        if boolean:
            extra["mask"] = boolean[0]
        return layer.stateless_call(weights, fixed, values[0], **extra)

    floating = [] if kind == "CategoryEncoding" else [i for i, w in enumerate(whole) if not w]

    def of(moving, weights):
        values = list(inputs)
        for i, value in zip(floating, moving):
            values[i] = value
        return call(values, weights)

    moving = [jnp.asarray(inputs[i]) for i in floating]
    y, pull, state = jax.vjp(of, moving, [jnp.asarray(w) for w in trainable], has_aux=True)
    seed = numbers(y.shape, [number, 300])
    gradients, of_weights = pull(jnp.asarray(seed))
    for i, x in enumerate(inputs):
        arrays[f"{name}/in{i}"] = x
    for i, m in enumerate(masks or []):
        if m is not None:
            arrays[f"{name}/mask{i}"] = np.asarray(m, np.float32)
    arrays[f"{name}/out"] = np.asarray(y)
    arrays[f"{name}/seed"] = seed
    for i, g in zip(floating, gradients):
        arrays[f"{name}/grad{i}"] = np.asarray(g)
    for i, (w, g) in enumerate(zip(trainable, of_weights)):
        arrays[f"{name}/weight{i}"] = w
        arrays[f"{name}/weightgrad{i}"] = np.asarray(g)
    for i, (w, new) in enumerate(zip(fixed[:len(states)], state)):
        arrays[f"{name}/state{i}"] = w
        arrays[f"{name}/newstate{i}"] = np.asarray(new)
    if layer.activity_regularizer is not None:
        for variable, w in zip(layer.trainable_variables, trainable):
            variable.assign(w)
        layer(inputs[0])
        arrays[f"{name}/price"] = np.asarray(sum(layer.losses), np.float32)
    if masks:
        passed = layer.compute_mask([jnp.asarray(x) for x in inputs] if several else inputs[0],
                                    boolean if several else boolean[0])
        if passed is not None:
            arrays[f"{name}/outmask"] = np.asarray(passed, np.float32)
    return {"name": name, "class": kind, "config": plain(config), "training": training,
            "inputs": len(inputs), "gradients": floating,
            "weights": [w.name for w in layer.trainable_variables],
            "states": [w.name for w in states],
            "masking": bool(layer.supports_masking)}


def takes_several(kind):
    return kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate",
                    "Dot")


def default(kind):
    """What Keras takes for everything that the constructor does not ask for."""
    given = dict(REQUIRED.get(kind, {}))
    example = next(config for k, config, *_ in CASES if k == kind)
    for name, parameter in inspect.signature(getattr(layers, kind).__init__).parameters.items():
        if name in ("self", "kwargs"):
            continue
        needed = parameter.default is inspect.Parameter.empty or name == "num_tokens"
        if needed and name in example:
            given[name] = example[name]
    config = getattr(layers, kind)(**given).get_config()
    for name, parameter in inspect.signature(getattr(layers, kind).__init__).parameters.items():
        if name not in ("self", "kwargs"):
            # ELU does not tell its alpha.
            config.setdefault(name, parameter.default)
    for key in ("name", "trainable", "dtype", "data_format"):
        config.pop(key, None)
    return {"given": plain(given), "config": plain(config)}


def write(out):
    for group in (convolutions, pooling, reshaping, regularization, normalization,
                  activation_layers, merging, preprocessing):
        group()
    arrays = {}
    rows = [run(number, arrays) for number in range(len(CASES))]
    kinds = sorted({row["class"] for row in rows})
    save_npz(out / "layers.npz", arrays)
    save_json(out / "layers.json", {"keras": keras.__version__, "cases": rows,
                                    "defaults": {kind: default(kind) for kind in kinds}})
    print(len(rows), "cases of", len(kinds), "layers")
