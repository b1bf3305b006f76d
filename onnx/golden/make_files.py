"""Makes the ONNX files that the reader is tested with, each with inputs and onnxruntime's outputs.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_files.py            # all files
    venv/bin/python make_files.py vgg vit    # those whose names contain one of the words

Small networks with the shapes of well-known ones: from PyTorch by both of its exporters, and from
Keras by tf2onnx. Weights are drawn from a fixed seed, statistics of batch normalisation too.
"""

import io
import logging
import os
import pathlib
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent.parent / "src/test/resources/io/kalamos/onnx/files"


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 5, padding=2)
        self.conv2 = nn.Conv2d(4, 8, 5)
        self.fc1 = nn.Linear(8 * 5 * 5, 20)
        self.fc2 = nn.Linear(20, 10)

    def forward(self, x):
        x = nn.functional.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = nn.functional.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.fc2(torch.sigmoid(self.fc1(x)))


class Vgg(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        channels = 3
        for width in (6, "M", 8, 8, "M"):
            if width == "M":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [
                    nn.Conv2d(channels, width, 3, padding=1),
                    nn.BatchNorm2d(width),
                    nn.ReLU(inplace=True),
                ]
                channels = width
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(
            nn.Linear(8 * 2 * 2, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 5)
        )

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(x.view(x.size(0), -1))


class Residual(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(x)) + shortcut)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Residual(6, 6, 1), Residual(6, 6, 1))
        self.layer2 = nn.Sequential(Residual(6, 10, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(10, 4)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(x, 1))


class Inverted(nn.Module):
    def __init__(self, channels, width, stride, expand):
        super().__init__()
        hidden = channels * expand
        self.shortcut = stride == 1 and channels == width
        self.conv = nn.Sequential(
            nn.Conv2d(channels, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False),
            nn.BatchNorm2d(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, width, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x):
        return x + self.conv(x) if self.shortcut else self.conv(x)


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 3, 2, 1, bias=False),
            nn.BatchNorm2d(6),
            nn.ReLU6(),
            Inverted(6, 4, 1, 1),
            Inverted(4, 6, 2, 3),
            Inverted(6, 6, 1, 3),
        )
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 5))

    def forward(self, x):
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


class SqueezeExcite(nn.Module):
    """MobileNetV3's block, with hard activations and grouped convolutions."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.grouped = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=2)
        self.reduce = nn.Conv2d(8, 3, 1)
        self.expand = nn.Conv2d(3, 8, 1)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        x = nn.functional.hardswish(self.stem(x))
        x = nn.functional.hardswish(self.grouped(x))
        s = nn.functional.adaptive_avg_pool2d(x, 1)
        s = nn.functional.hardsigmoid(self.expand(torch.relu(self.reduce(s))))
        x = x * s
        return torch.log_softmax(self.head(x.mean([2, 3])), 1)


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(4 + 3 * i) for i in range(3)])
        self.convs = nn.ModuleList([nn.Conv2d(4 + 3 * i, 3, 3, padding=1, bias=False) for i in range(3)])
        self.norm5 = nn.BatchNorm2d(13)
        self.transition = nn.Conv2d(13, 6, 1, bias=False)
        self.classifier = nn.Linear(6, 5)

    def forward(self, x):
        features = [self.conv0(x)]
        for norm, conv in zip(self.norms, self.convs):
            features.append(conv(torch.relu(norm(torch.cat(features, 1)))))
        x = self.transition(torch.relu(self.norm5(torch.cat(features, 1))))
        x = nn.functional.avg_pool2d(x, 2, 2)
        x = nn.functional.adaptive_avg_pool2d(torch.relu(x), (1, 1))
        return torch.softmax(self.classifier(torch.flatten(x, 1)), -1)


class Encoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        y = self.norm1(x)
        y, _ = self.attention(y, y, y, need_weights=False)
        x = x + y
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        width = 12
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.class_token = nn.Parameter(torch.randn(1, 1, width) * 0.1)
        self.position = nn.Parameter(torch.randn(1, 17, width) * 0.1)
        self.layers = nn.Sequential(Encoder(width, 3), Encoder(width, 3))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 5)

    def forward(self, x):
        n = x.shape[0]
        x = self.patches(x).reshape(n, 12, 16).permute(0, 2, 1)
        x = torch.cat([self.class_token.expand(n, -1, -1), x], 1) + self.position
        return self.head(self.norm(self.layers(x))[:, 0])


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 4, 3, padding=1)
        self.down2 = nn.Conv2d(4, 6, 3, padding=1)
        self.up = nn.ConvTranspose2d(6, 4, 2, 2)
        self.up3 = nn.ConvTranspose2d(4, 4, 3, 2, 1, output_padding=1)
        self.norm = nn.GroupNorm(2, 8)
        self.instance = nn.InstanceNorm2d(4, affine=True)
        self.prelu = nn.PReLU(4)
        self.out = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        a = self.prelu(self.instance(self.down1(x)))
        b = nn.functional.elu(self.down2(nn.functional.max_pool2d(a, 2)))
        up = nn.functional.leaky_relu(self.up(b), 0.1)
        c = self.norm(torch.cat([a, up], 1))
        d = nn.functional.interpolate(c, scale_factor=2, mode="bilinear", align_corners=False)
        d = nn.functional.interpolate(d, scale_factor=2, mode="nearest")
        e = nn.functional.softplus(self.out(d))
        return e[:, :, 1:-1, 2:] + nn.functional.pad(self.up3(a), (0, 0, 0, 0))[:, :2, :30, :30].repeat(1, 1, 2, 2)[:, :, :46, :46]


class Sentence(nn.Module):
    """Embedding, convolution over time, LSTM and GRU in both directions."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 6)
        self.conv = nn.Conv1d(6, 8, 3, padding=1)
        self.lstm = nn.LSTM(8, 5, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(10, 4, batch_first=True)
        self.rnn = nn.RNN(4, 4, batch_first=True)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = self.embedding(x).transpose(1, 2)
        x = nn.functional.max_pool1d(torch.relu(self.conv(x)), 2).transpose(1, 2)
        x, _ = self.lstm(x)
        x, _ = self.gru(x)
        x, _ = self.rnn(x)
        return self.fc(x[:, -1])


class TwoInputs(nn.Module):
    """Two inputs and two outputs, with arithmetic that no layer has."""

    def __init__(self):
        super().__init__()
        self.left = nn.Linear(6, 4)
        self.right = nn.Linear(5, 4, bias=False)
        self.scale = nn.Parameter(torch.ones(4) * 0.7)

    def forward(self, a, b):
        x, y = self.left(a), self.right(b)
        z = torch.where(x > y, x * self.scale, y - x.abs().sqrt())
        joined = torch.cat([z, x.clamp(-0.5, 0.5), y.pow(2)], 1)
        first, second = joined.split([5, 7], 1)
        return first.mean(1, keepdim=True), torch.einsum("bi,bj->bij", first, second).amax(2)


def draw(module):
    """Weights and statistics that are not the beginning's."""
    for m in module.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.uniform_(-0.3, 0.3)
            m.running_var.uniform_(0.5, 1.5)
            m.weight.data.uniform_(0.5, 1.5)
            m.bias.data.uniform_(-0.3, 0.3)
    return module.eval()


TORCH = {
    "lenet": (LeNet, [(1, 28, 28)]),
    "vgg": (Vgg, [(3, 16, 16)]),
    "resnet": (ResNet, [(3, 32, 32)]),
    "mobilenet": (MobileNet, [(3, 16, 16)]),
    "squeeze-excite": (SqueezeExcite, [(3, 12, 12)]),
    "densenet": (DenseNet, [(3, 8, 8)]),
    "vit": (ViT, [(3, 16, 16)]),
    "unet": (UNet, [(1, 12, 12)]),
    "sentence": (Sentence, [("tokens", 8)]),
    "two-inputs": (TwoInputs, [(6,), (5,)]),
}


def samples(shapes, count):
    random = np.random.default_rng(1)
    return [
        random.integers(0, 20, (count, *shape[1:])).astype(np.int64)
        if shape[0] == "tokens"
        else random.standard_normal((count, *shape)).astype(np.float32)
        for shape in shapes
    ]


def write(name, model, inputs):
    """The file, and beside it inputs and outputs in the file's order."""
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = [value.name for value in session.get_inputs()]
    fixed = [v for v in session.get_inputs() if not isinstance(v.shape[0], str) and v.shape[0] is not None]
    if fixed:
        parts = [session.run(None, dict(zip(names, [x[i : i + 1] for x in inputs]))) for i in range(len(inputs[0]))]
        outputs = [np.concatenate(p) for p in zip(*parts)]
    else:
        outputs = session.run(None, dict(zip(names, inputs)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())
    arrays = {f"input{i}": x.astype(np.int32) if x.dtype == np.int64 else x for i, x in enumerate(inputs)}
    arrays |= {f"output{i}": y for i, y in enumerate(outputs)}
    np.savez(FOLDER / f"{name}.npz", **arrays)
    operators = sorted({node.op_type for node in model.graph.node})
    size = len(model.SerializeToString())
    print(f"{name}: opset {model.opset_import[0].version}, {size} bytes, {' '.join(operators)}")


def without_stacks(model):
    """Removes the exporter's notes on where each node comes from: paths and lines of source."""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    for tensor in model.graph.initializer:
        del tensor.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    return model


def torch_files(wanted):
    for name, (make, shapes) in TORCH.items():
        if not wanted("torch-" + name) and not wanted("torchscript-" + name):
            continue
        torch.manual_seed(0)
        with torch.no_grad():
            module = draw(make())
        inputs = samples(shapes, 3)
        tensors = tuple(torch.from_numpy(x) for x in inputs)
        names = [f"input{i}" for i in range(len(shapes))]
        batch = torch.export.Dim("batch")
        program = torch.onnx.export(
            module,
            tensors,
            dynamo=True,
            input_names=names,
            dynamic_shapes=tuple({0: batch} for _ in shapes),
            verbose=False,
            optimize=True,
        )
        write(f"torch-{name}", without_stacks(program.model_proto), inputs)
        # The older exporter; some with open batches and old opsets, some with a fixed batch of 1.
        fixed = name in ("vgg", "densenet")
        opset = {"lenet": 9, "resnet": 11, "mobilenet": 10, "two-inputs": 12, "unet": 16, "vit": 17}.get(name, 13)
        buffer = io.BytesIO()
        torch.onnx.export(
            module,
            tuple(t[:1] for t in tensors) if fixed else tensors,
            buffer,
            dynamo=False,
            opset_version=opset,
            input_names=names,
            do_constant_folding=name != "resnet",
            training=torch.onnx.TrainingMode.PRESERVE if name == "resnet" else torch.onnx.TrainingMode.EVAL,
            dynamic_axes=None if fixed else {n: {0: "batch"} for n in names},
        )
        write(f"torchscript-{name}", onnx.load_from_string(buffer.getvalue()), inputs)


def keras_files(wanted):
    if not wanted("keras"):
        return
    import keras
    import tensorflow as tf
    import tf2onnx
    from keras import layers

    def inverted(x, width, stride):
        y = layers.Conv2D(12, 1, use_bias=False)(x)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        if stride == 2:
            y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = layers.DepthwiseConv2D(3, stride, "valid" if stride == 2 else "same", use_bias=False)(y)
        y = layers.ReLU(6.0)(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(width, 1, use_bias=False)(y))
        return layers.Add()([x, y]) if stride == 1 else y

    def mobilenet():
        x = keras.Input((16, 16, 3))
        y = layers.Conv2D(6, 3, 2, "same")(x)
        y = inverted(inverted(y, 6, 1), 8, 2)
        y = layers.GlobalAveragePooling2D()(y)
        return keras.Model(x, layers.Dense(4, activation="softmax")(layers.Dropout(0.2)(y)))

    def lab():
        return keras.Sequential(
            [
                keras.Input((12, 12, 1)),
                layers.Rescaling(1 / 255),
                layers.Conv2D(6, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.SeparableConv2D(8, 3, padding="same", activation="elu"),
                layers.AveragePooling2D(2, padding="same"),
                layers.Flatten(),
                layers.Dense(10, activation="swish"),
                layers.LayerNormalization(),
                layers.Dense(3, activation="sigmoid"),
            ]
        )

    def text():
        return keras.Sequential(
            [
                keras.Input((8,), dtype="int32"),
                layers.Embedding(20, 6),
                layers.Conv1D(6, 3, padding="same", activation="relu"),
                layers.LSTM(5, return_sequences=True, unroll=True),
                layers.GlobalMaxPooling1D(),
                layers.Dense(3),
            ]
        )

    def decoder():
        x = keras.Input((6, 6, 4))
        y = layers.Conv2DTranspose(4, 3, 2, "same", activation="selu")(x)
        y = layers.UpSampling2D(2, interpolation="bilinear")(y)
        y = layers.GroupNormalization(2)(y)
        y = layers.Cropping2D(1)(y)
        return keras.Model(x, layers.Conv2D(2, 3, activation="tanh")(y))

    rows = {
        "mobilenet": (mobilenet, [(16, 16, 3)]),
        "lab": (lab, [(12, 12, 1)]),
        "text": (text, [("tokens", 8)]),
        "decoder": (decoder, [(6, 6, 4)]),
    }
    for name, (make, shapes) in rows.items():
        if not wanted("keras-" + name):
            continue
        keras.utils.set_random_seed(0)
        keras.backend.clear_session()
        model = make()
        random = np.random.default_rng(2)
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.set_weights([random.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
        inputs = samples(shapes, 3)
        if name == "text":
            inputs = [x.astype(np.int32) for x in inputs]
        signature = [
            tf.TensorSpec((None, *x.shape[1:]), x.dtype, name=f"input{i}") for i, x in enumerate(inputs)
        ]
        function = tf.function(lambda x: model(x, training=False), input_signature=signature)
        proto, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=15)
        write(f"keras-{name}", proto, inputs)


if __name__ == "__main__":
    words = sys.argv[1:]
    wanted = lambda name: not words or any(word in name or name in word for word in words)
    torch_files(wanted)
    keras_files(wanted)
