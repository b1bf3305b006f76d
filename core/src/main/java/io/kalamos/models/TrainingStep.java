package io.kalamos.models;

import io.kalamos.engine.Node;
import java.util.List;
import java.util.Optional;

/// What a user's own training makes small, written with symbolic operations: for a loss that is
/// more than a comparison of outputs with targets, such as that of two views of a sample.
///
/// ```java
/// model.compile(
///     Compilation.of(
///         Adam.of(),
///         step -> Ops.meanAll(Ops.square(Ops.subtract(step.output(), step.targets().getFirst())))));
/// ```
///
/// It is written once for each batch size, in training and in evaluation. Gradients, the optimizer,
/// penalties of regularisers and states of layers follow as they do with losses.
@FunctionalInterface
public interface TrainingStep {
  /// The loss of a batch: a single number, or one for each sample whose mean is taken.
  Node loss(Step step);

  /// What a step is given and may do while it is written.
  interface Step {
    /// Whether this is a training step; false in evaluation.
    boolean training();

    /// The data of each input of the model, (batch, ...).
    List<Node> inputs();

    /// The targets as they were given, (batch, ...): any number of them, also none.
    List<Node> targets();

    /// The weights of the samples of a target, (batch), where there are some.
    Optional<Node> weights(int target);

    /// The outputs of the model for its inputs.
    List<Node> outputs();

    /// The first output.
    default Node output() {
      return outputs().getFirst();
    }

    /// All outputs of the model, or of a model within it, for other inputs. Called several times,
    /// it shares its weights.
    List<Node> call(Model part, List<Node> inputs);

    /// The first output of the same.
    default Node call(Model part, Node... inputs) {
      return call(part, List.of(inputs)).getFirst();
    }

    /// Lets the weights of an inner model follow another loss than the one returned: in a network
    /// of two that play against each other.
    void minimize(Node loss, Model part);

    /// Gives the value of a figure that [Compilation#logs] names: a single number, or one for each
    /// sample whose mean is taken.
    void log(String name, Node value);
  }
}
