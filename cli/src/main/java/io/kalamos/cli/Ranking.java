package io.kalamos.cli;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which class a prediction means, with probabilities.
///
/// A single number is the probability of the second of two classes. Numbers beyond 0 to 1 are
/// logits: their sigmoid or softmax is taken.
///
/// @param names of all classes
record Ranking(List<String> names) {
  /// A class and how probable it is.
  record Guess(String label, double probability) {}

  /// The class names that the model's file carries, else numbers.
  static Ranking of(Model model, int outputs) {
    int classes = Math.max(2, outputs);
    var names = model.extras().classNames();
    return new Ranking(
        names.size() == classes
            ? names
            : IntStream.range(0, classes).mapToObj(Integer::toString).toList());
  }

  /// Whether predictions are logits rather than probabilities.
  static boolean logits(Tensor predictions) {
    return Arrays.stream(predictions.toDoubles()).anyMatch(value -> value < 0 || value > 1);
  }

  /// The most probable classes of one prediction, most probable first, equals in their order.
  List<Guess> best(double[] prediction, boolean logits, int most) {
    double[] probabilities = probabilities(prediction, logits);
    var guesses = new ArrayList<Guess>();
    for (int i = 0; i < probabilities.length; i++) {
      guesses.add(new Guess(names.get(i), probabilities[i]));
    }
    guesses.sort(Comparator.comparingDouble(Guess::probability).reversed());
    return guesses.subList(0, Math.min(most, guesses.size()));
  }

  private static double[] probabilities(double[] prediction, boolean logits) {
    if (prediction.length == 1) {
      double second = logits ? 1 / (1 + Math.exp(-prediction[0])) : prediction[0];
      return new double[] {1 - second, second};
    }
    if (!logits) {
      return prediction;
    }
    double greatest = Arrays.stream(prediction).max().orElse(0);
    double[] powers = Arrays.stream(prediction).map(p -> Math.exp(p - greatest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }
}
