"""Holds exported ONNX files against ONNX's own checker.

    python check_files.py FOLDER

Each file must pass the checker with full checks, shapes must follow strictly from the operators, and
those that follow for outputs must be the ones that the file states. Prints how many files passed.
The tests of this module leave all their files in target/exported.
"""

import collections
import pathlib
import sys

import onnx


def shape(value):
    return [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]


def check(file):
    """The operators of a file that is as ONNX wants it."""
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    stated = {output.name: shape(output) for output in model.graph.output}
    open_outputs = onnx.ModelProto()
    open_outputs.CopyFrom(model)
    for output in open_outputs.graph.output:
        output.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(
        open_outputs, check_type=True, strict_mode=True, data_prop=True
    )
    for output in inferred.graph.output:
        for said, follows in zip(stated[output.name], shape(output), strict=True):
            if isinstance(follows, int) and follows != 0 and said != follows:
                raise ValueError(f"{output.name}: stated {stated[output.name]}, follows {shape(output)}")
    return collections.Counter(node.op_type for node in model.graph.node)


def main(folder):
    files = sorted(pathlib.Path(folder).glob("*.onnx"))
    operators = collections.Counter()
    wrong = 0
    for file in files:
        try:
            operators += check(file)
        except Exception as problem:
            wrong += 1
            print(f"{file.name}: {problem}", file=sys.stderr)
    print(f"{len(files) - wrong} of {len(files)} files pass, {len(operators)} operators:")
    print(", ".join(f"{name} {count}" for name, count in sorted(operators.items())))
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
