#!/usr/bin/env python3
"""Reads with TensorBoard itself what the tests of this module wrote, and compares it with Keras's logs.

    ./build -pl tensorboard -am test && .venv/bin/python tensorboard/golden/check.py

The virtual environment is that of keras_board.py. Ends with an error at the first difference.
"""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing import event_accumulator, event_file_loader
from tensorboard.util import tensor_util

import keras_board

TARGET = Path(__file__).resolve().parent.parent / "target"


def close(where, ours, keras, tolerance):
    difference = np.max(np.abs(np.asarray(ours) - np.asarray(keras)), initial=0)
    if not difference <= tolerance:
        sys.exit(f"{where}: {ours} is not {keras}")


def same(where, ours, keras):
    if ours != keras:
        sys.exit(f"{where}: {ours} is not {keras}")


def compare(where, plugin, ours, keras):
    if plugin == "scalars":
        if keras is not None:
            close(where, ours, keras, 2e-5)
    elif plugin == "histograms":
        ours, keras = (np.reshape(table, (30, 3)) for table in (ours, keras))
        close(where, ours[:, :2], keras[:, :2], 1e-4)
        same(where, ours[:, 2].sum(), keras[:, 2].sum())
        close(where + ": values in other buckets", np.abs(ours[:, 2] - keras[:, 2]).sum(), 0, 2)
    elif plugin == "images":
        same(where, (ours["width"], ours["height"]), (keras["width"], keras["height"]))
        close(where, ours["images"], keras["images"], 1)
    else:
        same(where, ours, keras)


def check_keras():
    """Tags and values beside those of Keras's callback, graphs as TensorBoard draws them."""
    golden = json.loads((keras_board.OUT / "keras_board.json").read_text())
    count = 0
    for network, logs in golden.items():
        for run, tags in logs["runs"].items():
            folder = TARGET / "keras-board" / network / run
            ours = keras_board.values(folder)
            same(f"{network}/{run}", sorted(ours), sorted(tags))
            for tag, value in tags.items():
                where = f"{network}/{run}/{tag}"
                same(where, ours[tag]["plugin"], value["plugin"])
                same(where, [str(step) for step in ours[tag]["steps"]], list(value["steps"]))
                for step, wanted in value["steps"].items():
                    compare(where, value["plugin"], ours[tag]["steps"][int(step)], wanted)
                    count += 1
            accumulator = event_accumulator.EventAccumulator(str(folder))
            accumulator.Reload()
            same(f"{network}/{run}", sorted(accumulator.Tags()["tensors"]), sorted(tags))
    print(f"keras: {count} values under the same tags as Keras's")


def check_killed():
    """What killed processes left: every step from 0 on, then nothing or the begin of a record."""
    folders = sorted((TARGET / "killed").glob("*/"))
    if not folders:
        sys.exit("killed: no folders; run KilledWriterTest")
    for folder in folders:
        steps = {}
        for file in folder.glob("*tfevents*"):
            for event in event_file_loader.EventFileLoader(str(file)).Load():
                for value in event.summary.value:
                    steps.setdefault(value.tag, []).append(event.step)
                    if value.tag == "figure":
                        same(str(file), tensor_util.make_ndarray(value.tensor).item(), event.step)
        same(folder.name, sorted(steps), ["figure", "spread", "text"])
        for tag, found in steps.items():
            same(f"{folder.name}/{tag}", found, list(range(len(found))))
        print(f"killed: {folder.name}: {[len(found) for found in steps.values()]} whole values")


class Server:
    """A real TensorBoard on the loopback interface, over one folder."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder)]
        command += ["--host", "127.0.0.1", "--port", "0", "--load_fast", "false"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.base = None
        for line in self.process.stderr:
            found = re.search(r"http://[^ ]*", line)
            if found:
                self.base = found.group(0)
                break

    def get(self, path, **query):
        url = f"{self.base}data/plugin/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url) as answer:
            return answer.read()

    def json(self, path, **query):
        return json.loads(self.get(path, **query))

    def post(self, path, body):
        request = urllib.request.Request(
            f"{self.base}data/plugin/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())


def check_server(seconds=0):
    """What a real server says of an experiment of two trials."""
    server = Server(TARGET / "experiment")
    try:
        for _ in range(60):
            if len(server.json("scalars/tags")) == 4 and len(server.json("text/tags")) == 2:
                break
            time.sleep(1)
        ask(server)
        if seconds:
            print(f"server: {server.base} for {seconds} seconds", flush=True)
            time.sleep(seconds)
    finally:
        server.process.terminate()
        server.process.wait()


def ask(server):
    train, validation = "units-8/train", "units-8/validation"
    scalars = server.json("scalars/tags")
    runs = [f"units-{units}/{run}" for units in (2, 8) for run in ("train", "validation")]
    same("runs", sorted(scalars), runs)
    losses = server.json("scalars/scalars", run=train, tag="epoch_loss")
    same("epoch_loss", [step for _, step, _ in losses], list(range(6)))
    if not losses[-1][2] < losses[0][2]:
        sys.exit(f"epoch_loss does not fall: {losses}")
    same("batch_loss", len(server.json("scalars/scalars", run=train, tag="batch_loss")), 36)
    iterations = server.json("scalars/scalars", run=validation, tag="evaluation_loss_vs_iterations")
    same("iterations", [step for _, step, _ in iterations], [6, 12, 18, 24, 30, 36])
    histograms = server.json("histograms/tags")[train]
    for kind in ("histogram", "gradient"):
        tag = f"sequential/letters/embeddings/{kind}"
        same(tag, tag in histograms, True)
        values = server.json("histograms/histograms", run=train, tag=tag)
        counts = [(step, sum(bucket[2] for bucket in buckets)) for _, step, buckets in values]
        same(tag, counts, [(step, 30.0) for step in range(6)])
    images = server.json("images/tags")
    same("images", "sequential/dense/kernel/image" in images[train], True)
    picture = server.json("images/images", run="units-8/notes", tag="picture", sample=0)
    png = server.get("images/individualImage", **dict(urllib.parse.parse_qsl(picture[0]["query"])))
    same("picture", (png[:4], png[16:24]), (b"\x89PNG", b"\0\0\0\x10\0\0\0\x10"))
    texts = server.json("text/text", run="units-8/notes", tag="remarks")
    same("text", texts[0]["text"], "<p><strong>8</strong> units</p>")
    graph = server.get("graphs/graph", run=train, tag="keras", conceptual="true").decode()
    for name in ("letters", "flatten", "dense", "dense_1"):
        same("graph", f'name: "sequential/{name}"' in graph, True)
    same("graph", server.json("graphs/info")[train]["run_graph"], True)
    graph = server.get("graphs/graph", run=train).decode()
    for name in ("letters", "flatten", "dense", "dense_1"):
        same("graph of nodes", f'name: "{name}"' in graph, True)
    experiment = server.post("hparams/experiment", {"includeMetrics": True})
    names = sorted(info["name"] for info in experiment["hparamInfos"])
    same("hparams", names, ["rate", "units"])
    groups = server.post(
        "hparams/session_groups",
        {
            "allowedStatuses": ["STATUS_SUCCESS"],
            "colParams": [
                {"hparam": "units", "includeInResult": True},
                {"metric": {"group": "validation", "tag": "epoch_accuracy"}, "includeInResult": True},
            ],
            "startIndex": 0,
            "sliceSize": 10,
        },
    )
    found = [
        (group["hparams"]["units"], group["metricValues"][0]["value"])
        for group in groups["sessionGroups"]
    ]
    same("session groups", sorted(units for units, _ in found), [2.0, 8.0])
    same("projector", sorted(server.json("projector/runs")), ["units-2/train", "units-8/train"])
    embeddings = server.json("projector/info", run=train)["embeddings"]
    newest = "letters/epoch 6"
    same("projector", embeddings[0]["tensorName"], newest)
    same("projector", embeddings[0]["tensorShape"], [10, 3])
    vectors = np.frombuffer(server.get("projector/tensor", run=train, name=newest), "float32")
    same("projector", vectors.size, 30)
    labels = server.get("projector/metadata", run=train, name=newest).decode()
    same("projector", labels.split(), list("abcdefghij"))
    print("server: scalars, histograms, images, text, graph, hyperparameters, projector:", found)


if __name__ == "__main__":
    check_keras()
    check_killed()
    check_server(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
