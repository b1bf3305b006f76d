package io.kalamos.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every message about a wrong option of data, word by word.
class DatasetMessageTest {
  private static final Dataset TEN = Dataset.range(10);
  private static final Samples SAMPLES =
      Samples.of(Tensor.of(new float[8], 4, 2), Tensor.of(new float[] {0, 1, 0.5f, 2}, 4));

  private static Arguments row(String message, Executable wrong) {
    return Arguments.of(message, wrong);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        row(
            "batch: expected size of 1 or more, received size=0. Keras's default is 32.",
            () -> TEN.batch(0)),
        row(
            "prefetch: expected ahead of 1 or more, received ahead=0. 2 is enough for most.",
            () -> TEN.prefetch(0)),
        row(
            "shuffle: expected bufferSize of 1 or more, received bufferSize=0. As many as the data"
                + " have mixes them best.",
            () -> TEN.shuffle(0)),
        row(
            "repeat: expected count of 0 or more, received count=-1. Use repeat() for no end.",
            () -> TEN.repeat(-1)),
        row(
            "take: expected count of 0 or more, received count=-1. Leave it out to take all.",
            () -> TEN.take(-1)),
        row(
            "skip: expected count of 0 or more, received count=-2. Use 0 to skip none.",
            () -> TEN.skip(-2)),
        row(
            "interleave: expected cycleLength of 1 or more, received cycleLength=0. 1 is one after"
                + " another.",
            () -> TEN.interleave(e -> TEN, 0, 1)),
        row(
            "interleave: expected blockLength of 1 or more, received blockLength=0. 1 is tf.data's"
                + " default.",
            () -> TEN.interleave(e -> TEN, 1, 0)),
        row(
            "cache: expected a dataset with an end, received dataset=range(10) > repeat. Put"
                + " cache() before repeat(), or take(...) before cache().",
            () -> TEN.repeat().cache()),
        row(
            "dataset: expected a dataset with an end, received dataset=range(10) > repeat. Use"
                + " take(...) before toList().",
            () -> TEN.repeat().toList()),
        row(
            "dataset: expected epoch of 0 or more, received epoch=-1. Passes count from 0.",
            () -> TEN.elements(-1)),
        row(
            "dataset: expected size of 0 or more, received size=-1. Give the number of elements.",
            () -> Dataset.of(-1, i -> null)),
        row(
            "dataset: expected x of shape (samples, ...), received x=int32(). Add the axis of"
                + " samples.",
            () -> Dataset.of(Tensor.zeros(DType.INT32, Shape.SCALAR))),
        row(
            "dataset: expected tensors in the model's order, without names, received names=[left,"
                + " sum]. Use new Samples(x, y) with lists, or give the samples to fit as they are.",
            () ->
                Dataset.of(
                    Samples.of(
                        Map.of("left", SAMPLES.x().getFirst()),
                        Map.of("sum", SAMPLES.y().getFirst())))),
        row(
            "split: expected a dataset of known size, received dataset=range(10) > repeat. Split"
                + " before filter and repeat, or use take and skip.",
            () -> TEN.repeat().split(0.5)),
        row(
            "split: expected leftSize above 0 and below 1 with elements on both sides out of 10,"
                + " received leftSize=0.01. Give more elements or another share.",
            () -> TEN.split(0.01)),
        row(
            "split: expected leftSize above 0 and below 1 with elements on both sides out of 10,"
                + " received leftSize=1.5. Give more elements or another share.",
            () -> TEN.split(1.5)),
        row(
            "element: expected at least one tensor x, received x=[]. Give the sample itself.",
            () -> new Element(List.of(), List.of())),
        row(
            "element: expected a target, received y=[]. Give the dataset targets, as with"
                + " Dataset.zip.",
            () -> TEN.elements().next().target()),
        row(
            "oneHot: expected classes of 1 or more, received classes=0. Give the number of"
                + " classes.",
            () -> Decoding.oneHot(0)),
        row(
            "scaled: expected 4 numbers for shape (2, 2), received tensor=int32(). Give the shape"
                + " that the numbers have.",
            () ->
                Decoding.scaled(1, 2, 2)
                    .decode(
                        Tensor.zeros(DType.INT32, Shape.SCALAR), Tensor.of(new float[4], 2, 2))),
        row(
            "split: expected a part above 0 and below 1, received part=1.0. Give a fraction, such"
                + " as 0.1.",
            () -> Split.tail(1)),
        row(
            "split: expected a part above 0 and below 1, received part=0.0. Give a fraction, such"
                + " as 0.1.",
            () -> Split.shuffled(0, 1)),
        row(
            "split: expected a part above 0 and below 1, received part=NaN. Give a fraction, such"
                + " as 0.1.",
            () -> Split.stratified(Double.NaN, 1)),
        row(
            "split: expected samples for training and for validation out of 4, received part=0.9."
                + " Give more data or another part.",
            () -> Split.shuffled(0.9, 1).of(SAMPLES)),
        row(
            "Split.stratified: expected class indices or one-hot targets, received y=float32(4,)."
                + " Use Split.shuffled for other targets.",
            () -> Split.stratified(0.25, 1).of(SAMPLES)),
        row(
            "samples: expected rows from 0 to 3, received row=4. Choose rows that exist.",
            () -> SAMPLES.select(new int[] {0, 4})),
        row(
            "toCategorical: expected whole numbers from 0 to 2, received labels[1]=3. Count classes"
                + " from 0, or give more classes.",
            () -> Preprocessing.toCategorical(Tensor.of(new int[] {0, 3}, 2), 3)),
        row(
            "toCategorical: expected whole numbers from 0 to 2, received labels[0]=-1. Count"
                + " classes from 0, or give more classes.",
            () -> Preprocessing.toCategorical(Tensor.of(new int[] {-1, 2}, 2), 3)),
        row(
            "toCategorical: expected whole numbers from 0 to 2, received labels[2]=0.5. Count"
                + " classes from 0, or give more classes.",
            () -> Preprocessing.toCategorical(Tensor.of(new float[] {0, 1, 0.5f}, 3), 3)),
        row(
            "toCategorical: expected classes of 1 or more, received classes=0. Give the number of"
                + " classes.",
            () -> Preprocessing.toCategorical(Tensor.of(new int[] {0}, 1), 0)),
        row(
            "toCategorical: expected labels from 0 on, received greatest label=none. Give the"
                + " number of classes, and labels that count from 0.",
            () -> Preprocessing.toCategorical(Tensor.of(new int[0], 0))),
        row(
            "normalize: expected an axis from -2 to 1, received axis=2. Use -1 for the last axis.",
            () -> Preprocessing.normalize(Tensor.of(new float[4], 2, 2), 2, 2)),
        row(
            "normalize: expected order of 1 or more, received order=0.5. Keras's default is 2.",
            () -> Preprocessing.normalize(Tensor.of(new float[4], 2, 2), 0, 0.5)),
        row(
            "padSequences: expected maxlen of 1 or more, received maxlen=0. Leave it out for the"
                + " longest sequence.",
            () -> Preprocessing.padSequences(List.of(), pad -> pad.maxlen(0))),
        row(
            "padSequences: expected a value of type int32, received value=0.5. Use another dtype.",
            () -> Preprocessing.padSequences(List.of(), pad -> pad.value(0.5))),
        row(
            "padSequences: expected a value of type uint8, received value=256.0. Use another"
                + " dtype.",
            () -> Preprocessing.padSequences(List.of(), pad -> pad.dtype(DType.UINT8).value(256))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
