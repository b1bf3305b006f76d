package io.kalamos.data;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// A pipeline of elements, as `tf.data` has it: a plan of stages, which runs when a model is
/// trained with it or somebody asks for its [#elements].
///
/// A dataset is immutable; each method gives a longer plan. See the package for what is made when,
/// by whom, and why the result is the same for any number of threads.
public final class Dataset implements Data, Iterable<Element> {
  /// The cardinality of a dataset without an end.
  public static final long INFINITE = -1;

  /// The cardinality of a dataset whose end is only seen when it comes.
  public static final long UNKNOWN = -2;

  private final Stage stage;

  private Dataset(Stage stage) {
    this.stage = stage;
  }

  Stage stage() {
    return stage;
  }

  /// The samples one by one; nothing is copied. Their tensors are in the model's order: elements
  /// have no names.
  public static Dataset of(Samples samples) {
    if (!samples.inputNames().isEmpty() || !samples.outputNames().isEmpty()) {
      throw Refusal.of(
          "dataset",
          "tensors in the model's order, without names",
          "names",
          Stream.concat(samples.inputNames().stream(), samples.outputNames().stream()).toList(),
          "Use new Samples(x, y) with lists, or give the samples to fit as they are.");
    }
    return new Dataset(new Rows(samples.element(), "samples"));
  }

  /// The rows of a tensor; nothing is copied.
  public static Dataset of(Tensor x) {
    if (x.shape().rank() == 0) {
      throw Refusal.of("dataset", "x of shape (samples, ...)", "x", x, "Add the axis of samples.");
    }
    return new Dataset(new Rows(Element.of(x), "tensor"));
  }

  /// The rows of tensors; nothing is copied.
  public static Dataset of(Tensor x, Tensor y) {
    return of(Samples.of(x, y));
  }

  /// `size` elements made from their numbers, by any number of threads at once.
  public static Dataset of(int size, IntFunction<Element> element) {
    Refusal.unlessAtLeast("dataset", "size", size, 0, "Give the number of elements.");
    return new Dataset(new Indexed(size, element));
  }

  /// The elements of an iterator, which is made for each pass from the pass's number and asked by
  /// one thread at a time.
  public static Dataset fromGenerator(LongFunction<Iterator<Element>> elements) {
    return new Dataset(new Generated(elements));
  }

  /// The numbers 0 .. to - 1 as int32 of shape ().
  public static Dataset range(int to) {
    return range(0, to);
  }

  /// The numbers from .. to - 1 as int32 of shape ().
  public static Dataset range(int from, int to) {
    return new Dataset(new Numbers(from, to));
  }

  /// Records of equal length behind a header, as uint8 of shape (recordBytes); the file may be
  /// gzipped, whatever its name. The images of MNIST are
  /// `fixedLengthRecords(Path.of("train-images-idx3-ubyte"), 16, 28 * 28)`.
  public static Dataset fixedLengthRecords(Path file, int headerBytes, int recordBytes) {
    return new Dataset(RecordFile.read(file, headerBytes, recordBytes));
  }

  /// The same of bytes that are in memory or mapped.
  public static Dataset fixedLengthRecords(MemorySegment bytes, int headerBytes, int recordBytes) {
    return new Dataset(RecordFile.records("fixedLengthRecords", bytes, headerBytes, recordBytes));
  }

  /// Pairs of elements, as many as the shorter dataset has. Where neither has targets, the second
  /// one's tensors are the targets; where both have, inputs are put behind inputs and targets
  /// behind targets.
  public static Dataset zip(Dataset first, Dataset second) {
    return new Dataset(new Zipped(first.stage, second.stage, false));
  }

  /// Inputs, targets, and how much each of them counts: a number for each sample, or one for each
  /// of its time steps, as tensors of their own or as those of the targets.
  public static Dataset zip(Dataset x, Dataset y, Dataset weights) {
    return new Dataset(new Zipped(zip(x, y).stage, weights.stage, true));
  }

  /// Each element through a function, which must not keep state: it runs on several threads at
  /// once, inside of `batch` and `prefetch`. The order stays.
  public Dataset map(UnaryOperator<Element> function) {
    return mapped((element, epoch, number) -> function.apply(element));
  }

  /// The same with random numbers that are a function of (seed, pass, number of the element): the
  /// same for any number of threads, others in each pass. Two random maps of one plan should have
  /// different seeds.
  public Dataset map(long seed, BiFunction<Element, RandomGenerator, Element> function) {
    return mapped(
        (element, epoch, number) ->
            function.apply(element, new PlaceRandom(seed, PlaceRandom.MAPS, epoch, number)));
  }

  /// The first input of each element through a decoding, which writes straight into the batch, or
  /// the cache, that follows.
  public Dataset map(Decoding decoding) {
    return new Dataset(new Decoded(stage, decoding));
  }

  /// The first input of each element through a function.
  public Dataset mapInput(UnaryOperator<Tensor> function) {
    return map(element -> element.input(function.apply(element.input())));
  }

  /// The first target of each element through a function.
  public Dataset mapTarget(UnaryOperator<Tensor> function) {
    return map(element -> element.target(function.apply(element.target())));
  }

  /// Each element with its number in the pass, which `tf.data` calls enumerate.
  public Dataset mapEnumerated(BiFunction<Long, Element, Element> function) {
    return mapped((element, epoch, number) -> function.apply(number, element));
  }

  private Dataset mapped(Mapped.Function function) {
    return new Dataset(new Mapped(stage, function));
  }

  /// The elements of which something holds. They are made where they are looked at, one after the
  /// other; a `prefetch` before it makes them in parallel.
  public Dataset filter(Predicate<Element> predicate) {
    return new Dataset(new Filtered(stage, predicate));
  }

  /// For each element a dataset, of which `cycleLength` at a time give `blockLength` elements by
  /// turns. Each of them is opened for the same pass.
  public Dataset interleave(Function<Element, Dataset> datasets, int cycleLength, int blockLength) {
    Refusal.unlessAtLeast("interleave", "cycleLength", cycleLength, 1, "1 is one after another.");
    Refusal.unlessAtLeast("interleave", "blockLength", blockLength, 1, "1 is tf.data's default.");
    return new Dataset(new Interleaved(stage, datasets, cycleLength, blockLength));
  }

  /// These elements, then those.
  public Dataset concatenate(Dataset after) {
    return new Dataset(new Concatenated(stage, after.stage));
  }

  /// Keeps elements in memory once they were made, for all passes over this very dataset. What is
  /// random below is drawn once.
  public Dataset cache() {
    if (cardinality() == INFINITE) {
      throw Refusal.of(
          "cache",
          "a dataset with an end",
          "dataset",
          this,
          "Put cache() before repeat(), or take(...) before cache().");
    }
    return new Dataset(new Cached(stage, new Cache(stage)));
  }

  /// A new order in each pass, drawn through a buffer of so many elements; the same seed gives the
  /// same orders.
  public Dataset shuffle(int bufferSize, long seed) {
    return shuffle(bufferSize, seed, true);
  }

  /// The same with seed 0.
  public Dataset shuffle(int bufferSize) {
    return shuffle(bufferSize, 0);
  }

  /// The same; without `reshuffleEachIteration` every pass has the order of the first.
  public Dataset shuffle(int bufferSize, long seed, boolean reshuffleEachIteration) {
    Refusal.unlessAtLeast(
        "shuffle", "bufferSize", bufferSize, 1, "As many as the data have mixes them best.");
    return new Dataset(new Shuffled(stage, bufferSize, seed, reshuffleEachIteration));
  }

  /// Pass after pass without an end.
  public Dataset repeat() {
    return new Dataset(new Repeated(stage, INFINITE));
  }

  /// So many passes.
  public Dataset repeat(int count) {
    Refusal.unlessAtLeast("repeat", "count", count, 0, "Use repeat() for no end.");
    return new Dataset(new Repeated(stage, count));
  }

  /// The first elements.
  public Dataset take(long count) {
    Refusal.unlessAtLeast("take", "count", count, 0, "Leave it out to take all.");
    return new Dataset(new Taken(stage, count));
  }

  /// All but the first elements.
  public Dataset skip(long count) {
    Refusal.unlessAtLeast("skip", "count", count, 0, "Use 0 to skip none.");
    return new Dataset(new Skipped(stage, count));
  }

  /// Elements behind each other in tensors of shape (size, ...); the last batch may be smaller.
  public Dataset batch(int size) {
    return batch(size, false);
  }

  /// The same; with `dropRemainder` a smaller last batch is left out.
  public Dataset batch(int size, boolean dropRemainder) {
    Refusal.unlessAtLeast("batch", "size", size, 1, "Keras's default is 32.");
    return new Dataset(new Batched(stage, size, dropRemainder));
  }

  /// Makes up to so many elements before they are asked for, in parallel.
  public Dataset prefetch(int ahead) {
    Refusal.unlessAtLeast("prefetch", "ahead", ahead, 1, "2 is enough for most.");
    return new Dataset(new Prefetched(stage, ahead));
  }

  /// Both parts of a dataset of known size.
  public record Parts(Dataset left, Dataset right) {}

  /// The first elements and the rest, as Keras's `split_dataset`: `leftSize` is the share of the
  /// left part, rounded to whole elements, half to even.
  public Parts split(double leftSize) {
    long all = cardinality();
    if (all < 0) {
      throw Refusal.of(
          "split",
          "a dataset of known size",
          "dataset",
          this,
          "Split before filter and repeat, or use take and skip.");
    }
    long left = (long) Math.rint(leftSize * all);
    if (!(leftSize > 0 && leftSize < 1) || left == 0 || left == all) {
      throw Refusal.of(
          "split",
          "leftSize above 0 and below 1 with elements on both sides out of " + all,
          "leftSize",
          leftSize,
          "Give more elements or another share.");
    }
    return new Parts(take(left), skip(left));
  }

  /// The same after a shuffle of all elements, whose order is that of the seed in every pass.
  public Parts split(double leftSize, long seed) {
    return shuffle(Math.clamp(cardinality(), 1, Integer.MAX_VALUE), seed, false).split(leftSize);
  }

  /// The number of elements (of batches, behind `batch`), [#INFINITE] or [#UNKNOWN].
  public long cardinality() {
    return stage.cardinality();
  }

  /// The pass of this number: what is shuffled or random is a function of it. Where functions of
  /// the user run and no `prefetch` comes last, as many elements are made ahead as there are
  /// processors.
  public Elements elements(long epoch) {
    Refusal.unlessAtLeast("dataset", "epoch", epoch, 0, "Passes count from 0.");
    boolean ahead = stage.computes() && !(stage instanceof Prefetched);
    Pass pass = stage.open(epoch);
    return new Elements(ahead ? new Ahead(pass, Parallel.PROCESSORS) : pass);
  }

  /// The first pass.
  public Elements elements() {
    return elements(0);
  }

  /// The first pass, for a loop over all elements; where it is left early, use [#elements] and
  /// close it.
  @Override
  public Iterator<Element> iterator() {
    return elements();
  }

  /// All elements of the first pass.
  public List<Element> toList() {
    if (cardinality() == INFINITE) {
      throw Refusal.of(
          "dataset", "a dataset with an end", "dataset", this, "Use take(...) before toList().");
    }
    List<Element> all = new ArrayList<>();
    forEach(all::add);
    return all;
  }

  /// The plan: `range(10) > map > batch(4)`.
  @Override
  public String toString() {
    return stage.plan();
  }
}
