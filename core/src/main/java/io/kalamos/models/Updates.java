package io.kalamos.models;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Assign;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Variable;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.OptimizerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the new values of all weights and of the optimizer's slots.
final class Updates {
  private final Optimizer optimizer;
  private final OptimizerOptions options;
  private final Slots slots;
  private final Map<Variable, Constraint> constraints;

  Updates(Optimizer optimizer, Slots slots, Map<Variable, Constraint> constraints) {
    this.optimizer = optimizer;
    this.options = optimizer.options();
    this.slots = slots;
    this.constraints = constraints;
  }

  /// What gradients are taken of.
  Node objective(Node loss) {
    return options.lossScaleFactor().map(factor -> Ops.multiply(loss, factor)).orElse(loss);
  }

  List<Assign> of(List<Node> parameters, List<Node> gradients) {
    List<Assign> assigns = new ArrayList<>();
    List<Descent> descents = new ArrayList<>();
    List<Node> gathered = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Variable weight = ((Parameter) parameters.get(i).op()).variable();
      Optional<Constraint> constraint = Optional.ofNullable(constraints.get(weight));
      Descent descent = new Descent(parameters.get(i), slots, options, constraint, assigns);
      descents.add(descent);
      gathered.add(descent.gathered(gradients.get(i)));
    }
    List<Node> clipped = clipped(gathered);
    for (int i = 0; i < descents.size(); i++) {
      Descent descent = descents.get(i);
      optimizer.update(descent, descent.decayed(), clipped.get(i));
    }
    return assigns;
  }

  private List<Node> clipped(List<Node> gradients) {
    if (options.globalClipnorm().isPresent()) {
      return byGlobalNorm(gradients, options.globalClipnorm().get());
    }
    if (options.clipnorm().isPresent()) {
      double bound = options.clipnorm().get();
      return gradients.stream().map(gradient -> byNorm(gradient, bound)).toList();
    }
    if (options.clipvalue().isPresent()) {
      double bound = options.clipvalue().get();
      return gradients.stream().map(gradient -> Ops.clip(gradient, -bound, bound)).toList();
    }
    return gradients;
  }

  private static Node byNorm(Node gradient, double bound) {
    Node norm = Ops.sqrt(Ops.sumAll(Ops.square(gradient)));
    return Ops.divide(Ops.multiply(gradient, bound), Ops.maximum(norm, bound));
  }

  /// bound * min(1 / norm, 1 / bound) of each; a norm that is no number makes all of them none.
  private static List<Node> byGlobalNorm(List<Node> gradients, double bound) {
    Optional<Node> squares =
        gradients.stream().map(g -> Ops.sumAll(Ops.square(g))).reduce(Ops::add);
    if (squares.isEmpty()) {
      return gradients;
    }
    Node norm = Ops.sqrt(squares.get());
    Node finite = Ops.multiply(Ops.minimum(Ops.divide(1, norm), 1 / bound), bound);
    Node scale = Ops.add(finite, Ops.subtract(norm, norm));
    return gradients.stream().map(gradient -> Ops.multiply(gradient, scale)).toList();
  }
}
