package io.kalamos.labs;

import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// A step of a lab.
///
/// @param name what `--step` takes
/// @param parameters of its model, exactly; 0 where it has several models
/// @param epochs that it is trained without `--epochs`, at most
/// @param original what the original reached, by the names of our figures; NaN for what it did not
///   print
/// @param floored the figure that has a floor
/// @param floor the least value of that figure; empty where the original gave none
public record LabStep(
    String name,
    String title,
    long parameters,
    int epochs,
    SequencedMap<String, Double> original,
    String floored,
    OptionalDouble floor) {
  public LabStep {
    original = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(original));
  }

  /// A step without an original.
  static LabStep of(String name, String title, long parameters, int epochs) {
    return new LabStep(
        name, title, parameters, epochs, new LinkedHashMap<>(), "", OptionalDouble.empty());
  }

  /// The same with a figure of the original.
  LabStep original(String figure, double value) {
    var more = new LinkedHashMap<>(original);
    more.put(figure, value);
    return new LabStep(name, title, parameters, epochs, more, floored, floor);
  }

  /// The same with the least value of a figure.
  LabStep floor(String figure, double value) {
    return new LabStep(name, title, parameters, epochs, original, figure, OptionalDouble.of(value));
  }

  /// The same with a floor this far below the original, since seeds differ.
  LabStep tolerance(String figure, double tolerance) {
    return floor(figure, original.get(figure) - tolerance);
  }

  /// A new model over images of 28x28 with weights of this seed, whose size is checked.
  Model model(String lab, List<Layer> layers, long seed) {
    var all = new ArrayList<Layer>(List.of(Input.of(28, 28, 1)));
    all.addAll(layers);
    var model = Sequential.of(all).initialize(seed);
    if (model.countParams() != parameters) {
      throw new IllegalStateException(
          "lab "
              + lab
              + ", step "
              + name
              + ": expected "
              + parameters
              + " parameters, received countParams="
              + model.countParams()
              + ". A layer has changed: its figures cannot be compared.");
    }
    return model;
  }
}
