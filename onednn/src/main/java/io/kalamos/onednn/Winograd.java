package io.kalamos.onednn;

import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.WinogradConvolution;
import java.util.Optional;

/// Which convolutions tiles of results could compute, as [WinogradConvolution] has them.
final class Winograd {
  private Winograd() {}

  /// Of pictures and results channels-last; empty where windows are of another kind.
  static Optional<WinogradConvolution> of(
      Shape pictures, Window window, Shape results, int groups, Epilogue epilogue) {
    boolean plain =
        groups == 1
            && window.strideHeight() == window.strideWidth()
            && window.dilationHeight() == 1
            && window.dilationWidth() == 1;
    return plain
        ? Optional.of(
            new WinogradConvolution(
                pictures.dim(1),
                pictures.dim(2),
                pictures.dim(3),
                window.height(),
                window.width(),
                window.strideHeight(),
                window.top(),
                window.left(),
                results.dim(3),
                results.dim(1),
                results.dim(2),
                epilogue.bias(),
                epilogue.activation().isPresent()))
        : Optional.empty();
  }

  /// The convolution that computes an input gradient.
  static Optional<WinogradConvolution> gradient(Node node, Convolution2DInputGradient op) {
    Shape results = node.input(0).shape();
    return of(node.shape(), op.window(), results, op.groups(), Epilogue.NONE)
        .filter(WinogradConvolution::inSquares)
        .map(WinogradConvolution::gradient);
  }

  /// Whether that is faster for a thread's share of the batch.
  static boolean computes(
      KernelCompiler compiler, int threads, Node node, Convolution2DInputGradient op) {
    int pictures = node.shape().dim(0) / threads;
    return gradient(node, op).filter(shape -> compiler.compiles(shape, pictures)).isPresent();
  }
}
