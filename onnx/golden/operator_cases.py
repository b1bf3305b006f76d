"""Writes the tests of operators that the installed package onnx brings with it as files.

    venv/bin/python operator_cases.py CASES
    ./build -pl onnx -am test -Dtest=OperatorCasesTest \\
        -Dsurefire.failIfNoSpecifiedTests=false -Dkalamos.onnx.cases=CASES

Each case becomes a folder with model.onnx and the tensors of its first set of data. What has other
values than tensors is written without data, for the reader to count.
"""

import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import load_node_model_tests

warnings.filterwarnings("ignore")


def write(folder, kind, values):
    for i, value in enumerate(values):
        tensor = value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(np.asarray(value))
        (folder / f"{kind}_{i}.pb").write_bytes(tensor.SerializeToString())


if __name__ == "__main__":
    cases = load_node_model_tests()
    for case in cases:
        folder = pathlib.Path(sys.argv[1]) / case.name
        data = folder / "test_data_set_0"
        data.mkdir(parents=True, exist_ok=True)
        (folder / "model.onnx").write_bytes(case.model.SerializeToString())
        inputs, outputs = case.data_sets[0]
        if all(isinstance(value, (np.ndarray, np.generic, onnx.TensorProto)) for value in [*inputs, *outputs]):
            write(data, "input", inputs)
            write(data, "output", outputs)
    print(f"onnx {onnx.__version__}: {len(cases)} cases")
