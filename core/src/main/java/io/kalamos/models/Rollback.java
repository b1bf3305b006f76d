package io.kalamos.models;

import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.List;

/// The way back from a loss that is not a number: values at the epoch's begin, from which the steps
/// up to the bad one are done again, so that the weights are those before it and the first layer
/// that fails can be named.
///
/// Programs repeat exactly for a seed and a thread count, so the same steps give the same weights.
final class Rollback {
  private final Model model;
  private final Compiled compiled;
  private final Snapshot begin;

  Rollback(Model model, Compiled compiled) {
    this.model = model;
    this.compiled = compiled;
    this.begin = new Snapshot(model.network(), compiled);
  }

  /// Keeps the values of now.
  void remember() {
    begin.take();
  }

  /// Goes back to before the step and says where it fails first.
  TrainingException explained(Feed feed, int epoch, int step) {
    begin.restore();
    feed.rewind();
    for (int before = 0; before < step; before++) {
      feed.next();
      compiled.step(feed.batch(), compiled.rate().at(compiled.iterations()));
    }
    feed.next();
    return new TrainingException(
        "fit: "
            + culprit(feed.batch())
            + ", received loss=NaN or infinite in epoch "
            + (epoch + 1)
            + ", step "
            + (step + 1)
            + ". The weights are those before this step. Lower the learning rate, scale the data,"
            + " or add TerminateOnNaN to end quietly.");
  }

  private String culprit(Batches batch) {
    for (Variable variable : model.network().weights().all()) {
      if (!finite(variable.value())) {
        return variable.path() + ": expected finite weights (the last update was not)";
      }
    }
    Program program = compiled.layers(batch);
    List<Topology.Step> steps = model.network().topology().steps();
    for (int i = 0; i < steps.size(); i++) {
      if (!finite(program.output("step/" + i))) {
        Topology.Step step = steps.get(i);
        return step.path() + " (" + step.layer().kind() + "): expected finite results";
      }
    }
    return "loss: expected a finite loss of finite predictions";
  }

  static boolean finite(Tensor tensor) {
    for (long i = 0; i < tensor.size(); i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return false;
      }
    }
    return true;
  }
}
