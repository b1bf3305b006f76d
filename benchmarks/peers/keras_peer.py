"""Keras on the backend that KERAS_BACKEND names: compile, fit, evaluate, as its guide shows them."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import report

args = report.arguments()

import keras
from keras import layers

import mnist

RELU = "relu"


def network(name):
    inputs = keras.Input(mnist.SHAPES.get(name, (28, 28, 1)))
    match name:
        case "linear":
            body = []
        case "mlp":
            body = [layers.Dense(150, RELU), layers.Dense(150, RELU)]
        case "cnn":
            body = [layers.Conv2D(64, 5, padding="same", activation=RELU), layers.MaxPooling2D(2),
                    layers.Flatten(), layers.Dense(128, RELU), layers.Dense(64, RELU)]
        case "cnn-weights":
            body = [layers.Conv2D(8, 3, activation=RELU), layers.Conv2D(16, 3, activation=RELU),
                    layers.Flatten(), layers.Dense(128, RELU), layers.Dropout(0.2),
                    layers.Dense(32, RELU), layers.Dropout(0.2)]
        case "cnn-bn":
            body = []
            for layer in (layers.Conv2D(12, 3, padding="same", use_bias=False),
                          layers.Conv2D(24, 6, strides=2, padding="same", use_bias=False),
                          layers.Conv2D(32, 6, strides=2, padding="same", use_bias=False),
                          layers.Flatten(),
                          layers.Dense(200, use_bias=False)):
                body.append(layer)
                if not isinstance(layer, layers.Flatten):
                    body += [layers.BatchNormalization(scale=False), layers.Activation(RELU)]
            body.append(layers.Dropout(0.3))
        case "lstm":
            body = [layers.LSTM(128)]
        case "attention":
            x = layers.Dense(64)(inputs)
            x = layers.Add()([x, layers.MultiHeadAttention(2, 32)(x, x)])
            x = layers.Dense(64, RELU)(layers.LayerNormalization()(x))
            x = layers.Dense(10)(layers.GlobalAveragePooling1D()(x))
            return keras.Model(inputs, layers.Activation("softmax", dtype="float32")(x))
    return keras.Sequential([inputs, *body, layers.Dense(10),
                             layers.Activation("softmax", dtype="float32")])


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.epochs_s = []
        self.first_epoch_s = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.epochs_s.append(time.perf_counter() - self.begin)
        if epoch == 0:
            self.first_epoch_s = report.since_start()


keras.utils.set_random_seed(args.seed)
keras.mixed_precision.set_global_policy(args.precision)
(x, y), (test_x, test_y) = mnist.load(args.net)
images = int(len(x) * args.fraction)
model = network(args.net)
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"],
              jit_compile={"auto": "auto", "on": True, "off": False}[args.jit])
clock = Clock()
model.fit(x[:images], y[:images], batch_size=report.BATCH[args.net], epochs=args.epochs, verbose=0,
          callbacks=[clock])
accuracy = model.evaluate(test_x, test_y, batch_size=1000, verbose=0)[1]
evaluate_s = report.pass_s(lambda: model.evaluate(test_x, test_y, batch_size=1000, verbose=0))
predict_s = report.pass_s(lambda: model.predict(test_x, batch_size=1000, verbose=0))
predict_us = None
if args.predict:
    one = test_x[:1]
    predict_us = round(min(report.latency_us(lambda: model.predict(one, verbose=0)),
                           report.latency_us(lambda: keras.ops.convert_to_numpy(model(one)))), 1)
report.print_json(args, model.count_params(), clock.epochs_s, accuracy, clock.first_epoch_s,
                  evaluate_s, predict_s, predict_us)
