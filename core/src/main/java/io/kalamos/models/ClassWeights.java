package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Weights of classes as weights of samples, as Keras makes them: a target of several numbers
/// belongs to the class of its greatest.
final class ClassWeights {
  private final Goals goals;
  private final List<Optional<Map<Integer, Double>>> weights;

  private ClassWeights(Goals goals, List<Optional<Map<Integer, Double>>> weights) {
    this.goals = goals;
    this.weights = weights;
  }

  /// The weights of each target, if there are any.
  static Optional<ClassWeights> of(Goals goals, PerOutput<Map<Integer, Double>> option) {
    if (option instanceof PerOutput.All<Map<Integer, Double>> && goals.targets().size() > 1) {
      throw Refusal.of(
          "fit",
          "classWeight by output for the outputs " + goals.outputs(),
          "classWeight",
          option,
          "Use classWeight(output, weights).");
    }
    List<Optional<Map<Integer, Double>>> all = option.of("fit", "classWeight", goals.outputs());
    List<Optional<Map<Integer, Double>>> wanted = goals.targets().stream().map(all::get).toList();
    return wanted.stream().anyMatch(Optional::isPresent)
        ? Optional.of(new ClassWeights(goals, wanted))
        : Optional.empty();
  }

  /// Refuses what no weight can be.
  static void check(PerOutput<Map<Integer, Double>> option) {
    List<Map<Integer, Double>> maps =
        switch (option) {
          case PerOutput.All<Map<Integer, Double>>(var weights) -> List.of(weights);
          case PerOutput.InOrder<Map<Integer, Double>>(var weights) -> weights;
          case PerOutput.ByName<Map<Integer, Double>>(var weights) -> List.copyOf(weights.values());
        };
    for (Map<Integer, Double> weights : maps) {
      weights.forEach(
          (index, weight) -> {
            Refusal.unlessAtLeast(
                "fit", "classWeight", index, 0, "Name classes by their index, from 0 on.");
            Refusal.unlessNotNegative(
                "fit", "classWeight", weight, "Use 0 for a class that does not count.");
          });
    }
  }

  /// The same samples with weights.
  Samples weighted(Samples samples) {
    if (!samples.weights().isEmpty()) {
      throw Refusal.of(
          "fit",
          "weights of classes or of samples",
          "classWeight",
          weights.stream().flatMap(Optional::stream).toList(),
          "Leave out one of them, or multiply the samples' weights.");
    }
    List<Optional<Tensor>> made = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      Tensor y = samples.y().get(i);
      String output = goals.outputs().get(goals.targets().get(i));
      made.add(weights.get(i).map(map -> of(output, y, map)));
    }
    return new Samples(samples.x(), samples.y(), made, List.of(), List.of());
  }

  private static Tensor of(String output, Tensor y, Map<Integer, Double> weights) {
    if (y.shape().rank() > 2) {
      throw Refusal.of(
          "fit: " + output,
          "one label for each sample beside classWeight",
          "shape",
          y.shape(),
          "Use weights of samples: (samples, steps).");
    }
    int rows = y.shape().dim(0);
    int width = (int) y.shape().rowSize();
    Tensor made = Tensor.zeros(DType.FLOAT32, Shape.of(rows));
    for (int row = 0; row < rows; row++) {
      double[] label = y.toDoubles((long) row * width, width);
      made.set(row, weights.getOrDefault(index(label), 1.0));
    }
    return made;
  }

  private static int index(double[] label) {
    if (label.length == 1) {
      return (int) Math.rint(label[0]);
    }
    double greatest = Arrays.stream(label).max().orElseThrow();
    int index = 0;
    while (label[index] != greatest) {
      index++;
    }
    return index;
  }

  /// Batches of which each has weights.
  Batches weighted(Batches batches) {
    return new Weighted(batches);
  }

  private final class Weighted implements Batches {
    private final Batches batches;
    private Samples samples;

    Weighted(Batches batches) {
      this.batches = batches;
    }

    @Override
    public long steps() {
      return batches.steps();
    }

    @Override
    public void open(int pass, long step) {
      batches.open(pass, step);
    }

    @Override
    public boolean next() {
      boolean more = batches.next();
      samples = more ? ClassWeights.this.weighted(batches.samples()) : null;
      return more;
    }

    @Override
    public Samples samples() {
      return samples;
    }

    @Override
    public int[] rows() {
      return batches.rows();
    }

    @Override
    public int from() {
      return batches.from();
    }

    @Override
    public int size() {
      return batches.size();
    }

    @Override
    public void close() {
      batches.close();
    }
  }
}
