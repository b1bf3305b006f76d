package io.kalamos.testkit;

import io.kalamos.activations.Activations;
import io.kalamos.engine.Node;
import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.Attention;
import io.kalamos.layers.Bidirectional;
import io.kalamos.layers.Call;
import io.kalamos.layers.Dense;
import io.kalamos.layers.GRU;
import io.kalamos.layers.LSTM;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Masking;
import io.kalamos.layers.Merge;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.SimpleRNN;
import io.kalamos.layers.TimeDistributed;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceLayerContractTest {
  /// A layer over the same sequences as query, value and key.
  record OverItself(Optional<String> name, Layer layer, int times) implements Layer {
    static OverItself of(Layer layer, int times) {
      return new OverItself(Optional.empty(), layer, times);
    }

    @Override
    public OverItself named(String name) {
      return new OverItself(Optional.of(name), layer, times);
    }

    @Override
    public Node call(Call call, Node x) {
      return call.inner("inner", layer, java.util.Collections.nCopies(times, x), List.of())
          .getFirst();
    }
  }

  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    var normal = RandomNormal.of().stddev(0.5);
    return Stream.of(
        over(SimpleRNN.of(3), 4, 2),
        over(SimpleRNN.of(3).returnSequences(true).useBias(false), 4, 2),
        over(SimpleRNN.of(2).goBackwards(true).activation(Activations.SIGMOID), 3, 2),
        over(LSTM.of(3).biasInitializer(normal), 4, 2),
        over(LSTM.of(3).returnSequences(true).unitForgetBias(false), 4, 2),
        over(LSTM.of(2).useBias(false).goBackwards(true), 3, 2),
        over(LSTM.of(2).returnState(true), 3, 2),
        over(GRU.of(3).biasInitializer(normal), 4, 2),
        over(GRU.of(3).resetAfter(false).biasInitializer(normal), 4, 2),
        over(GRU.of(2).returnSequences(true).useBias(false), 3, 2),
        over(GRU.of(2).resetAfter(false).useBias(false).goBackwards(true), 3, 2),
        over(Bidirectional.of(LSTM.of(2)), 3, 2),
        over(Bidirectional.of(GRU.of(2).returnSequences(true)).mergeMode(Merge.SUM), 3, 2),
        over(Bidirectional.of(SimpleRNN.of(2)).mergeMode(Merge.MUL), 3, 2),
        over(Bidirectional.of(SimpleRNN.of(2)).mergeMode(Merge.AVE), 3, 2),
        over(Bidirectional.of(SimpleRNN.of(2)).unmerged(), 3, 2),
        over(TimeDistributed.of(Dense.of(3)), 4, 2),
        over(TimeDistributed.of(LSTM.of(2)), 2, 3, 2),
        over(Masking.of(), 4, 2),
        over(MultiHeadAttention.of(2, 3), 4, 3),
        over(MultiHeadAttention.of(2, 3).valueDim(2).outputShape(5).useBias(false), 4, 3),
        over(MultiHeadAttention.of(1, 2).causal(true).biasInitializer(normal), 4, 3),
        over(OverItself.of(MultiHeadAttention.of(2, 2), 3), 4, 3),
        over(OverItself.of(Attention.of(), 2), 4, 3),
        over(OverItself.of(Attention.of().useScale(true), 3), 4, 3),
        over(
            OverItself.of(
                Attention.of().scoreMode(Attention.ScoreMode.CONCAT).useScale(true).causal(true),
                2),
            4,
            3));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int... sizes) {
    LayerContract.check(layer, sizes);
  }
}
