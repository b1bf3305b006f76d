"""arrangements.npz and arrangements.json: slices, joins, gathered rows, batched products, and the
convolutions that widen or keep channels apart."""

import numpy as np
from keras import ops

from operations import case, floats, save


def parts():
    case("slice", "slice", lambda x: ops.slice(x, (0, 1, 2), (3, 2, 3)), [floats(3, 4, 6)],
         start=[0, 1, 2], shape=[3, 2, 3])
    case("pad", "pad", lambda x: ops.pad(x, ((0, 0), (1, 2), (3, 0))), [floats(3, 4, 5)],
         before=[0, 1, 3], after=[0, 2, 0])
    for axis in (0, 1, -1):
        case(f"concatenate{axis}", "concatenate",
             lambda a, b, c, axis=axis: ops.concatenate([a, b, c], axis=axis),
             [floats(3, 4, 2, seed=i) for i in range(3)], axis=axis)
        case(f"stack{axis}", "stack", lambda a, b, axis=axis: ops.stack([a, b], axis=axis),
             [floats(3, 4, seed=i) for i in range(2)], axis=axis)
        case(f"flip{axis}", "flip", lambda x, axis=axis: ops.flip(x, axis=axis),
             [floats(3, 4, 2)], axis=axis)


def gathering():
    for shape in ((4,), (3, 5), (2, 3, 2)):
        indices = np.random.default_rng(len(shape)).integers(0, 7, shape).astype(np.int32)
        case(f"take-rank{len(shape)}", "take", lambda table, i: ops.take(table, i, axis=0),
             [floats(7, 3), indices])


def products():
    for name, a, b in (("rank3", (4, 3, 5), (4, 5, 2)), ("rank4", (2, 3, 4, 5), (2, 3, 5, 6)),
                       ("one-matrix", (4, 3, 5), (5, 2))):
        case(f"matmul-{name}", "matmul", ops.matmul, [floats(*a), floats(*b, seed=1)])


def convolutions():
    for kernel, stride, padding, dilation in (
            (3, 1, "same", 1), (3, 1, "valid", 1), (3, 2, "same", 1), (3, 2, "valid", 1),
            (2, 2, "same", 1), (2, 2, "valid", 1), (4, 2, "same", 1), (4, 2, "valid", 1),
            (2, 3, "same", 1), (2, 3, "valid", 1), (5, 2, "same", 1), (3, 1, "same", 2),
            (3, 1, "valid", 2)):
        case(f"conv_transpose-{kernel}x{kernel}-stride{stride}-{padding}-dilation{dilation}",
             "conv_transpose",
             lambda x, w, s=stride, p=padding, d=dilation: ops.conv_transpose(
                 x, w, strides=s, padding=p, dilation_rate=d),
             [floats(2, 5, 4, 3), floats(kernel, kernel, 6, 3, seed=1, low=-0.5, high=0.5)],
             strides=[stride, stride], padding=padding, dilation=[dilation, dilation])
    for kernel, multiplier, stride, padding, dilation in (
            (3, 1, 1, "same", 1), (3, 2, 1, "valid", 1), (3, 1, 2, "same", 1), (5, 3, 1, "same", 1),
            (3, 1, 1, "same", 2)):
        case(f"depthwise_conv-{kernel}x{kernel}-{multiplier}-stride{stride}-{padding}-{dilation}",
             "depthwise_conv",
             lambda x, w, s=stride, p=padding, d=dilation: ops.depthwise_conv(
                 x, w, strides=s, padding=p, dilation_rate=d),
             [floats(2, 7, 8, 4),
              floats(kernel, kernel, 4, multiplier, seed=1, low=-0.5, high=0.5)],
             strides=[stride, stride], padding=padding, dilation=[dilation, dilation])


def write(out):
    for group in (parts, gathering, products, convolutions):
        group()
    save(out, "arrangements")
