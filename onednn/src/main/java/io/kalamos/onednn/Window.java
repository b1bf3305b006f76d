package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.SegmentAllocator;
import java.util.List;

/// How a convolution or pooling window moves, one number per spatial dim.
///
/// `dilation` counts as in Keras: 1 is a dense window. `before` and `after` are the padding.
record Window(
    List<Integer> strides, List<Integer> dilation, List<Integer> before, List<Integer> after) {

  /// A dense window over two dims that moves by `stride`, padded alike on both dims.
  static Window square(int stride, int before, int after) {
    return new Window(
        List.of(stride, stride), List.of(1, 1), List.of(before, before), List.of(after, after));
  }

  /// The library's four arrays (strides, dilation, padding before, padding after).
  Addresses in(SegmentAllocator memory) {
    return new Addresses(
        address(memory, strides, 0),
        address(memory, dilation, -1), // the library counts the gaps
        address(memory, before, 0),
        address(memory, after, 0));
  }

  record Addresses(long strides, long dilation, long before, long after) {}

  static long address(SegmentAllocator memory, List<Integer> numbers, int plus) {
    var longs = new long[numbers.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = numbers.get(i) + plus;
    }
    return memory.allocateFrom(JAVA_LONG, longs).address();
  }
}
