package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/// What the engine says when shapes, types or options do not fit.
class MessagesTest {
  private static final Node MATRIX = Ops.fill(1, Shape.of(2, 3), DType.FLOAT32);
  private static final Node PICTURES = Ops.fill(1, Shape.of(2, 4, 4, 3), DType.FLOAT32);

  @TestFactory
  Stream<DynamicTest> messages() {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, Shape.of(2, 3));
    Variable variable = new Variable("dense/kernel", tensor, true);
    return Stream.of(
        says(
            "Shape: expected axis sizes of 0 or more (or Shape.OPEN), received shape=[2, -2]."
                + " Use positive sizes.",
            () -> Shape.of(2, -2)),
        says(
            "broadcast: expected axes that are equal or 1 from the end, received shapes=(2, 3) and (2,)."
                + " Reshape one of them.",
            () -> Shape.broadcast(Shape.of(2, 3), Shape.of(2))),
        says(
            "Tensor.of: expected 6 values for shape (2, 3), received length=2."
                + " Give one value per element.",
            () -> Tensor.of(new float[2], 2, 3)),
        says(
            "Tensor.view: expected 24 bytes of native memory for float32(2, 3), received 8 native"
                + " bytes. Map or copy the data into native memory first.",
            () -> Tensor.view(DType.FLOAT32, Shape.of(2, 3), Arena.ofAuto().allocate(8))),
        says(
            "Tensor.view: expected 24 bytes of native memory for float32(2, 3), received 24 heap"
                + " bytes. Map or copy the data into native memory first.",
            () -> Tensor.view(DType.FLOAT32, Shape.of(2, 3), MemorySegment.ofArray(new byte[24]))),
        says(
            "Tensor.reshape: expected 6 elements, received shape=(4,)."
                + " Keep the number of elements.",
            () -> tensor.reshape(4)),
        says(
            "Tensor.rows: expected 0 <= from <= to <= 2, received from=1, to=3."
                + " Choose rows that exist.",
            () -> tensor.rows(1, 3)),
        says(
            "Tensor.copyFrom: expected shape (2, 3), received shape=(2,)."
                + " Give a tensor of the same size.",
            () -> tensor.copyFrom(Tensor.zeros(DType.FLOAT32, Shape.of(2)))),
        says(
            "add: expected operands of one type, received float32(2, 3) and int32(2, 3)."
                + " Cast one of them.",
            () -> Ops.add(MATRIX, Ops.cast(MATRIX, DType.INT32))),
        says(
            "matmul: expected matrices (..., m, k) and (..., k, n), received shapes=(2, 3)ᵀ and (2, 3)ᵀ."
                + " Reshape or transpose the inputs.",
            () -> Ops.matmul(MATRIX, MATRIX, true, true)),
        says(
            "matmul: expected matrices (..., m, k) and (..., k, n), received shapes=(2, 4, 4, 3)"
                + " and (2, 3). Reshape or transpose the inputs.",
            () -> Node.of(new MatMul(false, false), PICTURES, MATRIX)),
        says(
            "slice: expected 0 <= from < to <= size for each axis of (2, 3), received from=[0, 2],"
                + " to=[2, 4]. Choose elements that exist.",
            () -> Ops.slice(MATRIX, -1, 2, 4)),
        says(
            "slice: expected an axis of (2, 3), received axis=2. Choose one from -2 to 1.",
            () -> Ops.slice(MATRIX, 2, 0, 1)),
        says(
            "pad: expected 0 or more zeros before and after each axis of (2, 3), received"
                + " before=[0, -1], after=[0, 1]. Give two numbers for each axis.",
            () -> Ops.pad(MATRIX, new int[] {0, -1}, new int[] {0, 1})),
        says(
            "concatenate: expected parts of one type that differ along axis 1 only, received"
                + " [float32(2, 3), float32(2, 4, 4, 3)]."
                + " Reshape or cast them, or choose another axis.",
            () -> Ops.concatenate(-1, MATRIX, PICTURES)),
        says(
            "concatenate: expected parts of one type that differ along axis 0 only, received"
                + " [float32(2, 3), int32(2, 3)]."
                + " Reshape or cast them, or choose another axis.",
            () -> Ops.concatenate(0, MATRIX, Ops.cast(MATRIX, DType.INT32))),
        says(
            "concatenate: expected 1 part or more, received parts=[]. Give something to join.",
            () -> Ops.concatenate(0)),
        says(
            "split: expected a number of parts that divides axis 1 of (2, 3), received parts=2."
                + " Choose a divisor of 3.",
            () -> Ops.split(MATRIX, 1, 2)),
        says(
            "gather: expected a matrix (vocabulary, units) and whole numbers, received"
                + " table=(2, 3), indices=float32(2, 3)."
                + " Reshape the table or cast the indices to int32.",
            () -> Ops.gather(MATRIX, MATRIX)),
        says(
            "conv2d_transpose: expected pictures and a kernel (3, 3, filters, channels) that a"
                + " convolution of (2, 7, 6, 5) fits, received pictures=(2, 4, 4, 3), kernel=(3, 3,"
                + " 5, 3). Choose an output size that the window makes the pictures of.",
            () ->
                Ops.conv2dTranspose(
                    PICTURES,
                    Ops.fill(1, Shape.of(3, 3, 5, 3), DType.FLOAT32),
                    Window.valid(3, 3, 1, 1),
                    7,
                    6)),
        says(
            "reshape: expected 6 elements as in (2, 3), received shape=(5,)."
                + " Keep the number of elements.",
            () -> Ops.reshape(MATRIX, Shape.of(5))),
        says(
            "transpose: expected an order of all axes of (2, 3), received order=[0, 0]."
                + " Name each axis once.",
            () -> Ops.transpose(MATRIX, 0, 0)),
        says(
            "reduce: expected axes below the rank of (2, 3), received axes=[2]."
                + " Choose axes that exist.",
            () -> Ops.sum(MATRIX, 2)),
        says(
            "broadcast: expected a shape that repeats to (3,), received shape=(2, 3)."
                + " Reshape the input.",
            () -> Ops.broadcastTo(MATRIX, Shape.of(3))),
        says(
            "conv2d: expected a kernel (3, 3, 3 / 1, filters), received kernel=(3, 3, 2, 8) for"
                + " pictures (2, 4, 4, 3). Make channels and filters divisible by groups.",
            () ->
                Ops.conv2d(
                    PICTURES,
                    Ops.fill(1, Shape.of(3, 3, 2, 8), DType.FLOAT32),
                    Window.valid(3, 3, 1, 1),
                    1)),
        says(
            "max_pool2d: expected pictures (batch, height, width, channels), received"
                + " shape=(2, 3). Reshape the input.",
            () -> Ops.maxPool2d(MATRIX, Window.valid(2, 2, 2, 2))),
        says(
            "average_pool2d: expected pictures at least as large as the window of 5x5 pixels,"
                + " received shape=(2, 4, 4, 3). Use a smaller window or padding \"same\".",
            () -> Ops.averagePool2d(PICTURES, Window.valid(5, 5, 1, 1))),
        says(
            "gradients: expected a single number to differentiate, received shape=(2, 3)."
                + " Sum or average it first.",
            () -> Gradients.of(MATRIX, List.of())),
        says(
            "max_pool2d: expected first derivatives only, received a second one."
                + " Use average pooling where the gradient's gradient is needed.",
            () -> new MaxPool2DGradient(Window.valid(2, 2, 2, 2)).gradient(PICTURES, PICTURES)),
        says(
            "dense/kernel: expected an update of float32(2, 3), received float32(3,)."
                + " Reshape or cast the update.",
            () -> new Assign(variable, Ops.fill(0, Shape.of(3), DType.FLOAT32))),
        says(
            "compile: expected 1 thread or more, received threads=0."
                + " Leave it out to use all cores.",
            () -> CompileOptions.seeded(1).threads(0)));
  }

  private static DynamicTest says(String message, Executable mistake) {
    return dynamicTest(
        message,
        () -> assertEquals(message, assertThrows(RuntimeException.class, mistake).getMessage()));
  }
}
