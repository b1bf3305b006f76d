"""training_parts.json and training_parts.npz: activations, schedules, constraints, regularizers,
initializers and optimizers, each by itself."""

import keras
import numpy as np
from keras import activations, constraints, initializers, ops, optimizers, regularizers
from keras.optimizers import schedules

from make_golden import save_json, save_npz

ACTIVATIONS = [
    ("linear", {}), ("relu", {}), ("sigmoid", {}), ("softmax", {}), ("tanh", {}), ("elu", {}),
    ("elu", {"alpha": 0.5}), ("selu", {}), ("celu", {}), ("celu", {"alpha": 2.0}),
    ("leaky_relu", {}), ("leaky_relu", {"negative_slope": 0.01}), ("relu6", {}), ("softplus", {}),
    ("softsign", {}), ("gelu", {}), ("gelu", {"approximate": True}), ("silu", {}), ("swish", {}),
    ("hard_sigmoid", {}), ("hard_silu", {}), ("hard_swish", {}), ("hard_tanh", {}),
    ("exponential", {}), ("mish", {}), ("log_softmax", {}), ("log_sigmoid", {}),
    ("hard_shrink", {}), ("hard_shrink", {"threshold": 1.0}), ("soft_shrink", {}),
    ("soft_shrink", {"threshold": 1.0}), ("tanh_shrink", {}), ("sparse_plus", {}),
    ("sparse_sigmoid", {}), ("squareplus", {}), ("squareplus", {"b": 1.0}),
    ("threshold", {"threshold": 0.5, "default_value": -2.0}),
    ("relu", {"negative_slope": 0.1}), ("relu", {"max_value": 3.0}), ("relu", {"max_value": 6.0}),
    ("relu", {"threshold": 1.0}),
    ("relu", {"negative_slope": 0.1, "max_value": 6.0}),
    ("relu", {"negative_slope": 0.2, "max_value": 3.0, "threshold": 1.0}),
    ("glu", {}), ("glu", {"axis": 1}),
]

SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9,
                          "staircase": True}),
    ("PiecewiseConstantDecay", {"boundaries": [10, 20, 21], "values": [1.0, 0.5, 0.25, 0.1]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "power": 2.0,
                         "end_learning_rate": 0.01}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 13, "power": 0.5,
                         "end_learning_rate": 0.0, "cycle": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 2.0,
                          "staircase": True}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 20, "warmup_target": 0.1,
                     "warmup_steps": 10}),
    ("CosineDecay", {"initial_learning_rate": 0.02, "decay_steps": 20, "alpha": 0.2,
                     "warmup_target": 0.1, "warmup_steps": 0}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 8}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1.0,
                             "m_mul": 0.8, "alpha": 0.1}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 7, "t_mul": 1.5,
                             "m_mul": 0.5}),
]
STEPS = [*range(0, 66), 100, 127, 128, 1000, 100_000]

CONSTRAINTS = [
    ("NonNeg", {}), ("MaxNorm", {}), ("MaxNorm", {"max_value": 0.7, "axis": 1}),
    ("MaxNorm", {"max_value": 1.0, "axis": [0, 1, 2]}), ("UnitNorm", {}),
    ("UnitNorm", {"axis": -1}), ("UnitNorm", {"axis": [0, 1, 2]}),
    ("MinMaxNorm", {}), ("MinMaxNorm", {"min_value": 1.0, "max_value": 2.0, "rate": 0.3}),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 1.5, "axis": [0, 1, 2]}),
]

REGULARIZERS = [
    ("L1", {}), ("L2", {}), ("L1L2", {"l1": 0.02, "l2": 0.03}), ("OrthogonalRegularizer", {}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "columns"}),
]

INITIALIZERS = [
    ("Zeros", {}), ("Ones", {}), ("Constant", {"value": 0.3}), ("RandomNormal", {}),
    ("RandomNormal", {"mean": 1.0, "stddev": 2.0}), ("RandomUniform", {}),
    ("RandomUniform", {"minval": -1.0, "maxval": 3.0}), ("TruncatedNormal", {}),
    ("TruncatedNormal", {"mean": 1.0, "stddev": 2.0}), ("GlorotUniform", {}), ("GlorotNormal", {}),
    ("HeUniform", {}), ("HeNormal", {}), ("LecunUniform", {}), ("LecunNormal", {}),
    ("VarianceScaling", {}),
    ("VarianceScaling", {"scale": 3.0, "mode": "fan_out", "distribution": "untruncated_normal"}),
    ("VarianceScaling", {"scale": 0.5, "mode": "fan_avg", "distribution": "uniform"}),
    ("Orthogonal", {}), ("Orthogonal", {"gain": 2.0}), ("Identity", {}), ("Identity", {"gain": 3.0}),
]
# Kernels of a dense layer and of a convolution, wide ones and a vector.
SHAPES = [(300, 100), (60, 500), (3, 5, 20, 60), (4000,)]

RULES = [
    ("SGD", {"learning_rate": 0.1}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("RMSprop", {"learning_rate": 0.01}),
    ("RMSprop", {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "centered": True}),
    ("Adam", {"learning_rate": 0.01}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.5, "epsilon": 1e-3, "amsgrad": True}),
    ("AdamW", {"learning_rate": 0.01}),
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1, "beta_2": 0.5, "amsgrad": True}),
    ("Nadam", {"learning_rate": 0.01}),
    ("Nadam", {"learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}),
    ("Adagrad", {"learning_rate": 0.1}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 1e-3}),
    ("Adamax", {"learning_rate": 0.01}),
    ("Adamax", {"learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.5, "epsilon": 1e-2}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.5, "epsilon": 1e-3}),
    ("Lion", {"learning_rate": 0.01}),
    ("Lion", {"learning_rate": 0.01, "beta_1": 0.6, "beta_2": 0.8}),
    ("Lamb", {"learning_rate": 0.01}),
    ("Lamb", {"learning_rate": 0.01, "beta_1": 0.7, "beta_2": 0.5, "epsilon": 1e-3}),
]
# The plain form of each rule, and what every optimizer has.
PLAIN = [rule for i, rule in enumerate(RULES) if i == 0 or RULES[i - 1][0] != rule[0]]
COMMON = [
    {"weight_decay": 0.1},
    {"clipnorm": 0.5},
    {"clipvalue": 0.2},
    {"global_clipnorm": 0.8},
    {"use_ema": True, "ema_momentum": 0.8},
    {"use_ema": True, "ema_momentum": 0.6, "ema_overwrite_frequency": 3},
    {"gradient_accumulation_steps": 3},
    {"loss_scale_factor": 8.0},
]
MIXED = [
    ("Adam", {"learning_rate": 0.02, "weight_decay": 0.05, "global_clipnorm": 0.8, "use_ema": True,
              "ema_momentum": 0.7, "ema_overwrite_frequency": 2, "gradient_accumulation_steps": 2}),
    ("Nadam", {"learning_rate": 0.02, "clipnorm": 1.0, "use_ema": True, "ema_momentum": 0.9,
               "gradient_accumulation_steps": 4, "loss_scale_factor": 4.0}),
    ("SGD", {"learning_rate": schedules.ExponentialDecay(0.1, 3, 0.5), "momentum": 0.5,
             "weight_decay": 0.1, "gradient_accumulation_steps": 3}),
    ("Lamb", {"learning_rate": 0.02, "weight_decay": 0.1, "clipvalue": 0.3}),
    ("Lion", {"learning_rate": 0.02, "weight_decay": 0.1, "gradient_accumulation_steps": 2}),
    ("Adagrad", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5,
                 "ema_overwrite_frequency": 1}),
]
UPDATES, KEPT = 12, (1, 2, 5, 12)


def config(part):
    """The whole configuration; names of objects are of no interest."""
    return {key: value for key, value in part.get_config().items() if key not in ("name", "seed")}


def grid():
    """Every kink of the functions, numbers about them, and the ends of what float32 can do."""
    near = [0.0, 1e-6, 1e-3, 0.1, 0.25, 0.499, 0.5, 0.501, 0.75, 0.999, 1.0, 1.001, 1.5, 2.0, 2.5,
            2.999, 3.0, 3.001, 4.0, 5.5, 6.0, 6.001, 8.0, 12.0, 20.0, 40.0, 80.0, 100.0, 1e4]
    values = [*(-v for v in reversed(near[1:])), *near]
    values += [0.0] * (-len(values) % 4)
    return np.float32(values).reshape(-1, 4)


def write_activations(arrays):
    x = grid()
    seed = np.random.default_rng(30).uniform(0.5, 1.5, x.shape).astype(np.float32)
    arrays["activations/x"], arrays["activations/seed"] = x, seed
    cases = []
    import jax

    for name, options in ACTIVATIONS:
        function = getattr(activations, name)
        # exp of 100 is infinite: the same function on what it can do
        feed = np.clip(x, None, 80) if name == "exponential" else x
        y, back = jax.vjp(lambda v: function(v, **options), feed)
        i = len(cases)
        arrays[f"activations/{i}/y"] = np.asarray(y)
        arrays[f"activations/{i}/gradient"] = np.asarray(back(seed[tuple(map(slice, y.shape))])[0])
        cases.append({"name": name, "config": options})
    return cases


def write_schedules(arrays):
    arrays["schedules/steps"] = np.int32(STEPS)
    cases = []
    for name, options in SCHEDULES:
        schedule = getattr(schedules, name)(**options)
        rates = [float(schedule(np.int32(step))) for step in STEPS]
        arrays[f"schedules/{len(cases)}"] = np.float32(rates)
        cases.append({"class_name": name, "config": config(schedule)})
    return cases


def write_constraints(arrays):
    random = np.random.default_rng(31)
    dense = random.normal(0, 1, (7, 6)).astype(np.float32)
    dense[:, 2] = 0
    dense[:, 3] *= 0.1
    kernel = random.normal(0, 0.5, (3, 2, 4, 5)).astype(np.float32)
    arrays["constraints/dense"], arrays["constraints/kernel"] = dense, kernel
    cases = []
    for name, options in CONSTRAINTS:
        constraint = getattr(constraints, name)(**options)
        weight = "kernel" if options.get("axis") == [0, 1, 2] else "dense"
        arrays[f"constraints/{len(cases)}"] = np.asarray(constraint(arrays["constraints/" + weight]))
        cases.append({"class_name": name, "config": config(constraint), "weight": weight})
    return cases


def write_regularizers(arrays):
    import jax

    weight = np.random.default_rng(32).normal(0, 1, (7, 5)).astype(np.float32)
    arrays["regularizers/weight"] = weight
    cases = []
    for name, options in REGULARIZERS:
        regularizer = getattr(regularizers, name)(**options)
        penalty, gradient = jax.value_and_grad(regularizer)(weight)
        arrays[f"regularizers/{len(cases)}/gradient"] = np.asarray(gradient)
        cases.append({"class_name": name, "config": config(regularizer), "penalty": float(penalty)})
    return cases


def write_initializers():
    cases = []
    for name, options in INITIALIZERS:
        for shape in SHAPES:
            if name == "Orthogonal" and len(shape) < 2 or name == "Identity" and len(shape) != 2:
                continue
            seeded = options if name in ("Zeros", "Ones", "Constant", "Identity") else options | {"seed": 7}
            initializer = getattr(initializers, name)(**seeded)
            values = np.asarray(initializer(shape), np.float64)
            # Keras's Identity forgets its gain in the configuration
            gain = {"gain": initializer.gain} if name == "Identity" else {}
            cases.append({
                "class_name": name, "config": config(initializer) | gain, "shape": list(shape),
                "mean": values.mean(), "deviation": values.std(),
                "least": values.min(), "greatest": values.max(),
            })
    return cases


def write_optimizers(arrays):
    random = np.random.default_rng(33)
    shapes = {"kernel": (6, 5), "bias": (4,)}
    for name, shape in shapes.items():
        arrays[f"optimizers/{name}"] = random.normal(0, 1, shape).astype(np.float32)
        scale = random.choice([0.05, 0.3, 2.0], (UPDATES, *[1] * len(shape)))
        gradients = random.normal(0, 1, (UPDATES, *shape)) * scale
        arrays[f"optimizers/{name}/gradients"] = gradients.astype(np.float32)
    arrays["optimizers/bias/gradients"][5] = 0
    cases = []
    common = [(name, options | more) for name, options in PLAIN for more in COMMON]
    for name, options in [*RULES, *common, *MIXED]:
        optimizer = getattr(optimizers, name)(**options)
        weights = [keras.Variable(arrays[f"optimizers/{w}"], name=w) for w in shapes]
        exclude = "weight_decay" in options and name in ("Adam", "SGD")
        if exclude:
            optimizer.exclude_from_weight_decay(var_names=["bias"])
        optimizer.build(weights)
        kept = {w.name: [] for w in weights}
        for step in range(1, UPDATES + 1):
            gradients = [arrays[f"optimizers/{w}/gradients"][step - 1] for w in shapes]
            factor = options.get("loss_scale_factor", 1)
            optimizer.apply([ops.convert_to_tensor(g * np.float32(factor)) for g in gradients])
            if step in KEPT:
                for w in weights:
                    kept[w.name].append(np.asarray(w.value))
        # what fit leaves behind: the averages, where there are any
        optimizer.finalize_variable_values(weights)
        for w in weights:
            kept[w.name].append(np.asarray(w.value))
            arrays[f"optimizers/{len(cases)}/{w.name}"] = np.stack(kept[w.name])
        # the numbers as they were given: Keras rounds the rate to float32
        whole = config(optimizer) | {k: v for k, v in options.items() if k == "learning_rate"}
        if not isinstance(whole["learning_rate"], float):
            rate = whole["learning_rate"]
            whole["learning_rate"] = {"class_name": type(rate).__name__, "config": config(rate)}
        cases.append({"class_name": name, "config": whole, "exclude": ["bias"] if exclude else []})
    return cases, list(KEPT)


PLATEAUS = [
    ({"patience": 2}, [5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 2]),
    ({"patience": 1, "factor": 0.5, "cooldown": 2}, [5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4]),
    ({"patience": 1, "factor": 0.5, "min_lr": 0.02}, [5, 5, 5, 5, 5, 5, 5]),
    ({"patience": 1, "min_delta": 0.5, "factor": 0.5}, [5, 4.6, 4.4, 4.0, 3.8, 3.6, 3.0]),
    ({"patience": 0, "factor": 0.5}, [5, 6, 4, 4, 3]),
    ({"patience": 2, "mode": "max", "factor": 0.5, "min_delta": 0}, [1, 2, 2, 1, 3, 3, 3, 2.5]),
]


def write_plateaus():
    cases = []
    for options, values in PLATEAUS:
        callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **{"mode": "min"} | options)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(optimizers.SGD(0.1), "mse")
        callback.set_model(model)
        callback.on_train_begin()
        rates = []
        for epoch, value in enumerate(values):
            callback.on_epoch_end(epoch, {"val_loss": value})
            rates.append(float(model.optimizer.learning_rate.numpy()))
        cases.append({"options": options, "values": values, "rates": rates})
    return cases


def write_averages(arrays):
    """What fit leaves behind, and what is validated, where weights have averages."""
    random = np.random.default_rng(34)
    x = random.normal(0, 1, (24, 3)).astype(np.float32)
    y = (x @ random.normal(0, 1, (3, 2)) + random.normal(0, 0.3, (24, 2))).astype(np.float32)
    kernel = random.normal(0, 1, (3, 2)).astype(np.float32)
    arrays["averages/x"], arrays["averages/y"], arrays["averages/kernel"] = x, y, kernel
    cases = []
    for frequency in (None, 4):
        for swap in (None, False, True):
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, use_bias=False)])
            model.set_weights([kernel])
            model.compile(optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8,
                                         ema_overwrite_frequency=frequency), "mse")
            kept = []
            seen = keras.callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()[0]))
            calls = [] if swap is None else [keras.callbacks.SwapEMAWeights(swap_on_epoch=swap)]
            history = model.fit(x[:16], y[:16], batch_size=4, epochs=3, shuffle=False, verbose=0,
                                validation_data=(x[16:], y[16:]), callbacks=[*calls, seen])
            arrays[f"averages/{len(cases)}/epochs"] = np.stack(kept)
            arrays[f"averages/{len(cases)}/final"] = model.get_weights()[0]
            cases.append({"frequency": frequency, "swap": swap,
                          "loss": history.history["loss"], "val_loss": history.history["val_loss"]})
    return cases


def write(out):
    arrays = {}
    parts = {
        "keras": keras.__version__,
        "activations": write_activations(arrays),
        "schedules": write_schedules(arrays),
        "constraints": write_constraints(arrays),
        "regularizers": write_regularizers(arrays),
        "initializers": write_initializers(),
        "plateaus": write_plateaus(),
        "averages": write_averages(arrays),
    }
    parts["optimizers"], parts["steps"] = write_optimizers(arrays)
    save_npz(out / "training_parts.npz", arrays)
    save_json(out / "training_parts.json", parts)
    print({name: len(cases) for name, cases in parts.items() if isinstance(cases, list)})
