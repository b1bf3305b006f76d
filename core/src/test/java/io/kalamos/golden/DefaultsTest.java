package io.kalamos.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.initializers.Constant;
import io.kalamos.initializers.Distribution;
import io.kalamos.initializers.RandomNormal;
import io.kalamos.initializers.RandomUniform;
import io.kalamos.initializers.TruncatedNormal;
import io.kalamos.initializers.VarianceScaling;
import io.kalamos.metrics.BinaryAccuracy;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.RMSprop;
import io.kalamos.optimizers.SGD;
import io.kalamos.regularizers.L1;
import io.kalamos.regularizers.L1L2;
import io.kalamos.regularizers.L2;
import io.kalamos.schedules.CosineDecay;
import io.kalamos.schedules.ExponentialDecay;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every default against that of real Keras: all options of a record in their order.
class DefaultsTest {
  static List<Record> parts() {
    return List.of(
        SGD.of(),
        RMSprop.of(),
        Adam.of(),
        Constant.of(),
        RandomNormal.of(),
        TruncatedNormal.of(),
        RandomUniform.of(),
        VarianceScaling.of(),
        L1.of(),
        L2.of(),
        L1L2.of(),
        BinaryAccuracy.of());
  }

  @ParameterizedTest
  @MethodSource("parts")
  void defaultsAreThoseOfKeras(Record part) {
    String name = part.getClass().getSimpleName();
    assertArrayEquals(Golden.values("default." + name), Options.numbers(part), 1e-9);
  }

  @Test
  void optionsOfSchedules() {
    assertEquals(Golden.values("default.CosineDecay")[0], CosineDecay.of(1, 1).alpha());
    assertEquals(
        Golden.values("default.ExponentialDecay")[0] != 0,
        ExponentialDecay.of(1, 1, 1).staircase());
  }

  @Test
  void optionsThatAreWords() {
    assertEquals(VarianceScaling.Mode.FAN_IN, VarianceScaling.of().mode());
    assertEquals(Distribution.TRUNCATED_NORMAL, VarianceScaling.of().distribution());
    assertEquals("binary_accuracy", BinaryAccuracy.of().name());
  }
}
