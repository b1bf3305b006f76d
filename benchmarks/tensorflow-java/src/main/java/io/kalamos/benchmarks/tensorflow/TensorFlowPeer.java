package io.kalamos.benchmarks.tensorflow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/// TensorFlow-Java on one of the standard networks: a hand-written graph, run in a session.
///
/// Arguments: network, epochs, part of the images to train on, folder of the MNIST files, `true` to
/// time one-sample predictions. Prints the JSON object that every peer prints.
final class TensorFlowPeer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;

  public static void main(String... args) throws Exception {
    var net = args[0];
    var epochs = Integer.parseInt(args[1]);
    var fraction = Double.parseDouble(args[2]);
    var folder = Path.of(args[3]);
    var isTimed = Boolean.parseBoolean(args[4]);
    var train = Mnist.read(folder, "train");
    var test = Mnist.read(folder, "t10k");
    try (var graph = new Graph();
        var peer = new Peer(graph, net)) {
      var times = new ArrayList<Double>();
      var firstEpoch = 0.0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        var begin = System.nanoTime();
        peer.train(train, (int) (train.size() * fraction), new Random(epoch));
        times.add((System.nanoTime() - begin) / 1e9 / fraction);
        if (epoch == 0) {
          firstEpoch = sinceStart();
        }
      }
      var accuracy = peer.accuracy(test);
      var evaluate = seconds(() -> peer.accuracy(test));
      var predict = seconds(() -> peer.predict(test));
      var latency = isTimed ? "%.1f".formatted(peer.latencyMicros(test)) : "null";
      IO.println(
          String.format(
              Locale.ROOT,
              "{\"net\": \"%s\", \"precision\": \"float32\", \"batch\": %d, \"params\": %d, "
                  + "\"epochs_s\": [%s], \"accuracy\": %.4f, \"first_epoch_s\": %.3f, "
                  + "\"rss_mb\": %d, \"fraction\": %s, \"evaluate_s\": %.5f, "
                  + "\"predict_s\": %.5f, \"predict_us\": %s}",
              net,
              Network.batch(net),
              peer.params(),
              String.join(", ", times.stream().map(s -> "%.4f".formatted(s)).toList()),
              accuracy,
              firstEpoch,
              peakMegabytes(),
              fraction,
              evaluate,
              predict,
              latency));
    }
  }

  /// Median seconds of one call, after a warm-up.
  private static double seconds(Runnable call) {
    var times = new long[7];
    var warm = System.nanoTime() + 500_000_000L;
    do {
      call.run();
    } while (System.nanoTime() < warm);
    for (int i = 0; i < times.length; i++) {
      var begin = System.nanoTime();
      call.run();
      times[i] = System.nanoTime() - begin;
    }
    Arrays.sort(times);
    return times[times.length / 2] / 1e9;
  }

  /// Seconds since the kernel started this process; `ProcessHandle` rounds the time of boot to a
  /// second.
  private static double sinceStart() throws Exception {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    var ticks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    var uptime = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    return uptime - ticks / 100.0;
  }

  private static long peakMegabytes() throws Exception {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IllegalStateException("/proc/self/status has no line VmHWM");
  }

  /// The graph of one network with its session.
  private static final class Peer implements AutoCloseable {
    private final int batch;
    private final Network network;
    private final Placeholder<TFloat32> pixels;
    private final Placeholder<TInt32> labels;
    private final Placeholder<TFloat32> power1;
    private final Placeholder<TFloat32> power2;
    private final Operand<TFloat32> loss;
    private final Operand<TInt32> hits;
    private final Operand<TInt32> testHits;
    private final Operand<TFloat32> probabilities;
    private final List<Op> updates = new ArrayList<>();
    private final Session session;
    private int step;

    Peer(Graph graph, String net) {
      var tf = Ops.create(graph);
      batch = Network.batch(net);
      network = new Network(tf);
      pixels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 784)));
      labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      power1 = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      power2 = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      var logits = network.call(net, pixels, true);
      var oneHot = tf.oneHot(labels, tf.constant(10), tf.constant(1f), tf.constant(0f));
      var losses = tf.nn.softmaxCrossEntropyWithLogits(logits, oneHot).loss();
      loss = tf.math.mean(losses, tf.constant(0));
      hits = hits(tf, logits);
      var gradients = tf.gradients(loss, network.trained());
      for (int i = 0; i < network.trained().size(); i++) {
        Variable<TFloat32> weight = network.trained().get(i);
        updates.add(
            tf.train.applyAdam(
                weight,
                network.slot(weight),
                network.slot(weight),
                power1,
                power2,
                tf.constant(1e-3f),
                tf.constant(BETA1),
                tf.constant(BETA2),
                tf.constant(1e-7f),
                gradients.<TFloat32>dy(i)));
      }
      updates.addAll(network.statistics());
      var testLogits = network.call(net, pixels, false);
      testHits = hits(tf, testLogits);
      probabilities = tf.nn.softmax(testLogits);
      session = new Session(graph);
      session.initialize();
    }

    private Operand<TInt32> hits(Ops tf, Operand<TFloat32> logits) {
      var predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
      var right = tf.dtypes.cast(tf.math.equal(predicted, labels), TInt32.class);
      return tf.reduceSum(right, tf.constant(0));
    }

    long params() {
      return network.params();
    }

    void train(Mnist data, int images, Random random) {
      var order = new int[data.size()];
      for (int i = 0; i < order.length; i++) {
        var j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      var x = new float[batch * 784];
      var y = new int[batch];
      for (int from = 0; from < images; from += batch) {
        var n = Math.min(batch, images - from);
        for (int i = 0; i < n; i++) {
          System.arraycopy(data.pixels(), order[from + i] * 784, x, i * 784, 784);
          y[i] = data.labels()[order[from + i]];
        }
        step++;
        try (var inputs = pixels(x, 0, n);
            var targets = labels(y, 0, n);
            var p1 = TFloat32.scalarOf((float) Math.pow(BETA1, step));
            var p2 = TFloat32.scalarOf((float) Math.pow(BETA2, step))) {
          var runner = session.runner();
          runner.feed(pixels, inputs).feed(labels, targets).feed(power1, p1).feed(power2, p2);
          updates.forEach(runner::addTarget);
          runner.fetch(loss).fetch(hits).run().close();
        }
      }
    }

    double accuracy(Mnist data) {
      var right = 0;
      for (int from = 0; from < data.size(); from += 1000) {
        try (var inputs = pixels(data.pixels(), from, 1000);
            var targets = labels(data.labels(), from, 1000);
            var result =
                session.runner().feed(pixels, inputs).feed(labels, targets).fetch(testHits).run()) {
          right += ((TInt32) result.get(0)).getInt();
        }
      }
      return right / (double) data.size();
    }

    /// The probabilities of all classes for all pictures.
    float[][] predict(Mnist data) {
      var rows = new float[data.size()][10];
      for (int from = 0; from < data.size(); from += 1000) {
        try (var inputs = pixels(data.pixels(), from, 1000);
            var result = session.runner().feed(pixels, inputs).fetch(probabilities).run()) {
          var values = (TFloat32) result.get(0);
          for (int i = 0; i < 1000; i++) {
            for (int k = 0; k < 10; k++) {
              rows[from + i][k] = values.getFloat(i, k);
            }
          }
        }
      }
      return rows;
    }

    /// Median microseconds of one prediction for one picture.
    double latencyMicros(Mnist data) {
      var times = new long[2000];
      for (int i = 0; i < 2 * times.length; i++) {
        var begin = System.nanoTime();
        try (var inputs = pixels(data.pixels(), 0, 1);
            var result = session.runner().feed(pixels, inputs).fetch(probabilities).run()) {
          ((TFloat32) result.get(0)).getFloat(0, 0);
        }
        times[i % times.length] = System.nanoTime() - begin;
      }
      java.util.Arrays.sort(times);
      return times[times.length / 2] / 1e3;
    }

    private static TFloat32 pixels(float[] from, int first, int n) {
      return TFloat32.tensorOf(
          Shape.of(n, 784), DataBuffers.of(from, true, false).slice(first * 784L, n * 784L));
    }

    private static TInt32 labels(int[] from, int first, int n) {
      return TInt32.tensorOf(Shape.of(n), DataBuffers.of(from, true, false).slice(first, n));
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
