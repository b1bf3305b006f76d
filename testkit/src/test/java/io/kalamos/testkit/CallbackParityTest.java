package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.LambdaCallback;
import io.kalamos.callbacks.Mode;
import io.kalamos.callbacks.ReduceLROnPlateau;
import io.kalamos.callbacks.SwapEMAWeights;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.losses.Losses;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// ReduceLROnPlateau and SwapEMAWeights against what Keras's did.
class CallbackParityTest {
  private static final Json INDEX = Golden.json("training_parts.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("training_parts.npz");

  static Stream<Json> plateaus() {
    List<Json> cases = INDEX.get("plateaus").items();
    assertEquals(6, cases.size());
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("plateaus")
  void ratesAreThoseOfKeras(Json spec) {
    ReduceLROnPlateau callback = ReduceLROnPlateau.on("val_loss").mode(Mode.MIN);
    for (Map.Entry<String, Json> option : spec.get("options").fields().entrySet()) {
      Json value = option.getValue();
      callback =
          switch (option.getKey()) {
            case "patience" -> callback.patience((int) value.number());
            case "factor" -> callback.factor(value.number());
            case "cooldown" -> callback.cooldown((int) value.number());
            case "min_lr" -> callback.minLr(value.number());
            case "min_delta" -> callback.minDelta(value.number());
            case "mode" -> callback.mode(Mode.MAX);
            case String other -> throw new AssertionError(other);
          };
    }
    double[] rate = {0.1};
    Training training = training(rate);
    callback.on(new TrainBegin(training));
    List<Json> values = spec.get("values").items();
    for (int epoch = 0; epoch < values.size(); epoch++) {
      SequencedMap<String, Double> logs = new LinkedHashMap<>();
      logs.put("val_loss", values.get(epoch).number());
      callback.on(new EpochEnd(training, epoch, logs));
      double wanted = spec.get("rates").items().get(epoch).number();
      assertEquals(wanted, rate[0], 1e-6 * wanted, "after epoch " + epoch);
    }
  }

  /// A run that has nothing but a rate.
  private static Training training(double[] rate) {
    return (Training)
        Proxy.newProxyInstance(
            Training.class.getClassLoader(),
            new Class<?>[] {Training.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "learningRate" -> {
                    if (arguments == null) {
                      yield rate[0];
                    }
                    rate[0] = (double) arguments[0];
                    yield null;
                  }
                  case "log" -> {
                    assertEquals(List.of("learning_rate", rate[0]), List.of(arguments));
                    yield null;
                  }
                  case String other -> throw new AssertionError(other);
                });
  }

  static Stream<Integer> averages() {
    assertEquals(6, INDEX.get("averages").items().size());
    return IntStream.range(0, 6).boxed();
  }

  private static Tensor array(String name) {
    return KerasNetwork.tensor(ARRAYS.get("averages/" + name));
  }

  @ParameterizedTest
  @MethodSource("averages")
  void averagesAreThoseOfKeras(int number) {
    Json spec = INDEX.get("averages").items().get(number);
    Model model = Sequential.of(Input.of(3), Dense.of(2).useBias(false));
    model.setWeights(List.of(array("kernel")));
    SGD sgd = SGD.of(0.1).useEma(true).emaMomentum(0.8);
    if (spec.get("frequency") instanceof Json.Num(double updates)) {
      sgd = sgd.emaOverwriteFrequency((int) updates);
    }
    model.compile(sgd, Losses.MEAN_SQUARED_ERROR);
    List<Callback> callbacks = new ArrayList<>();
    if (spec.get("swap") instanceof Json.Bool(boolean swap)) {
      callbacks.add(SwapEMAWeights.of().swapOnEpoch(swap));
    }
    List<Tensor> seen = new ArrayList<>();
    callbacks.add(
        LambdaCallback.of().onEpochEnd(end -> seen.add(end.training().weights().getFirst())));
    Samples all = Samples.of(array("x"), array("y"));
    History history =
        model.fit(
            all.rows(0, 16),
            fit ->
                fit.batchSize(4)
                    .epochs(3)
                    .shuffle(false)
                    .verbose(false)
                    .validationData(all.rows(16, 24))
                    .callbacks(callbacks.toArray(Callback[]::new)));

    for (String figure : List.of("loss", "val_loss")) {
      assertArrayEquals(
          spec.get(figure).items().stream().mapToDouble(Json::number).toArray(),
          history.metric(figure).stream().mapToDouble(v -> v).toArray(),
          1e-5,
          figure);
    }
    for (int epoch = 0; epoch < 3; epoch++) {
      assertArrayEquals(
          array(number + "/epochs").rows(epoch, epoch + 1).toDoubles(),
          seen.get(epoch).toDoubles(),
          1e-5,
          "epoch " + epoch);
    }
    assertArrayEquals(
        array(number + "/final").toDoubles(), model.getWeights().getFirst().toDoubles(), 1e-5);
    model.close();
  }
}
