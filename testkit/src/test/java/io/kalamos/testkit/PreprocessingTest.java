package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.data.PadSequences;
import io.kalamos.data.PadSequences.Side;
import io.kalamos.data.Preprocessing;
import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What `keras.utils` makes of arrays.
class PreprocessingTest {
  private static final Json INDEX = Golden.json("preprocessing.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("preprocessing.npz");

  @TestFactory
  Stream<DynamicTest> keras() {
    return INDEX.get("cases").items().stream()
        .map(one -> dynamicTest(one.get("name").text(), () -> check(one)));
  }

  private static void check(Json one) {
    String name = one.get("name").text();
    Map<String, Json> config = one.get("config").fields();
    Tensor x = KerasNetwork.tensor(ARRAYS.get(name + "/x"));
    Tensor y = KerasNetwork.tensor(ARRAYS.get(name + "/y"));
    Tensor ours =
        switch (name.substring(0, name.indexOf('-'))) {
          case "pad" -> padded(config);
          case "categorical" -> categorical(x, (int) config.get("classes").number());
          default -> {
            double order = config.get("order").number();
            yield Preprocessing.normalize(
                x,
                (int) config.get("axis").number(),
                order == 1e9 ? Double.POSITIVE_INFINITY : order);
          }
        };
    assertEquals(y.toString(), ours.toString());
    assertArrayEquals(y.toDoubles(), ours.toDoubles(), 1e-6);
  }

  private static Tensor categorical(Tensor x, int classes) {
    return classes == 0 ? Preprocessing.toCategorical(x) : Preprocessing.toCategorical(x, classes);
  }

  private static Tensor padded(Map<String, Json> config) {
    PadSequences pad = PadSequences.DEFAULTS;
    for (var option : config.entrySet()) {
      Json value = option.getValue();
      pad =
          switch (option.getKey()) {
            case "maxlen" -> pad.maxlen((int) value.number());
            case "padding" -> pad.padding(side(value));
            case "truncating" -> pad.truncating(side(value));
            case "value" -> pad.value(value.number());
            case "dtype" -> pad.dtype(DType.FLOAT32);
            default -> throw new AssertionError(option.getKey());
          };
    }
    List<int[]> sequences =
        INDEX.get("sequences").items().stream()
            .map(one -> one.items().stream().mapToInt(i -> (int) i.number()).toArray())
            .toList();
    PadSequences options = pad;
    return config.isEmpty()
        ? Preprocessing.padSequences(sequences)
        : Preprocessing.padSequences(sequences, any -> options);
  }

  private static Side side(Json value) {
    return Side.valueOf(value.text().toUpperCase(Locale.ROOT));
  }
}
