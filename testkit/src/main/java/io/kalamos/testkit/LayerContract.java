package io.kalamos.testkit;

import io.kalamos.data.Samples;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Losses;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/// What every layer must keep, ours and those of users: `LayerContract.check(Dense.of(3), 4)`.
///
/// The layer stands behind one that multiplies its input by trainable factors, so that the gradient
/// with respect to the layer's input is checked also where it has no weights. A breach is an
/// `AssertionError` that says what was expected.
public final class LayerContract {
  private static final int SAMPLES = 6;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-5;

  private final Layer layer;
  private final Shape sample;
  private final Tensor x;

  private LayerContract(Layer layer, int... sizes) {
    this.layer = layer;
    this.sample = Shape.of(sizes);
    this.x = random(sample.prepend(SAMPLES), 1);
  }

  /// Checks a layer over samples of these sizes, without the batch.
  ///
  /// @throws AssertionError where the contract is broken
  public static void check(Layer layer, int... sizes) {
    LayerContract contract = new LayerContract(layer, sizes);
    contract.keepsItsName();
    contract.keepsTheBatch();
    contract.repeatsForASeed();
    contract.savesAndLoads();
    contract.hasTheRightGradient();
    contract.learns();
  }

  private void keepsItsName() {
    Layer named = layer.named("other");
    expect(named.name().equals(Optional.of("other")), "named(\"other\") to rename it");
    expect(named.named("x").equals(layer.named("x")), "a renamed copy to differ in nothing else");
  }

  /// Rows are computed alike, alone or among others, and of the shape that the summary shows.
  private void keepsTheBatch() {
    Model model = model(layer);
    Tensor all = model.predict(x);
    String shape = all.shape().with(0, Shape.OPEN).toString().replace(",)", ")");
    expect(model.summary().contains(shape), "the shape " + shape + " in the summary");
    for (int size : new int[] {1, 2, 5}) {
      Tensor some = model.predict(x.rows(0, size));
      expect(some.shape().dim(0) == size, "a batch of " + size + " to stay one");
      equal(all.rows(0, size), some, 1e-5, "rows in a batch of " + size);
    }
    model.close();
  }

  private void repeatsForASeed() {
    List<Tensor> one = model(layer).initialize(5).getWeights();
    List<Tensor> same = model(layer).initialize(5).getWeights();
    for (int i = 0; i < one.size(); i++) {
      equal(one.get(i), same.get(i), 0, "weights of the same seed");
    }
  }

  private void savesAndLoads() {
    try {
      Path file = Files.createTempFile("kalamos", ".weights");
      Model model = model(layer).initialize(7);
      model.saveWeights(file);
      Model other = model(layer).initialize(8);
      other.loadWeights(file);
      equal(model.predict(x), other.predict(x), 0, "predictions after loading the weights");
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The loss of a training step as the weights are, and the weights after it: with plain descent
  /// and a rate of 1 their difference is the gradient.
  private record Step(double loss, Map<String, Tensor> after) {}

  private Step step(Model model, List<Tensor> weights, Samples samples) {
    compile(model, 1, Precision.FLOAT64);
    model.setWeights(weights);
    double loss =
        model
            .fit(samples, fit -> fit.batchSize(SAMPLES).shuffle(false).verbose(false))
            .metric("loss")
            .getFirst();
    return new Step(loss, model.weights());
  }

  private void hasTheRightGradient() {
    Model model = model(layer);
    Samples samples = samples(model, DType.FLOAT64);
    compile(model, 1, Precision.FLOAT64);
    List<Tensor> weights = model.getWeights();
    List<String> paths = List.copyOf(model.weights().keySet());
    Step here = step(model, weights, samples);
    List<Tensor> after = new ArrayList<>();
    here.after().values().forEach(tensor -> after.add(tensor.copy()));
    for (int w = 0; w < weights.size(); w++) {
      Tensor weight = weights.get(w);
      if (!model.trainable(paths.get(w))) {
        continue;
      }
      for (long i : places(weight)) {
        double old = weight.get(i);
        weight.set(i, old + STEP);
        double above = step(model, weights, samples).loss();
        weight.set(i, old - STEP);
        double below = step(model, weights, samples).loss();
        weight.set(i, old);
        double numeric = (above - below) / (2 * STEP);
        double symbolic = old - after.get(w).get(i);
        expect(
            Math.abs(numeric - symbolic) <= TOLERANCE * Math.max(1, Math.abs(numeric)),
            "gradient " + numeric + " of " + paths.get(w) + "[" + i + "], received " + symbolic);
      }
    }
    model.close();
  }

  private static long[] places(Tensor tensor) {
    long last = tensor.size() - 1;
    return last < 4
        ? LongStream.rangeClosed(0, last).toArray()
        : new long[] {0, last / 3, last * 2 / 3, last};
  }

  /// Each step is a first one, as a new compilation begins: random masks stay the same.
  private void learns() {
    Model model = model(layer);
    Samples samples = samples(model, DType.FLOAT32);
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < 10; step++) {
      compile(model, 1e-3, Precision.FLOAT32);
      losses.addAll(
          model
              .fit(samples, fit -> fit.batchSize(SAMPLES).shuffle(false).verbose(false))
              .metric("loss"));
    }
    expect(losses.getLast() < losses.getFirst(), "the loss to fall, received " + losses);
    model.close();
  }

  private Model model(Layer subject) {
    return Sequential.of(Input.of(sample.toArray()), new Factors(Optional.empty()), subject);
  }

  private static void compile(Model model, double rate, Precision precision) {
    model.compile(
        Compilation.of(SGD.of(rate), Losses.MEAN_SQUARED_ERROR)
            .running(run -> run.precision(precision).threads(1).log(line -> {})));
  }

  private Samples samples(Model model, DType type) {
    Shape output = model.predict(x.rows(0, 1)).shape().with(0, SAMPLES);
    return Samples.of(x.cast(type), random(output, 2).cast(type));
  }

  private static Tensor random(Shape shape, int stream) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, shape);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, CounterRandom.normal(11, stream, 0, (int) i));
    }
    return tensor;
  }

  private void equal(Tensor wanted, Tensor actual, double tolerance, String what) {
    expect(wanted.shape().equals(actual.shape()), what + " of shape " + wanted.shape());
    for (long i = 0; i < wanted.size(); i++) {
      double difference = Math.abs(wanted.get(i) - actual.get(i));
      expect(
          difference <= tolerance * Math.max(1, Math.abs(wanted.get(i))),
          what + " to be " + wanted.get(i) + ", received " + actual.get(i));
    }
  }

  private void expect(boolean kept, String what) {
    if (!kept) {
      throw new AssertionError(layer + " over samples " + sample + ": expected " + what);
    }
  }
}
