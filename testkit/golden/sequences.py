"""sequences.npz and sequences.json: layers of sequences, with masks, states and gradients.

A row is a class, its configuration as Keras takes it, its inputs, and what its call is given.
"""

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers

from layers import numbers, plain
from make_golden import save_json, save_npz

CASES = []
MASK = [[1, 1, 0, 1], [0, 1, 0, 0], [1, 1, 1, 1]]
LINE = (3, 4, 5)


def case(kind, shapes, masks=None, states=0, causal=False, data=None, training=False, **config):
    """`states` is how many of the inputs are those to begin with."""
    shapes = [shapes] if isinstance(shapes, tuple) else shapes
    CASES.append((kind, config, shapes, masks, states, causal, data, training))


def inner(kind, **config):
    return {"class_name": kind, "config": config}


def recurrent():
    for kind, states in (("SimpleRNN", 1), ("LSTM", 2), ("GRU", 1)):
        begin = [LINE] + [(3, 3)] * states
        case(kind, LINE, units=3)
        case(kind, LINE, units=3, return_state=True, return_sequences=True)
        case(kind, LINE, units=3, return_state=True, go_backwards=True)
        case(kind, LINE, units=3, go_backwards=True, return_sequences=True, use_bias=False)
        case(kind, begin, units=3, states=states, return_sequences=True, return_state=True,
             masks=[MASK])
        for go_backwards in (False, True):
            case(kind, LINE, units=3, masks=[MASK], go_backwards=go_backwards,
                 return_sequences=True, return_state=True)
            case(kind, LINE, units=3, masks=[MASK], go_backwards=go_backwards,
                 return_sequences=True, zero_output_for_mask=True)
        case(kind, LINE, units=3, masks=[MASK], zero_output_for_mask=True)
        case(kind, LINE, units=2, dropout=0.5, recurrent_dropout=0.5)
        # Keras's SimpleRNN forgets the regularizer that it is given.
        case(kind, LINE, units=2, **({"activation": "sigmoid"} if kind == "SimpleRNN" else
                                     {"activity_regularizer": inner("L2", l2=0.1)}))
    for reset_after in (False, True):
        case("GRU", LINE, units=3, reset_after=reset_after, recurrent_activation="tanh")
        case("GRU", [LINE, (3, 3)], states=1, units=3, reset_after=reset_after, masks=[MASK],
             return_sequences=True, go_backwards=True)
        case("GRU", LINE, units=3, reset_after=reset_after, use_bias=False)
    case("LSTM", LINE, units=3, recurrent_activation="tanh", unit_forget_bias=False)


def bidirectional():
    for mode in ("concat", "sum", "mul", "ave", None):
        for sequences in (False, True):
            kind = "LSTM" if sequences else "GRU"
            case("Bidirectional", LINE, layer=inner(kind, units=2, return_sequences=sequences),
                 merge_mode=mode, masks=[MASK] if sequences else None)
    case("Bidirectional", LINE, layer=inner("LSTM", units=2, return_state=True))
    case("Bidirectional", LINE, layer=inner("SimpleRNN", units=2, return_state=True), merge_mode=None)
    case("Bidirectional", [LINE] + [(3, 2)] * 4, states=4,
         layer=inner("LSTM", units=2, return_sequences=True, return_state=True), masks=[MASK])
    case("Bidirectional", LINE, layer=inner("SimpleRNN", units=2), merge_mode="sum",
         backward_layer=inner("SimpleRNN", units=2, go_backwards=True, activation="sigmoid",
                              name="other"))


def wrapped():
    case("TimeDistributed", LINE, layer=inner("Dense", units=3, activation="tanh"))
    case("TimeDistributed", LINE, layer=inner("Dense", units=3), masks=[MASK])
    case("TimeDistributed", (2, 3, 4, 4, 2), layer=inner("Conv2D", filters=2, kernel_size=3))
    case("TimeDistributed", (2, 3, 4, 2), layer=inner("LSTM", units=2))
    case("TimeDistributed", (2, 3, 4), layer=inner("BatchNormalization"))


def words():
    text = [[3, 0, 1, 3], [0, 0, 2, 4]]
    case("Embedding", (2, 4), data=[text], input_dim=5, output_dim=3)
    case("Embedding", (2, 4), data=[text], input_dim=5, output_dim=3, mask_zero=True)
    case("Embedding", (2, 2, 4), data=[[text, text]], input_dim=5, output_dim=2)
    case("Embedding", (2,), data=[[1, 4]], input_dim=5, output_dim=2,
         activity_regularizer=inner("L2", l2=0.1))
    steps = [[[0, 0], [1, 0], [0, 2]], [[0, 0], [0, 0], [-1, 1]]]
    case("Masking", (2, 3, 2), data=[steps])
    case("Masking", (2, 3, 2), data=[np.asarray(steps) + 0.5], mask_value=0.5)


def attention():
    query, value = (2, 3, 4), (2, 5, 6)
    ofs = [[[1, 1, 0], [1, 0, 1]], [[1, 0, 1, 1, 0], [1, 1, 1, 0, 0]], [[1, 1, 1, 0, 1], [0, 1, 1, 1, 1]]]
    # Keras's fused attention on JAX takes no other size of values; dropout makes it take its own.
    other = {"value_dim": 2, "dropout": 0.5}
    for config in ({}, {"use_bias": False}, other, {"output_shape": 5},
                   other | {"output_shape": 2, "use_bias": False}):
        case("MultiHeadAttention", [query, value], num_heads=2, key_dim=3, **config)
    case("MultiHeadAttention", [query, value, (2, 5, 3)], num_heads=2, key_dim=3)
    case("MultiHeadAttention", [query, query], num_heads=1, key_dim=2, causal=True)
    case("MultiHeadAttention", [query, value], num_heads=3, key_dim=2, causal=True)
    case("MultiHeadAttention", [query, value], num_heads=2, key_dim=2, masks=ofs[:2])
    case("MultiHeadAttention", [query, value, (2, 5, 3)], num_heads=2, key_dim=2, masks=ofs)
    case("MultiHeadAttention", [query, value], num_heads=2, key_dim=2, masks=[None, ofs[1]])
    case("MultiHeadAttention", [query, value], num_heads=2, key_dim=2, masks=[ofs[0], None],
         causal=True)
    allowed = [[[1, 0, 1, 1, 0], [0, 1, 1, 0, 0], [1, 1, 1, 1, 1]],
               [[0, 0, 1, 0, 0], [1, 1, 0, 1, 1], [0, 1, 0, 1, 0]]]
    case("MultiHeadAttention", [query, value, value, (2, 3, 5)], num_heads=2, key_dim=2,
         data=[None, None, None, allowed])
    for config in ({}, {"use_scale": True}, {"score_mode": "concat"},
                   {"score_mode": "concat", "use_scale": True}):
        case("Attention", [query, (2, 5, 4)], **config)
        case("Attention", [query, (2, 5, 6), (2, 5, 4)], causal=True, **config)
        case("Attention", [query, (2, 5, 4)], masks=ofs[:2], **config)
    case("Attention", [query, (2, 5, 4)], masks=[None, ofs[1]], causal=True)
    case("Attention", [query, (2, 5, 4)], masks=[ofs[0], None])


def built(config):
    return {key: getattr(layers, value["class_name"])(**value["config"])
            if key in ("layer", "backward_layer") else value for key, value in config.items()}


def run(number, arrays):
    kind, config, shapes, masks, states, causal, data, training = CASES[number]
    keras.backend.clear_session()
    layer = getattr(layers, kind)(**built(config))
    name = f"{number}-{kind}"
    inputs = [numbers(s, [number, i]) for i, s in enumerate(shapes)]
    given = [v is not None for v in data or []] + [False] * len(shapes)
    for i, values in enumerate(data or []):
        if values is not None:
            inputs[i] = np.asarray(values, np.float32)
    boolean = [None if m is None else jnp.asarray(m, bool) for m in masks or []]
    boolean += [None] * (len(shapes) - len(boolean))

    def arguments(values):
        if kind == "MultiHeadAttention":
            for value, mask in zip(values, boolean):
                if mask is not None:
                    keras.src.backend.set_keras_mask(value, mask)
            named = {f"{part}_mask": mask for part, mask in zip(("query", "value", "key"), boolean)}
            if len(values) > 3:
                named["attention_mask"] = values[3] > 0.5
            return values[:3], named | {"use_causal_mask": causal}
        if kind == "Attention":
            masked = any(m is not None for m in boolean)
            return [values], {"mask": boolean if masked else None, "use_causal_mask": causal}
        named = {}
        if states:
            named["initial_state"] = values[1:]
        if masks:
            named["mask"] = boolean[0]
        return values[:1], named

    shown = [keras.KerasTensor(x.shape) for x in inputs]
    if kind == "MultiHeadAttention":
        layer(*shown[:3])
    elif kind == "Attention":
        layer(shown)
    else:
        layer(shown[0], **({"initial_state": shown[1:]} if states else {}))
    trainable = [numbers(w.shape, [number, 100 + i], -1.0, 1.0)
                 for i, w in enumerate(layer.trainable_variables)]
    kept = [w for w in layer.non_trainable_variables if w.dtype == "float32"]
    fixed = [numbers(w.shape, [number, 200 + i], 0.5, 1.5) for i, w in enumerate(kept)]
    fixed += [w.value for w in layer.non_trainable_variables if w.dtype != "float32"]
    if kind == "Masking":
        given[0] = True
    floating = [i for i in range(len(inputs)) if not given[i]]

    def of(moving, weights):
        values = [jnp.asarray(x) for x in inputs]
        for i, value in zip(floating, moving):
            values[i] = value
        first, named = arguments(values)
        if layer._call_has_training_arg:
            named["training"] = training
        results, _ = layer.stateless_call(weights, fixed, *first, **named)
        return jax.tree.leaves(results)

    moving = [jnp.asarray(inputs[i]) for i in floating]
    known = [jnp.asarray(w) for w in trainable]
    seeds = [numbers(y.shape, [number, 300 + i])
             for i, y in enumerate(jax.eval_shape(of, moving, known))]

    @jax.jit
    def both(moving, weights):
        results, pull = jax.vjp(of, moving, weights)
        return results, *pull([jnp.asarray(s) for s in seeds])

    results, gradients, of_weights = both(moving, known)
    for i, x in enumerate(inputs):
        arrays[f"{name}/in{i}"] = x
    for i, m in enumerate(masks or []):
        if m is not None:
            arrays[f"{name}/mask{i}"] = np.asarray(m, np.float32)
    for i, (y, seed) in enumerate(zip(results, seeds)):
        arrays[f"{name}/out{i or ''}"] = np.asarray(y)
        arrays[f"{name}/seed{i or ''}"] = seed
    for i, g in zip(floating, gradients):
        arrays[f"{name}/grad{i}"] = np.asarray(g)
    for i, (w, g) in enumerate(zip(trainable, of_weights)):
        arrays[f"{name}/weight{i}"] = w
        arrays[f"{name}/weightgrad{i}"] = np.asarray(g)
    for i, w in enumerate(fixed[:len(kept)]):
        arrays[f"{name}/state{i}"] = w
    if getattr(layer, "activity_regularizer", None) is not None:
        for variable, w in zip(layer.trainable_variables, trainable):
            variable.assign(w)
        layer(jnp.asarray(inputs[0]))
        arrays[f"{name}/price"] = np.asarray(sum(layer.losses), np.float32)
    passed = boolean[0]
    if kind not in ("MultiHeadAttention", "Attention", "TimeDistributed"):
        passed = layer.compute_mask(jnp.asarray(inputs[0]), boolean[0])
        passed = passed[0] if isinstance(passed, (list, tuple)) else passed
    if passed is not None:
        arrays[f"{name}/outmask"] = np.asarray(passed, np.float32)
    if causal:
        config = config | {"causal": True}
    return {"name": name, "class": kind, "config": plain(config), "training": training,
            "inputs": len(inputs), "results": len(results), "gradients": floating,
            "weights": [w.path.split("/", 1)[1] for w in layer.trainable_variables],
            "states": [w.path.split("/", 1)[1] for w in kept],
            "masking": bool(layer.supports_masking)}


def write(out):
    for group in (recurrent, bidirectional, wrapped, words, attention):
        group()
    arrays = {}
    rows = [run(number, arrays) for number in range(len(CASES))]
    save_npz(out / "sequences.npz", arrays)
    save_json(out / "sequences.json", {"keras": keras.__version__, "cases": rows})
    print(len(rows), "cases of layers of sequences")
