package io.kalamos.cli;

import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;

import io.kalamos.data.Samples;
import io.kalamos.datasets.LabeledImages;
import io.kalamos.datasets.Mnist;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.optimizers.Adam;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Trains a standard network on all 60,000 images and times its epochs; the accuracy comes from the
/// same run, so that no speed is reported of a network that does not learn.
record TrainingBench(StandardNetwork network, int epochs, Precision precision, Runs runs) {
  private static final int PROFILED_STEPS = 50;
  private static final int PASS_BATCH = 1000;
  private static final long WARM_UP_NANOS = 500_000_000;
  private static final int PASSES = 7;

  /// The figures by the names that they have in JSON.
  SequencedMap<String, Object> run(boolean profile) {
    var mnist = Mnist.load();
    var times = new EpochTimes();
    try (var model = network.model(runs.seed())) {
      model.compile(
          Compilation.of(Adam.of(1e-3), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY)
              .running(run -> runs.apply(run).precision(precision)));
      model.fit(
          samples(mnist.train()),
          fit -> fit.batchSize(network.batchSize()).epochs(epochs).verbose(false).callbacks(times));
      var test = samples(mnist.test());
      double accuracy = model.evaluate(test, PASS_BATCH).get("accuracy");
      double evaluate = seconds(() -> model.evaluate(test, PASS_BATCH));
      double predict = seconds(() -> model.predict(test.x(), PASS_BATCH));
      if (profile) {
        runs.console().err().println(model.explain(network.batchSize(), PROFILED_STEPS));
      }
      return figures(model, times, accuracy, evaluate, predict);
    }
  }

  /// Median seconds of one call, after half a second of others.
  private static double seconds(Runnable pass) {
    long start = System.nanoTime();
    do {
      pass.run();
    } while (System.nanoTime() - start < WARM_UP_NANOS);
    var times = new double[PASSES];
    for (int i = 0; i < PASSES; i++) {
      long begin = System.nanoTime();
      pass.run();
      times[i] = (System.nanoTime() - begin) / 1e9;
    }
    Arrays.sort(times);
    return Math.round(times[PASSES / 2] * 1e6) / 1e6;
  }

  private static Samples samples(LabeledImages images) {
    return images.samples();
  }

  private SequencedMap<String, Object> figures(
      Model model, EpochTimes times, double accuracy, double evaluate, double predict) {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("net", network.text());
    figures.put("precision", precision.toString());
    if (model.precision() != precision) {
      figures.put("computed_in", model.precision().toString());
    }
    figures.put("batch", network.batchSize());
    figures.put("params", model.countParams());
    figures.put("epochs_s", rounded(times.seconds()));
    figures.put("accuracy", Math.round(accuracy * 1e4) / 1e4);
    figures.put("first_epoch_s", sinceStart(times.firstEnd()));
    figures.put("rss_mb", peakMemory());
    figures.put("evaluate_s", evaluate);
    figures.put("predict_s", predict);
    return figures;
  }

  private static List<Double> rounded(List<Double> seconds) {
    return seconds.stream().map(s -> Math.round(s * 1e4) / 1e4).toList();
  }

  /// Seconds since the start of the JVM.
  private static double sinceStart(long time) {
    return (time - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
  }

  /// The most resident memory so far in MB, 0 where the system does not tell.
  private static long peakMemory() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }
}
