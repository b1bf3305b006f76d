package io.kalamos.benchmarks.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/// The five standard networks, written by hand with TensorFlow's operations.
///
/// Called once for training and once for inference; the second call meets the same variables again.
final class Network {
  private static final long SEED = 1;

  private final Ops tf;
  private final List<Variable<TFloat32>> variables = new ArrayList<>();
  private final List<Variable<TFloat32>> trained = new ArrayList<>();
  private final List<Op> statistics = new ArrayList<>();
  private boolean training;
  private int next;
  private long params;

  Network(Ops tf) {
    this.tf = tf;
  }

  List<Variable<TFloat32>> trained() {
    return trained;
  }

  /// The updates of the moving averages, to run with each training step.
  List<Op> statistics() {
    return statistics;
  }

  long params() {
    return params;
  }

  static int batch(String net) {
    return switch (net) {
      case "cnn-weights" -> 512;
      case "cnn-bn" -> 64;
      case "linear", "mlp", "cnn" -> 128;
      default -> throw new IllegalArgumentException("no network " + net);
    };
  }

  /// Logits `N x 10` for pixels `N x 784`.
  Operand<TFloat32> call(String net, Operand<TFloat32> pixels, boolean training) {
    this.training = training;
    next = 0;
    return switch (net) {
      case "linear" -> dense(pixels, 784, 10);
      case "mlp" -> dense(relu(dense(relu(dense(pixels, 784, 150)), 150, 150)), 150, 10);
      case "cnn" -> {
        var x = relu(bias(conv(images(pixels), 5, 1, 64, 1, "SAME"), 64));
        var window = tf.constant(new int[] {1, 2, 2, 1});
        var flat = flatten(tf.nn.maxPool(x, window, window, "VALID"), 12544);
        yield dense(relu(dense(relu(dense(flat, 12544, 128)), 128, 64)), 64, 10);
      }
      case "cnn-weights" -> {
        var x = relu(bias(conv(images(pixels), 3, 1, 8, 1, "VALID"), 8));
        x = flatten(relu(bias(conv(x, 3, 8, 16, 1, "VALID"), 16)), 9216);
        x = dropout(relu(dense(x, 9216, 128)), 0.2f);
        yield dense(dropout(relu(dense(x, 128, 32)), 0.2f), 32, 10);
      }
      case "cnn-bn" -> {
        var x = relu(norm(conv(images(pixels), 3, 1, 12, 1, "SAME"), 12));
        x = relu(norm(conv(x, 6, 12, 24, 2, "SAME"), 24));
        x = relu(norm(conv(x, 6, 24, 32, 2, "SAME"), 32));
        x = tf.linalg.matMul(flatten(x, 1568), glorot(1568, 200, 1568, 200));
        x = tf.reshape(x, tf.constant(new int[] {-1, 1, 1, 200}));
        x = dropout(relu(flatten(norm(x, 200), 200)), 0.3f);
        yield dense(x, 200, 10);
      }
      default -> throw new IllegalArgumentException("no network " + net);
    };
  }

  private Operand<TFloat32> images(Operand<TFloat32> pixels) {
    return tf.reshape(pixels, tf.constant(new int[] {-1, 28, 28, 1}));
  }

  private Operand<TFloat32> flatten(Operand<TFloat32> x, int size) {
    return tf.reshape(x, tf.constant(new int[] {-1, size}));
  }

  private Operand<TFloat32> relu(Operand<TFloat32> x) {
    return tf.nn.relu(x);
  }

  private Operand<TFloat32> dense(Operand<TFloat32> x, int in, int out) {
    return bias(tf.linalg.matMul(x, glorot(in, out, in, out)), out);
  }

  private Operand<TFloat32> conv(
      Operand<TFloat32> x, int kernel, int in, int out, long stride, String padding) {
    var area = kernel * kernel;
    var weights = glorot(area * in, area * out, kernel, kernel, in, out);
    return tf.nn.conv2d(x, weights, List.of(1L, stride, stride, 1L), padding);
  }

  private Operand<TFloat32> bias(Operand<TFloat32> x, int size) {
    return tf.nn.biasAdd(x, constant(0, size, true));
  }

  /// Keras's BatchNormalization with `scale=False`, over the last axis of four.
  private Operand<TFloat32> norm(Operand<TFloat32> x, int size) {
    var shift = constant(0, size, true);
    var mean = constant(0, size, false);
    var variance = constant(1, size, false);
    var scale = tf.fill(tf.constant(new int[] {size}), tf.constant(1f));
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<TFloat32, TFloat32> norm =
        tf.nn.fusedBatchNorm(
            x,
            scale,
            shift,
            training ? none : mean,
            training ? none : variance,
            FusedBatchNorm.epsilon(1e-3f),
            FusedBatchNorm.isTraining(training));
    if (training) {
      statistics.add(moved(mean, norm.batchMean()));
      statistics.add(moved(variance, norm.batchVariance()));
    }
    return norm.y();
  }

  private Op moved(Variable<TFloat32> average, Operand<TFloat32> now) {
    return tf.assignSub(average, tf.math.mul(tf.constant(0.01f), tf.math.sub(average, now)));
  }

  private Operand<TFloat32> dropout(Operand<TFloat32> x, float rate) {
    if (!training) {
      return x;
    }
    Operand<TInt32> shape = tf.shape(x);
    var kept =
        tf.math.greaterEqual(tf.random.randomUniform(shape, TFloat32.class), tf.constant(rate));
    var mask = tf.math.mul(tf.dtypes.cast(kept, TFloat32.class), tf.constant(1 / (1 - rate)));
    return tf.math.mul(x, mask);
  }

  private Variable<TFloat32> constant(float value, int size, boolean isTrained) {
    if (next < variables.size()) {
      return variables.get(next++);
    }
    return added(tf.fill(tf.constant(new int[] {size}), tf.constant(value)), size, isTrained);
  }

  private Variable<TFloat32> glorot(int fanIn, int fanOut, int... shape) {
    if (next < variables.size()) {
      return variables.get(next++);
    }
    var limit = (float) Math.sqrt(6.0 / (fanIn + fanOut));
    var uniform =
        tf.random.randomUniform(
            tf.constant(shape),
            TFloat32.class,
            org.tensorflow.op.random.RandomUniform.seed(SEED),
            org.tensorflow.op.random.RandomUniform.seed2((long) next));
    var scaled = tf.math.mul(tf.math.sub(uniform, tf.constant(0.5f)), tf.constant(2 * limit));
    var size = 1L;
    for (var side : shape) {
      size *= side;
    }
    return added(tf.reshape(scaled, tf.constant(shape)), size, true);
  }

  private Variable<TFloat32> added(Operand<TFloat32> start, long size, boolean isTrained) {
    var variable = tf.variable(start);
    variables.add(variable);
    next++;
    params += size;
    if (isTrained) {
      trained.add(variable);
    }
    return variable;
  }

  /// A variable of the optimizer, zero at first, of the shape of a weight.
  Variable<TFloat32> slot(Variable<TFloat32> weight) {
    Shape shape = weight.shape();
    return tf.variable(tf.fill(tf.constant(shape.asArray()), tf.constant(0f)));
  }
}
