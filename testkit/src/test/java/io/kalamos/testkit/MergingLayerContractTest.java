package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.layers.Add;
import io.kalamos.layers.Average;
import io.kalamos.layers.Call;
import io.kalamos.layers.Concatenate;
import io.kalamos.layers.Dot;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Maximum;
import io.kalamos.layers.Minimum;
import io.kalamos.layers.Multiply;
import io.kalamos.layers.Subtract;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that join several inputs, over one input and what becomes of it.
class MergingLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  /// A layer over the input and another one made of it.
  record Joined(Optional<String> name, Layer layer) implements Layer {
    @Override
    public Joined named(String name) {
      return new Joined(Optional.of(name), layer);
    }

    @Override
    public Node call(Call call, Node x) {
      return call.inner("joined", layer, x, Ops.add(Ops.multiply(x, -0.7), 0.2));
    }
  }

  private static Layer two(Layer layer) {
    return new Joined(Optional.empty(), layer);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        over(two(Add.of()), 3, 4),
        over(two(Subtract.of()), 3, 4),
        over(two(Multiply.of()), 3, 4),
        over(two(Average.of()), 3, 4),
        over(two(Maximum.of()), 3, 4),
        over(two(Minimum.of()), 3, 4),
        over(two(Concatenate.of()), 3, 4),
        over(two(Concatenate.of().axis(1)), 3, 4),
        over(two(Dot.of(1)), 5),
        over(two(Dot.of(2).normalize(true)), 3, 4),
        over(two(Dot.of(1, 1)), 3, 4));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(8, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(11, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer instanceof Joined joined ? joined.layer().kind() : layer.kind();
  }
}
