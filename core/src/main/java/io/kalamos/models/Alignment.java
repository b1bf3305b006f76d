package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Loss;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Brings samples into the order of a model: inputs, and targets and weights of the outputs that
/// have goals.
final class Alignment {
  private final String where;
  private final Network network;
  private final Goals goals;
  private final Samples given;

  Alignment(String where, Network network, Goals goals, Samples given) {
    this.where = where;
    this.network = network;
    this.goals = goals;
    this.given = given;
  }

  Samples samples() {
    List<Tensor> x = Checks.inputs(where, network, x());
    if (goals.own().isPresent()) {
      List<Tensor> y = given.y().stream().map(this::computed).toList();
      List<Optional<Tensor>> weights = given.weights().stream().map(this::weight).toList();
      return new Samples(x, y, weights, List.of(), List.of());
    }
    List<Tensor> y = new ArrayList<>();
    List<Optional<Tensor>> weights = new ArrayList<>();
    List<Integer> places = targets();
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      y.add(computed(target(goals.targets().get(i), given.y().get(place))));
      weights.add(
          given.weights().isEmpty() ? Optional.empty() : weight(given.weights().get(place)));
    }
    boolean weighted = weights.stream().anyMatch(Optional::isPresent);
    return new Samples(x, y, weighted ? weights : List.of(), List.of(), List.of());
  }

  private List<Tensor> x() {
    if (given.inputNames().isEmpty()) {
      return given.x();
    }
    List<String> inputs =
        IntStream.range(0, network.topology().inputs().size())
            .mapToObj(network::inputName)
            .toList();
    known("x", "an input's name", given.inputNames(), inputs);
    return inputs.stream()
        .map(name -> given.x().get(named("x", given.inputNames(), name)))
        .toList();
  }

  /// Where the target of each output with goals is among those given.
  private List<Integer> targets() {
    List<Integer> wanted = goals.targets();
    if (!given.outputNames().isEmpty()) {
      known("y", "an output's name", given.outputNames(), goals.outputs());
      return wanted.stream()
          .map(output -> named("y", given.outputNames(), goals.outputs().get(output)))
          .toList();
    }
    if (given.y().size() == goals.outputs().size()) {
      return wanted;
    }
    if (given.y().size() != wanted.size()) {
      throw Refusal.of(
          where,
          "a target for each of the " + goals.outputs().size() + " outputs",
          "targets",
          given.y().size(),
          "Give as many tensors y as the model has outputs.");
    }
    return IntStream.range(0, wanted.size()).boxed().toList();
  }

  private void known(String option, String expected, List<String> names, List<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw Problems.unknown(where, expected, option, name, known);
      }
    }
  }

  private int named(String option, List<String> names, String name) {
    int place = names.indexOf(name);
    if (place < 0) {
      throw Refusal.of(
          where, "data for " + name, option, names, "Add a tensor of that name to " + option + ".");
    }
    return place;
  }

  private Tensor target(int output, Tensor y) {
    String name = goals.outputs().get(output);
    Optional<Loss> loss = goals.losses().get(output);
    return loss.map(l -> Targets.checked(l, name, network.outputShape(output), y)).orElse(y);
  }

  private Tensor computed(Tensor data) {
    return Checks.computed(network, data);
  }

  private Optional<Tensor> weight(Optional<Tensor> weight) {
    weight.ifPresent(this::finite);
    return weight.map(this::computed);
  }

  private void finite(Tensor weight) {
    if (weight.dtype().floating() && !Scan.finite(weight)) {
      throw Refusal.of(
          where,
          "finite weights",
          "first",
          Scan.firstNotFinite(weight),
          "Give 0 to samples that shall not count.");
    }
  }
}
