package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.List;
import java.util.OptionalInt;

/// How sequences are brought to one length. Keras: `keras.utils.pad_sequences`.
///
/// @param maxlen the length; that of the longest sequence where it is empty
/// @param dtype the type of the result
/// @param padding where the value is put into shorter sequences
/// @param truncating where longer sequences are cut
/// @param value what shorter sequences are filled with
public record PadSequences(
    OptionalInt maxlen, DType dtype, Side padding, Side truncating, double value) {
  /// The begin of a sequence, or its end.
  public enum Side {
    PRE,
    POST
  }

  public static final PadSequences DEFAULTS =
      new PadSequences(OptionalInt.empty(), DType.INT32, Side.PRE, Side.PRE, 0);

  public PadSequences {
    maxlen.ifPresent(
        length ->
            Refusal.unlessAtLeast(
                "padSequences", "maxlen", length, 1, "Leave it out for the longest sequence."));
    boolean whole = value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE;
    boolean fits =
        switch (dtype) {
          case INT32 -> whole;
          case UINT8 -> whole && value >= 0 && value <= 255;
          case FLOAT32, FLOAT64, BFLOAT16 -> true;
        };
    if (!fits) {
      throw Refusal.of(
          "padSequences", "a value of type " + dtype, "value", value, "Use another dtype.");
    }
  }

  public PadSequences maxlen(int length) {
    return new PadSequences(OptionalInt.of(length), dtype, padding, truncating, value);
  }

  public PadSequences dtype(DType dtype) {
    return new PadSequences(maxlen, dtype, padding, truncating, value);
  }

  public PadSequences padding(Side padding) {
    return new PadSequences(maxlen, dtype, padding, truncating, value);
  }

  public PadSequences truncating(Side truncating) {
    return new PadSequences(maxlen, dtype, padding, truncating, value);
  }

  public PadSequences value(double value) {
    return new PadSequences(maxlen, dtype, padding, truncating, value);
  }

  /// The sequences as shape (sequences, length).
  public Tensor apply(List<int[]> sequences) {
    int longest = sequences.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    int length = maxlen.orElse(longest);
    Tensor padded = Tensor.zeros(dtype, Shape.of(sequences.size(), length));
    padded.fill(i -> value);
    for (int row = 0; row < sequences.size(); row++) {
      int[] sequence = sequences.get(row);
      int kept = Math.min(length, sequence.length);
      int from = truncating == Side.PRE ? sequence.length - kept : 0;
      int to = padding == Side.PRE ? length - kept : 0;
      for (int i = 0; i < kept; i++) {
        padded.set((long) row * length + to + i, sequence[from + i]);
      }
    }
    return padded;
  }
}
