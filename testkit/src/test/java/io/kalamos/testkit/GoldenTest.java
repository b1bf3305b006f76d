package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenTest {
  @Test
  void operationsAreWhole() {
    var operations = Golden.operations();
    assertEquals(147, operations.size());
    for (var operation : operations) {
      assertFalse(operation.inputs().isEmpty(), operation.name());
      operation
          .gradients()
          .forEach(
              (i, gradient) ->
                  assertArrayEquals(
                      operation.inputs().get(i).shape(), gradient.shape(), operation.name()));
      operation
          .seed()
          .ifPresent(
              seed ->
                  assertArrayEquals(
                      operation.outputs().getFirst().shape(), seed.shape(), operation.name()));
    }
  }

  @Test
  void reluAndItsGradientAreWhatTheyAreCalled() {
    var relu = operation("relu");
    var x = relu.inputs().getFirst().floats();
    var seed = relu.seed().orElseThrow().floats();
    for (int i = 0; i < x.length; i++) {
      assertEquals(Math.max(x[i], 0), relu.outputs().getFirst().floats()[i]);
      assertEquals(x[i] > 0 ? seed[i] : 0, relu.gradients().get(0).floats()[i]);
    }
  }

  @Test
  void denseIsTheFirstStepOfATraining() {
    var run = Golden.training("regression-mse-normalization");
    assertArrayEquals(new int[] {70, 6}, run.x().shape());
    assertEquals(
        List.of(
            "normalization/mean",
            "normalization/variance",
            "normalization/count",
            "dense/kernel",
            "dense/bias",
            "dense_1/kernel",
            "dense_1/bias"),
        run.weights().stream().map(Golden.Weight::path).map(GoldenTest::lastTwo).toList());
    var mean = run.weights().getFirst().initial().floats();
    var sum = 0.0;
    for (int row = 0; row < 70; row++) {
      sum += run.x().floats()[row * 6];
    }
    assertEquals(sum / 70, mean[0], 1e-5);
  }

  @Test
  void trainingsLowerTheLossAndChangeTheWeights() {
    assertTrue(Golden.trainings().size() >= 40, "networks");
    for (var name : Golden.trainings()) {
      var run = Golden.training(name);
      var loss = run.history().get("loss");
      assertEquals(run.epochs(), loss.length, name);
      assertTrue(loss[run.epochs() - 1] < loss[0], name);
      assertEquals(8, run.predict().shape()[0], name);
      assertTrue(run.evaluate().containsKey("loss"), name);
      for (var weight : run.weights()) {
        if (weight.isTrainable()) {
          var before = weight.initial().floats();
          assertFalse(Arrays.equals(before, weight.trained().floats()), name + " " + weight.path());
        }
      }
    }
  }

  @Test
  void defaultsNamesAndSummariesAreThere() {
    var classes = Golden.json("defaults.json").get("classes");
    var rate = classes.get("optimizers.Adam").get("parameters").get("learning_rate");
    assertEquals(0.001, rate.get("default").number());
    assertTrue(classes.get("layers.Dense").get("parameters").get("units").get("required").bool());
    assertEquals(
        List.of(new Json.Text("conv2d"), new Json.Text("conv2d_1"), new Json.Text("conv2d_2")),
        Golden.json("names.json").get("Conv2D").items());
    assertTrue(Golden.text("summaries/lab-cnn.txt").contains("Total params: 1,190,346 (4.54 MB)"));
  }

  @Test
  void anUnknownTrainingIsNamed() {
    var message =
        assertThrows(IllegalArgumentException.class, () -> Golden.training("x")).getMessage();
    assertTrue(
        message.startsWith("Golden.training: expected one of [softmax-sgd, ")
            && message.endsWith(", received name=x. Take a name of the list."),
        message);
  }

  private static Golden.Operation operation(String name) {
    return Golden.operations().stream()
        .filter(o -> o.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String lastTwo(String path) {
    var parts = path.split("/");
    return parts.length < 2 ? path : parts[parts.length - 2] + "/" + parts[parts.length - 1];
  }
}
