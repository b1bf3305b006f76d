#!/usr/bin/env python3
"""files/old-*: the models of files.py as Keras 2 writes them, which TensorFlow had until 2.15.

    python3 -m venv .venv && .venv/bin/pip install tf-keras==2.21.0 tensorflow-cpu==2.21.0 keras==3.15.1
    .venv/bin/python old_files.py

Keras 2 lives on in tf-keras; its files are those of TensorFlow's tf.keras of the same time.
"""

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tf_keras

import files
from make_golden import OUT, save_json, save_npz


def main():
    folder = OUT / "files"
    arrays, cases = {}, []
    for make in files.MODELS:
        tf_keras.backend.clear_session()
        tf_keras.utils.set_random_seed(1)
        name = "old-" + make.__name__

        def save(model):
            model.save(folder / f"{name}.keras")
            model.save(folder / f"{name}.h5", save_format="h5")
            model.save_weights(folder / f"{name}.weights.h5")
            model.save_weights(folder / f"{name}-weights.h5", save_format="h5")

        cases.append(files.case(name, *make(tf_keras, tf_keras.layers), save, arrays))
        print(cases[-1])
    save_json(folder / "old-files.json", {"cases": cases})
    save_npz(folder / "old-files.npz", arrays)


if __name__ == "__main__":
    main()
