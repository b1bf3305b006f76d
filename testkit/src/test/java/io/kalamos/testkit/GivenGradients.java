package io.kalamos.testkit;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.data.Samples;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.initializers.Zeros;
import io.kalamos.layers.Call;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import io.kalamos.losses.Loss;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// A model whose gradients are its data: the loss is the mean over two equal rows of the sum of
/// weight times gradient.
final class GivenGradients {
  static final Loss LOSS =
      (target, prediction) ->
          Ops.reshape(Ops.subtract(prediction, target), Shape.of(prediction.shape().dim(0)));

  private final List<Tensor> gradients;
  private final Model model;

  /// @param gradients of each weight, the first axis being the steps
  GivenGradients(List<Tensor> gradients, Weighted layer) {
    this.gradients = gradients;
    Input[] inputs = gradients.stream().map(g -> Input.of(sizes(g))).toArray(Input[]::new);
    this.model = Model.of(List.of(inputs), List.of(layer.on(inputs)));
  }

  private static int[] sizes(Tensor gradients) {
    int[] all = gradients.shape().toArray();
    return Arrays.copyOfRange(all, 1, all.length);
  }

  /// Trains over all steps from these weights on.
  ///
  /// @return the weights after each step, and those that fit leaves behind
  List<List<Tensor>> train(Optimizer optimizer, List<Tensor> weights, String backend) {
    model.setWeights(weights);
    model.compile(Compilation.of(optimizer, LOSS).running(run -> run.backend(backend).threads(2)));
    List<Tensor> x = gradients.stream().map(GivenGradients::doubled).toList();
    int rows = x.getFirst().shape().dim(0);
    Samples samples = new Samples(x, List.of(Tensor.zeros(DType.FLOAT32, Shape.of(rows, 1))));
    List<List<Tensor>> history = new ArrayList<>();
    Callback recorder =
        new Callback() {
          @Override
          public boolean wantsBatches() {
            return true;
          }

          @Override
          public void on(TrainingEvent event) {
            if (event instanceof TrainingEvent.BatchEnd end) {
              history.add(end.training().weights());
            }
          }
        };
    model.fit(samples, fit -> fit.batchSize(2).shuffle(false).verbose(false).callbacks(recorder));
    history.add(model.getWeights());
    model.close();
    return history;
  }

  /// Each row twice.
  private static Tensor doubled(Tensor rows) {
    Shape shape = rows.shape();
    Tensor twice = Tensor.zeros(rows.dtype(), shape.with(0, 2 * shape.dim(0)));
    int length = Math.toIntExact(shape.rowSize());
    twice.fill(i -> rows.get((long) (i / length / 2) * length + i % length));
    return twice;
  }

  /// The sum of weight times input over several inputs: (batch, 1).
  record Weighted(Optional<String> name, List<String> weights, List<WeightOptions> options)
      implements Layer {
    static Weighted of(String... weights) {
      WeightOptions zeros = WeightOptions.of(Zeros.of());
      List<WeightOptions> options = Collections.nCopies(weights.length, zeros);
      return new Weighted(Optional.empty(), List.of(weights), options);
    }

    Weighted options(int weight, WeightOptions other) {
      List<WeightOptions> varied = new ArrayList<>(options);
      varied.set(weight, other);
      return new Weighted(name, weights, varied);
    }

    @Override
    public Weighted named(String name) {
      return new Weighted(Optional.of(name), weights, options);
    }

    @Override
    public boolean takesSeveral() {
      return true;
    }

    @Override
    public Node call(Call call, Node x) {
      List<Node> sums = new ArrayList<>();
      for (int i = 0; i < weights.size(); i++) {
        Node input = call.inputs().get(i);
        Shape shape = input.shape();
        int[] all = shape.toArray();
        Shape one = Shape.of(Arrays.copyOfRange(all, 1, all.length));
        Node product = Ops.multiply(input, call.weight(weights.get(i), one, options.get(i)));
        int size = Math.toIntExact(one.size());
        sums.add(Ops.sumLast(Ops.reshape(product, Shape.of(shape.dim(0), size))));
      }
      return sums.stream().reduce(Ops::add).orElseThrow();
    }
  }
}
