package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;

/// A memory descriptor: element type, dims and how they lie in memory.
///
/// Dims are in the library's order (batch, channels, height, width) whatever the layout;
/// convolution weights are (output, input, height, width), with groups before them if there are
/// any.
final class Md {
  private static final int QUERY_STRIDES = 14;
  private static final int QUERY_NDIMS = 256;
  private static final int QUERY_DIMS = 257;
  private static final int QUERY_TYPE = 258;
  private static final int QUERY_FORMAT_KIND = 262;
  private static final int QUERY_BLOCKS = 263;
  private static final int QUERY_BLOCK_SIZES = 264;
  private static final int QUERY_BLOCK_DIMS = 265;
  private static final int MAX_DIMS = 12;

  /// A layout that plain strides cannot say.
  enum Tag {
    /// The library's choice.
    ANY(1),
    /// Channels in blocks of 8.
    NCHW8C(102),
    /// Channels in blocks of 16.
    NCHW16C(78);

    private final int code;

    Tag(int code) {
      this.code = code;
    }
  }

  private final Dnnl dnnl;
  private final long handle;
  private final DataType type;
  private final long[] dims;
  private String text;

  private Md(Dnnl dnnl, long handle, DataType type, long[] dims) {
    this.dnnl = dnnl;
    this.handle = handle;
    this.type = type;
    this.dims = dims;
  }

  /// No memory, for an optional argument such as a bias.
  static Md none(Scope scope) {
    return new Md(scope.dnnl(), 0, DataType.F32, new long[0]);
  }

  /// Row-major: the last dim is contiguous.
  static Md of(Scope scope, DataType type, long... dims) {
    return strided(scope, type, dims, rowMajor(dims));
  }

  /// The layout of the library's choice, known after a primitive has chosen.
  static Md any(Scope scope, DataType type, long... dims) {
    return tagged(scope, Tag.ANY, type, dims);
  }

  /// Dims (n, c, spatial...) with the channels contiguous, Keras's order of images.
  static Md channelsLast(Scope scope, DataType type, long... dims) {
    return strided(scope, type, dims, channelsLastStrides(dims));
  }

  /// Dims and strides, both counted in elements.
  static Md strided(Scope scope, DataType type, long[] dims, long[] strides) {
    if (dims.length != strides.length || dims.length > MAX_DIMS) {
      throw new IllegalArgumentException(
          "memory descriptor: expected as many strides as dims and at most "
              + MAX_DIMS
              + ", received dims="
              + Arrays.toString(dims)
              + " strides="
              + Arrays.toString(strides)
              + "; give one stride for each dim.");
    }
    var subject = new Shape(type, dims);
    try (var arena = Arena.ofConfined()) {
      long d = arena.allocateFrom(JAVA_LONG, dims).address();
      long s = arena.allocateFrom(JAVA_LONG, strides).address();
      var function = "dnnl_memory_desc_create_with_strides";
      var md = made(scope, subject, function, dims.length, d, type.code(), s);
      md.text = subject + " strides" + Arrays.toString(strides);
      return md;
    }
  }

  static Md tagged(Scope scope, Tag tag, DataType type, long... dims) {
    var subject = new Shape(type, dims);
    try (var arena = Arena.ofConfined()) {
      long d = arena.allocateFrom(JAVA_LONG, dims).address();
      return made(
          scope,
          subject,
          "dnnl_memory_desc_create_with_tag",
          dims.length,
          d,
          type.code(),
          tag.code);
    }
  }

  private static Md made(Scope scope, Shape subject, String function, long... arguments) {
    var handle = scope.create(subject, function, "dnnl_memory_desc_destroy", arguments);
    return new Md(scope.dnnl(), handle, subject.type, subject.dims);
  }

  /// A descriptor that another native object owns, such as the choice of a primitive.
  static Md borrowed(Dnnl dnnl, long handle) {
    try (var arena = Arena.ofConfined()) {
      var type = DataType.of(query(dnnl, handle, QUERY_TYPE, arena).get(JAVA_INT, 0));
      int count = query(dnnl, handle, QUERY_NDIMS, arena).get(JAVA_INT, 0);
      return new Md(dnnl, handle, type, longs(query(dnnl, handle, QUERY_DIMS, arena), count));
    }
  }

  static int rank(Dnnl dnnl, long handle) {
    try (var arena = Arena.ofConfined()) {
      return query(dnnl, handle, QUERY_NDIMS, arena).get(JAVA_INT, 0);
    }
  }

  private record Shape(DataType type, long[] dims) {
    @Override
    public String toString() {
      return name(type) + Arrays.toString(dims);
    }
  }

  long handle() {
    return handle;
  }

  DataType type() {
    return type;
  }

  long[] dims() {
    return dims.clone();
  }

  boolean isNone() {
    return handle == 0;
  }

  boolean isAny() {
    return !isNone() && formatKind() == 1;
  }

  /// Whether strides alone describe the layout.
  boolean isPlain() {
    return !isNone() && formatKind() == 2 && blocks() == 0;
  }

  /// Strides in elements; of the blocks if the layout is blocked.
  long[] strides() {
    try (var arena = Arena.ofConfined()) {
      return longs(query(dnnl, handle, QUERY_STRIDES, arena), dims.length);
    }
  }

  /// Bytes of memory the layout needs, padding included.
  long bytes() {
    return isNone() ? 0 : dnnl.call("dnnl_memory_desc_get_size", handle);
  }

  /// Whether both have the same type, dims and layout, so that no reorder is needed between them.
  boolean sameAs(Md other) {
    return (int) dnnl.call("dnnl_memory_desc_equal", handle, other.handle) != 0;
  }

  private int formatKind() {
    return queryInt(QUERY_FORMAT_KIND);
  }

  private int blocks() {
    return queryInt(QUERY_BLOCKS);
  }

  private int queryInt(int what) {
    try (var arena = Arena.ofConfined()) {
      return query(dnnl, handle, what, arena).get(JAVA_INT, 0);
    }
  }

  /// The answer to a query: a value, or the array an answered address points to.
  @SuppressWarnings("restricted")
  private static MemorySegment query(Dnnl dnnl, long handle, int what, Arena arena) {
    var out = arena.allocate(JAVA_LONG);
    dnnl.check("memory descriptor", "dnnl_memory_desc_query", handle, what, out.address());
    return switch (what) {
      case QUERY_STRIDES, QUERY_DIMS, QUERY_BLOCK_SIZES, QUERY_BLOCK_DIMS ->
          MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(8L * MAX_DIMS);
      default -> out;
    };
  }

  private static long[] longs(MemorySegment segment, int count) {
    return segment.asSlice(0, 8L * count).toArray(JAVA_LONG);
  }

  static long[] rowMajor(long... dims) {
    var strides = new long[dims.length];
    long next = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = next;
      next *= Math.max(1, dims[i]);
    }
    return strides;
  }

  static long[] channelsLastStrides(long... dims) {
    var strides = new long[dims.length];
    strides[1] = 1;
    long next = dims[1];
    for (int i = dims.length - 1; i >= 2; i--) {
      strides[i] = next;
      next *= dims[i];
    }
    strides[0] = next;
    return strides;
  }

  private static String name(DataType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /// For example `f32[64, 784]`, then `any`, or the strides, or the blocks such as `8a16b`.
  @Override
  public String toString() {
    if (text == null) {
      text = described();
    }
    return text;
  }

  private String described() {
    if (isNone()) {
      return "none";
    }
    var shape = new Shape(type, dims).toString();
    if (isAny()) {
      return shape + " any";
    }
    if (formatKind() != 2) {
      return shape + " opaque";
    }
    return shape + " strides" + Arrays.toString(strides()) + blockText();
  }

  private String blockText() {
    var text = new StringBuilder();
    try (var arena = Arena.ofConfined()) {
      var sizes = query(dnnl, handle, QUERY_BLOCK_SIZES, arena);
      var axes = query(dnnl, handle, QUERY_BLOCK_DIMS, arena);
      for (int i = 0; i < blocks(); i++) {
        var axis = (char) ('a' + axes.getAtIndex(JAVA_LONG, i));
        text.append(i == 0 ? " blocks " : "").append(sizes.getAtIndex(JAVA_LONG, i)).append(axis);
      }
    }
    return text.toString();
  }
}
