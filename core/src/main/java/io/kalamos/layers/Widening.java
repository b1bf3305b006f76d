package io.kalamos.layers;

/// How a transposed convolution widens one axis, by Keras's rules.
///
/// The input lies on a grid with `stride`; `left` and `right` zeros lie around it, and the kernel,
/// mirrored, slides over them without a stride. The padding of the convolution that leads back from
/// the output to the input follows from these.
record Widening(int span, int stride, int left, int right) {
  /// As much output padding as Keras takes where nothing is said.
  static final int USUAL = -1;

  static Widening of(int span, int stride, Padding padding, int added) {
    if (padding == Padding.VALID) {
      int behind = added == USUAL ? Math.max(span, stride) - span : added;
      return new Widening(span, stride, span - 1, span - 1 + behind);
    }
    int zeros = added == USUAL ? stride + span - 2 : span + span % 2 - 2 + added;
    int left = Math.min(zeros / 2 + zeros % 2, span - 1);
    return new Widening(span, stride, left, zeros - left);
  }

  /// The output's size for an input of `input` places.
  int size(int input) {
    return (input - 1) * stride + 2 - span + left + right;
  }

  /// Padding of the convolution back, at the beginning.
  int before() {
    return span - 1 - left;
  }

  /// Padding of the convolution back, at the end; places beyond the kernel's reach need none.
  int after() {
    return Math.max(0, span - 1 - right);
  }
}
