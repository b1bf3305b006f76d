package io.kalamos.javacpu;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.javacpu.Values.Floats;
import java.util.List;

/// Convolution over pictures of shape `input` with a kernel of shape `kernel`, for the node that
/// wants it: unrolled in float32, by the definition in float64.
record Convolution(
    Node node, Window window, int groups, Shape input, Shape kernel, Scratch scratch) {
  List<Kernel> forward(Values x, Values w, Values y) {
    if (x instanceof Floats(float[] pictures, _)
        && w instanceof Floats(float[] weights, _)
        && y instanceof Floats(float[] results, _)) {
      return List.of(floats().forward(pictures, weights, results));
    }
    return List.of(
        Convolutions.forward(window, groups, input, kernel, doubles(x), doubles(w), doubles(y)));
  }

  List<Kernel> inputGradient(Values dy, Values w, Values dx) {
    if (dy instanceof Floats(float[] upstream, _)
        && w instanceof Floats(float[] weights, _)
        && dx instanceof Floats(float[] results, _)) {
      return List.of(floats().inputGradient(upstream, weights, results));
    }
    return List.of(
        Convolutions.inputGradient(
            window, groups, input, kernel, doubles(dy), doubles(w), doubles(dx)));
  }

  List<Kernel> kernelGradient(Values x, Values dy, Values dw, int parts) {
    if (x instanceof Floats(float[] pictures, _)
        && dy instanceof Floats(float[] upstream, _)
        && dw instanceof Floats(float[] results, _)) {
      return floats().kernelGradient(pictures, upstream, results, parts);
    }
    return List.of(
        Convolutions.kernelGradient(
            window, groups, input, kernel, doubles(x), doubles(dy), doubles(dw)));
  }

  private FloatConvolutions floats() {
    return new FloatConvolutions(window, groups, input, kernel, scratch);
  }

  private double[] doubles(Values values) {
    return Values.doubles(values, node);
  }
}
