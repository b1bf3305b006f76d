"""losses.json, losses.npz, metrics.json, metrics.npz: losses with weights, masks and gradients, metrics
over two batches; the names and defaults of both."""

import inspect
import subprocess
import sys

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import losses, metrics
from keras.src import losses as loss_names
from keras.src import metrics as metric_names

from defaults import plain
from make_golden import save_json, save_npz

ARRAYS = {}
LOSSES, METRICS = [], []


def draw(*shape, seed=0, low=-1.0, high=1.0):
    return np.random.default_rng([*shape, seed]).uniform(low, high, shape).astype(np.float32)


def rows(*shape, seed=0):
    """Positive numbers that add up to 1 along the last axis."""
    x = draw(*shape, seed=seed, low=0.1, high=2)
    return x / x.sum(-1, keepdims=True)


def labels(classes, *shape, seed=0):
    return np.random.default_rng([classes, *shape, seed]).integers(0, classes, shape).astype(np.int32)


def one_hot(classes, *shape, seed=0):
    return np.eye(classes, dtype=np.float32)[labels(classes, *shape, seed=seed)]


def bits(*shape, seed=0):
    return labels(2, *shape, seed=seed).astype(np.float32)


def put(name, **arrays):
    for key, value in arrays.items():
        if value is not None:
            ARRAYS[f"{name}/{key}"] = np.asarray(value)


def loss(kind, target, prediction, weight=None, mask=None, tag="", moved=None, **config):
    """One row: value, gradient at the predictions, and the losses before their reduction.

    `moved` is an axis of classes that Keras on JAX does not take: it is moved to the end.
    """
    name = "-".join([kind, *[f"{k}={plain(v)}" for k, v in config.items()], *([tag] if tag else []),
                     *(["weighted"] if weight is not None else []),
                     *(["masked"] if mask is not None else [])])
    name = name.replace("/", "_").replace(" ", "")
    function = getattr(losses, kind)(**config)

    def value(p):
        p = p if moved is None else jnp.moveaxis(p, moved, -1)
        if mask is not None:
            keras.src.backend.set_keras_mask(p, jnp.asarray(mask, bool))
        return function(jnp.asarray(target), p, sample_weight=weight)

    prediction = jnp.asarray(prediction, jnp.float32)
    given = {**config, "reduction": "none"}
    last = prediction if moved is None else jnp.moveaxis(prediction, moved, -1)
    each = getattr(losses, kind)(**given)(jnp.asarray(target), last)
    # a traced array carries no mask: the gradient is taken of the same numbers as weights
    if mask is None:
        total, gradient = value(prediction), jax.grad(lambda p: jnp.sum(value(p)))(prediction)
    else:
        total = value(prediction)
        gradient = jax.grad(lambda p: masked(function, target, p, weight, mask))(prediction)
        np.testing.assert_allclose(
            masked(function, target, prediction, weight, mask), total, rtol=1e-5)
    put(name, target=target, prediction=prediction, weight=weight,
        mask=None if mask is None else np.asarray(mask, np.float32),
        value=np.float32(total), each=np.float32(each), gradient=gradient)
    if moved is not None:
        config["axis"] = moved
    LOSSES.append({"name": name, "class": kind, "config": plain(config),
                   "weighted": weight is not None, "masked": mask is not None})


def masked(function, target, prediction, weight, mask):
    given = function.call(jnp.asarray(target), prediction)
    return keras.src.losses.loss.reduce_weighted_values(
        given, sample_weight=weight, mask=jnp.asarray(mask, bool), reduction=function.reduction)


SAME = ["MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "Huber", "LogCosh",
        "MeanSquaredLogarithmicError", "CosineSimilarity"]
WEIGHTS = np.float32([0.5, 2, 0, 1.5])
MASK = np.float32([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]])
REDUCTIONS = ["sum", "mean", "mean_with_sample_weight", "none"]


def everywhere(kind, target, prediction, **config):
    """Plain, weighted, and with every reduction."""
    loss(kind, target, prediction, **config)
    loss(kind, target, prediction, WEIGHTS, **config)
    for reduction in REDUCTIONS:
        loss(kind, target, prediction, WEIGHTS, reduction=reduction, **config)


def in_sequences(kind, target, prediction, **config):
    """(4, 3 steps, ...): weights for samples and for steps, masks, both."""
    loss(kind, target, prediction, tag="steps", **config)
    loss(kind, target, prediction, WEIGHTS[:, None], tag="steps-samples", **config)
    loss(kind, target, prediction, draw(4, 3, seed=9, low=0, high=2), tag="steps", **config)
    loss(kind, target, prediction, mask=MASK, tag="steps", **config)
    loss(kind, target, prediction, draw(4, 3, seed=9, low=0, high=2), MASK, tag="steps", **config)
    for reduction in ("sum", "mean_with_sample_weight"):
        loss(kind, target, prediction, WEIGHTS[:, None], MASK, tag="steps", reduction=reduction,
             **config)


def all_losses():
    for kind in SAME:
        positive = dict(low=0.1, high=3) if "Log" in kind and kind != "LogCosh" else {}
        everywhere(kind, draw(4, 5, **positive), draw(4, 5, seed=1, **positive))
        in_sequences(kind, draw(4, 3, 2, **positive), draw(4, 3, 2, seed=1, **positive))
        loss(kind, draw(4, 1, **positive)[:, 0], draw(4, 1, seed=1, **positive), tag="column")
    for delta in (0.25, 3.0):
        loss("Huber", draw(4, 5), draw(4, 5, seed=1), WEIGHTS, delta=delta)
    loss("LogCosh", 50 * draw(4, 5), draw(4, 5, seed=1), tag="large")
    loss("CosineSimilarity", draw(4, 5), draw(4, 5, seed=1), axis=0)
    loss("CosineSimilarity", draw(4, 3, 2), draw(4, 3, 2, seed=1), axis=1)
    loss("MeanAbsolutePercentageError", bits(4, 5), draw(4, 5), tag="zeros")

    for kind in ("Hinge", "SquaredHinge"):
        everywhere(kind, bits(4, 5), draw(4, 5, seed=1, low=-2, high=2))
        loss(kind, 2 * bits(4, 5) - 1, draw(4, 5, seed=1, low=-2, high=2), tag="signs")
        in_sequences(kind, bits(4, 3, 2), draw(4, 3, 2, seed=1))
    everywhere("CategoricalHinge", one_hot(5, 4), draw(4, 5, seed=1))
    in_sequences("CategoricalHinge", one_hot(5, 4, 3), draw(4, 3, 5, seed=1))
    everywhere("KLDivergence", rows(4, 5), rows(4, 5, seed=1))
    loss("KLDivergence", one_hot(5, 4), rows(4, 5, seed=1), tag="one-hot")
    in_sequences("KLDivergence", rows(4, 3, 5), rows(4, 3, 5, seed=1))
    everywhere("Poisson", labels(6, 4, 5).astype(np.float32), draw(4, 5, seed=1, low=0.1, high=4))
    in_sequences("Poisson", labels(6, 4, 3, 2).astype(np.float32), draw(4, 3, 2, low=0.1, high=4))

    for kind in ("BinaryCrossentropy", "BinaryFocalCrossentropy"):
        inside = draw(4, 5, seed=1, low=0.05, high=0.95)
        everywhere(kind, bits(4, 5), inside)
        in_sequences(kind, bits(4, 3, 2), draw(4, 3, 2, seed=1, low=0.05, high=0.95))
        loss(kind, bits(4, 5), 3 * draw(4, 5, seed=1), from_logits=True)
        loss(kind, bits(4, 5), inside, label_smoothing=0.2)
        loss(kind, bits(4, 5), 3 * draw(4, 5, seed=1), from_logits=True, label_smoothing=0.1)
        loss(kind, bits(4, 5), inside, axis=0)
        loss(kind, bits(4, 3, 2), draw(4, 3, 2, seed=1, low=0.05, high=0.95), axis=1)
    inside = draw(4, 5, seed=1, low=0.05, high=0.95)
    loss("BinaryFocalCrossentropy", bits(4, 5), inside, apply_class_balancing=True)
    loss("BinaryFocalCrossentropy", bits(4, 5), inside, apply_class_balancing=True, alpha=0.7,
         gamma=1.5)

    for kind in ("CategoricalCrossentropy", "CategoricalFocalCrossentropy"):
        everywhere(kind, one_hot(5, 4), rows(4, 5, seed=1))
        in_sequences(kind, one_hot(5, 4, 3), rows(4, 3, 5, seed=1))
        loss(kind, one_hot(5, 4), 3 * draw(4, 5, seed=1), from_logits=True)
        loss(kind, one_hot(5, 4), rows(4, 5, seed=1), label_smoothing=0.1)
        loss(kind, one_hot(5, 4), 3 * draw(4, 5, seed=1), from_logits=True, label_smoothing=0.3)
        loss(kind, one_hot(5, 4), draw(4, 5, seed=1, low=0.1, high=2), tag="unnormalised")
        first = np.moveaxis(one_hot(5, 4, 3), -1, 1)
        loss(kind, first, np.moveaxis(rows(4, 3, 5, seed=1), -1, 1), axis=1)
        loss(kind, first, draw(4, 5, 3), axis=1, from_logits=True, label_smoothing=0.2)
    loss("CategoricalFocalCrossentropy", one_hot(5, 4), rows(4, 5, seed=1), alpha=0.6, gamma=0.5)

    kind = "SparseCategoricalCrossentropy"
    everywhere(kind, labels(5, 4), rows(4, 5, seed=1))
    in_sequences(kind, labels(5, 4, 3), rows(4, 3, 5, seed=1))
    loss(kind, labels(5, 4), 3 * draw(4, 5, seed=1), from_logits=True)
    loss(kind, labels(5, 4)[:, None], rows(4, 5, seed=1), tag="column")
    holes = labels(5, 4, 3)
    holes[[0, 1, 3], [1, 2, 0]] = -1
    for logits in (False, True):
        x = 3 * draw(4, 3, 5, seed=1) if logits else rows(4, 3, 5, seed=1)
        loss(kind, holes, x, ignore_class=-1, from_logits=logits)
        loss(kind, holes, x, draw(4, 3, seed=9, low=0, high=2), ignore_class=-1, from_logits=logits)
        loss(kind, holes, x, ignore_class=-1, from_logits=logits, reduction="sum")
    loss(kind, np.full((4,), 2, np.int32), rows(4, 5, seed=1), ignore_class=2, tag="nothing-left")
    for logits in (False, True):
        x = 3 * draw(4, 3, 5, seed=1) if logits else rows(4, 3, 5, seed=1)
        loss(kind, labels(5, 4, 3), np.moveaxis(x, -1, 1), moved=1, tag="moved", from_logits=logits)

    kind = "CategoricalGeneralizedCrossEntropy"
    everywhere(kind, labels(5, 4), rows(4, 5, seed=1))
    for q in (0.1, 0.9):
        loss(kind, labels(5, 4), rows(4, 5, seed=1), q=q)
    for kind in ("Dice", "Tversky"):
        inside = draw(4, 3, 3, 1, seed=1, low=0.05, high=0.95)
        loss(kind, bits(4, 3, 3, 1), inside)
        loss(kind, bits(4, 3, 3, 1), inside, WEIGHTS)
        loss(kind, bits(4, 3, 3, 1), inside, axis=(1, 2, 3))
        loss(kind, bits(4, 3, 3, 1), inside, WEIGHTS, axis=(1, 2, 3))
        loss(kind, bits(4, 3, 3, 1), inside, axis=(-1, -2), reduction="sum")
    loss("Tversky", bits(4, 3, 3, 1), inside, alpha=0.2, beta=0.9)
    for seed, config in enumerate([{}, {"gamma": 20.0, "margin": 0.25}, {"remove_diagonal": False}]):
        x = draw(6, 4, seed=seed)
        x /= np.linalg.norm(x, axis=-1, keepdims=True)
        loss("Circle", np.int32([0, 1, 1, 0, 2, 1]), x, **config)
    loss("Circle", np.int32([0, 1, 1, 0, 2, 1]), x, draw(6, low=0, high=2))
    label_sequences()


def label_sequences():
    """Rows of labels: full, with repeated ones, shorter, none; one that just fits."""
    rows = np.int32([[1, 2, 3], [2, 2, 0], [4, 0, 0], [0, 0, 0]])
    everywhere("CTC", rows, 3 * draw(4, 7, 5))
    loss("CTC", rows.astype(np.float32), draw(4, 4, 5), tag="floats")
    loss("CTC", rows[:3, :1], draw(3, 2, 5), tag="one-label")
    loss("CTC", np.int32([[1, 1, 1]]), draw(1, 5, 3), tag="just-fits")
    loss("CTC", rows, 40 * draw(4, 9, 5, seed=1), tag="steep")
    loss("CTC", labels(19, 3, 12) + 1, 3 * draw(3, 40, 20), tag="long")


def metric(kind, target, prediction, weight=None, tag="", dtype=None, moved=None, **config):
    """One row: the result after two batches, the first of six samples.

    `moved` is an axis of classes that Keras does not take: it is moved to the end.
    """
    name = "-".join(["metric", kind, *[f"{k}={plain(v)}" for k, v in config.items()],
                     *([tag] if tag else []), *(["weighted"] if weight is not None else [])])
    name = name.replace("/", "_").replace(" ", "")
    function = getattr(metrics, kind)(**config, **({"dtype": dtype} if dtype else {}))
    last = prediction if moved is None else np.moveaxis(prediction, moved, -1)
    for part in (slice(0, 6), slice(6, None)):
        function.update_state(target[part], last[part],
                              sample_weight=None if weight is None else weight[part])
    put(name, target=target, prediction=prediction, weight=weight,
        result=np.float32(function.result()))
    if moved is not None:
        config["axis"] = moved
    METRICS.append({"name": name, "class": kind, "config": plain(config),
                    "weighted": weight is not None})


SAMPLE_WEIGHTS = draw(10, seed=5, low=0, high=2)


def both(kind, target, prediction, **config):
    metric(kind, target, prediction, **config)
    metric(kind, target, prediction, SAMPLE_WEIGHTS, **config)


def all_metrics():
    for kind in SAME + ["RootMeanSquaredError", "R2Score", "PearsonCorrelation",
                        "ConcordanceCorrelation", "LogCoshError"]:
        if kind in ("Huber", "LogCosh"):
            continue
        positive = dict(low=0.1, high=3) if "Logarithmic" in kind else {}
        both(kind, draw(10, 3, **positive), draw(10, 3, seed=1, **positive))
        if kind != "R2Score":
            steps = draw(10, 4, 3, **positive), draw(10, 4, 3, seed=1, **positive)
            both(kind, *steps, tag="steps")
            metric(kind, *steps, draw(10, 4, low=0, high=2), tag="each-step")
    for aggregation in (None, "variance_weighted_average"):
        both("R2Score", draw(10, 3), draw(10, 3, seed=1), class_aggregation=aggregation)
    both("R2Score", draw(10, 3), draw(10, 3, seed=1), num_regressors=4)
    both("R2Score", draw(10, 1)[:, 0], draw(10, 1, seed=1), tag="column")
    both("KLDivergence", rows(10, 4), rows(10, 4, seed=1))
    both("Poisson", labels(6, 10, 4).astype(np.float32), draw(10, 4, low=0.1, high=4))
    both("Hinge", bits(10, 4), draw(10, 4, seed=1))
    both("SquaredHinge", bits(10, 4), draw(10, 4, seed=1))
    both("CategoricalHinge", one_hot(4, 10), draw(10, 4, seed=1))
    both("BinaryCrossentropy", bits(10, 4), draw(10, 4, seed=1, low=0.05, high=0.95))
    both("CategoricalCrossentropy", one_hot(4, 10), rows(10, 4, seed=1), label_smoothing=0.1)
    both("SparseCategoricalCrossentropy", labels(4, 10), draw(10, 4, seed=1), from_logits=True)

    both("Accuracy", labels(3, 10, 4), labels(3, 10, 4, seed=1))
    both("BinaryAccuracy", bits(10, 4), draw(10, 4, low=0))
    both("BinaryAccuracy", bits(10, 4), draw(10, 4, low=0), threshold=0.3)
    both("CategoricalAccuracy", one_hot(4, 10), rows(10, 4))
    both("SparseCategoricalAccuracy", labels(4, 10), rows(10, 4))
    both("SparseCategoricalAccuracy", labels(4, 10, 3), rows(10, 3, 4), tag="steps")
    metric("SparseCategoricalAccuracy", labels(4, 10, 3), rows(10, 3, 4),
           draw(10, 3, low=0, high=2), tag="steps-each")
    for k in (1, 2, 5):
        both("TopKCategoricalAccuracy", one_hot(7, 10), rows(10, 7), k=k)
        both("SparseTopKCategoricalAccuracy", labels(7, 10), rows(10, 7), k=k)
    both("SparseTopKCategoricalAccuracy", labels(7, 10), rows(10, 7))
    both("TopKCategoricalAccuracy", one_hot(7, 10, 3), rows(10, 3, 7), tag="steps", k=2)
    ties = np.round(3 * rows(10, 7)) / 3
    both("SparseTopKCategoricalAccuracy", labels(7, 10), ties, tag="ties", k=2)
    ids = np.argsort(-rows(10, 7), axis=-1).astype(np.float32)
    both("SparseTopKCategoricalAccuracy", labels(7, 10), ids, k=3, from_sorted_ids=True)

    chances = draw(10, 4, seed=1, low=0)
    chances[0] = [0.01, 1, 0.5, 0.25]
    truth = bits(10, 4)
    counted = ["TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"]
    for kind in counted + ["Precision", "Recall"]:
        both(kind, truth, chances)
        both(kind, truth, chances, thresholds=0.25)
        both(kind, truth, chances, thresholds=[0.1, 0.25, 0.7])
        both(kind, truth, chances, thresholds=[0.0, 0.25, 0.5, 0.75, 1.0])
        both(kind, truth[:, 0], chances[:, :1], tag="column")
    for kind in ("Precision", "Recall"):
        both(kind, one_hot(7, 10), rows(10, 7), top_k=2)
        both(kind, one_hot(7, 10), rows(10, 7), top_k=3, thresholds=[0.1, 0.2])
        both(kind, truth, chances, class_id=2)
        both(kind, one_hot(7, 10), rows(10, 7), top_k=4, class_id=3)
        both(kind, bits(10, 4), np.zeros((10, 4), np.float32), tag="nothing")
    for kind, option in (("SensitivityAtSpecificity", "specificity"), ("RecallAtPrecision", "precision"),
                         ("SpecificityAtSensitivity", "sensitivity"), ("PrecisionAtRecall", "recall")):
        for value in (0.3, 0.6, 0.9):
            both(kind, truth, chances, **{option: value})
        both(kind, truth, chances, **{option: 0.5}, num_thresholds=1)
        both(kind, truth, chances, **{option: 0.5}, num_thresholds=7, class_id=1)
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "majoring", "minoring"):
            both("AUC", truth, chances, curve=curve, summation_method=method)
        both("AUC", truth, chances, curve=curve, multi_label=True)
    both("AUC", truth, chances, num_thresholds=11)
    both("AUC", truth, chances, thresholds=[0.7, 0.1, 0.25])
    both("AUC", truth, chances, thresholds=[0.25, 0.5, 0.75])
    both("AUC", truth, 4 * draw(10, 4, seed=1), from_logits=True)
    both("AUC", truth, chances, multi_label=True, num_labels=4)
    both("AUC", truth, chances, label_weights=[1.0, 0.5, 2.0, 0.25])
    both("AUC", truth, chances, multi_label=True, label_weights=[1.0, 0.5, 2.0, 0.25])
    both("AUC", truth[:, 0], chances[:, :1], tag="column")
    both("AUC", np.ones((10, 4), np.float32), chances, tag="ones-only")

    for average in (None, "micro", "macro", "weighted"):
        both("F1Score", one_hot(7, 10), rows(10, 7), average=average)
        both("F1Score", truth, chances, average=average, threshold=0.4)
        both("FBetaScore", one_hot(7, 10), rows(10, 7), average=average, beta=2.0)
        both("FBetaScore", truth, chances, average=average, beta=0.5, threshold=0.6)
    both("F1Score", one_hot(7, 10), np.zeros((10, 7), np.float32), tag="nothing")

    found, wanted = labels(4, 10), labels(4, 10, seed=1)
    maps = labels(4, 10, 3, 2), labels(4, 10, 3, 2, seed=1)
    for kind, config in (("IoU", {"target_class_ids": [0, 2]}), ("MeanIoU", {})):
        for ignored in ({}, {"ignore_class": 1}):
            config = {"num_classes": 4, **config, **ignored}
            metric(kind, wanted, found, **config)
            metric(kind, *maps, **config, tag="maps")
            metric(kind, wanted, found, SAMPLE_WEIGHTS, dtype="float32", **config)
        metric(kind, wanted, rows(10, 4), sparse_y_pred=False, **config)
        metric(kind, one_hot(4, 10), found, sparse_y_true=False, **config)
        first = np.moveaxis(rows(10, 3, 4), -1, 1)
        metric(kind, labels(4, 10, 3), first, sparse_y_pred=False, moved=1, tag="first", **config)
    metric("MeanIoU", wanted, found, num_classes=9)
    metric("MeanIoU", wanted, found, num_classes=3)
    for kind, config in (("OneHotIoU", {"target_class_ids": [1, 3]}), ("OneHotMeanIoU", {})):
        config = {"num_classes": 4, **config}
        metric(kind, one_hot(4, 10), rows(10, 4), **config)
        metric(kind, one_hot(4, 10), rows(10, 4), SAMPLE_WEIGHTS, dtype="float32", **config)
        metric(kind, one_hot(4, 10), rows(10, 4), ignore_class=2, **config)
        metric(kind, one_hot(4, 10), found, sparse_y_pred=True, **config)
    for config in ({}, {"threshold": 0.3}, {"target_class_ids": [1]}):
        metric("BinaryIoU", truth, chances, **config)
        metric("BinaryIoU", truth[:, 0], chances[:, 0], SAMPLE_WEIGHTS, dtype="float32", **config)


def values_only():
    """Mean and Sum look at values alone."""
    for kind in ("Mean", "Sum"):
        for name, weight in (("", None), ("-weighted", SAMPLE_WEIGHTS),
                             ("-each-weighted", draw(10, 3, low=0, high=2))):
            function = getattr(metrics, kind)()
            values = draw(10, 3)
            for part in (slice(0, 6), slice(6, None)):
                function.update_state(values[part],
                                      sample_weight=None if weight is None else weight[part])
            name = f"metric-{kind}{name}"
            put(name, target=values, prediction=values, weight=weight,
                result=np.float32(function.result()))
            METRICS.append({"name": name, "class": kind, "config": {},
                            "weighted": weight is not None})


def parameters(kind):
    return {name: plain(p.default)
            for name, p in inspect.signature(kind.__init__).parameters.items()
            if name not in ("self", "dtype") and p.default is not inspect.Parameter.empty}


def classes(module):
    return {name: kind for name, kind in vars(module).items()
            if inspect.isclass(kind) and name not in ("Loss", "Metric", "MeanMetricWrapper")}


def write(out):
    """Both, the metrics in a process of their own, since they run on another backend."""
    write_losses(out)
    subprocess.run([sys.executable, sys.argv[0], "metrics"], check=True)


def write_losses(out):
    all_losses()
    save_npz(out / "losses.npz", ARRAYS)
    save_json(out / "losses.json", {
        "cases": LOSSES,
        "defaults": {n: parameters(k) for n, k in sorted(classes(losses).items())},
        "names": {n: getattr(v, "__name__", str(v))
                  for n, v in sorted(loss_names.ALL_OBJECTS_DICT.items())},
    })


def write_metrics(out):
    all_metrics()
    values_only()
    save_npz(out / "metrics.npz", ARRAYS)
    save_json(out / "metrics.json", {
        "cases": METRICS,
        "defaults": {n: parameters(k) for n, k in sorted(classes(metrics).items())},
        "names": {n: v.__name__ for n, v in sorted(metric_names.ALL_OBJECTS_DICT.items())},
    })
