package io.kalamos.datasets;

import io.kalamos.engine.Shape;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The text of a header of NumPy: a Python dictionary of `descr`, `fortran_order` and `shape`, in
/// any order. Nothing but texts, whole numbers, truth values and one tuple is read.
final class NpyHeaderText {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:'([^'\\\\]*)'|\"([^\"\\\\]*)\"|([0-9]{1,19})L?|([A-Za-z]+|\\S))");
  private static final int MOST_SHOWN = 120;

  /// A piece of the text: of what kind it is, and what it says.
  private record Token(Kind kind, String value) {
    enum Kind {
      TEXT,
      NUMBER,
      SIGN,
      END
    }
  }

  private final String name;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int place;

  /// @param name the array in messages
  NpyHeaderText(String name, String text) {
    this.name = name;
    this.text = text.strip();
    var matcher = TOKEN.matcher(this.text);
    while (matcher.lookingAt()) {
      tokens.add(
          matcher.group(1) != null
              ? new Token(Token.Kind.TEXT, matcher.group(1))
              : matcher.group(2) != null
                  ? new Token(Token.Kind.TEXT, matcher.group(2))
                  : matcher.group(3) != null
                      ? new Token(Token.Kind.NUMBER, matcher.group(3))
                      : new Token(Token.Kind.SIGN, matcher.group(4)));
      matcher.region(matcher.end(), this.text.length());
    }
    tokens.add(new Token(Token.Kind.END, ""));
  }

  /// @param bytes of the whole header
  NpyHeader header(int bytes) {
    Optional<String> descr = Optional.empty();
    Optional<Boolean> fortran = Optional.empty();
    Optional<List<Long>> sizes = Optional.empty();
    sign("{");
    while (!is("}")) {
      String key = take(Token.Kind.TEXT);
      sign(":");
      switch (key) {
        case "descr" -> descr = once(descr, descr());
        case "fortran_order" -> fortran = once(fortran, truth());
        case "shape" -> sizes = once(sizes, sizes());
        default -> throw wrong();
      }
      unlessLast("}");
    }
    sign("}");
    take(Token.Kind.END);
    String code = descr.orElseThrow(this::wrong);
    NpyType type = type(code);
    Shape shape = shape(sizes.orElseThrow(this::wrong), type);
    return new NpyHeader(type, order(code), fortran.orElseThrow(this::wrong), shape, bytes);
  }

  private <T> Optional<T> once(Optional<T> before, T value) {
    if (before.isPresent()) {
      throw wrong();
    }
    return Optional.of(value);
  }

  private boolean is(String sign) {
    Token token = tokens.get(place);
    return token.kind() == Token.Kind.SIGN && token.value().equals(sign);
  }

  private void sign(String sign) {
    if (!is(sign)) {
      throw wrong();
    }
    place++;
  }

  /// A comma, unless the end of the dictionary or tuple follows.
  private void unlessLast(String end) {
    if (!is(end)) {
      sign(",");
    }
  }

  private String take(Token.Kind kind) {
    Token token = tokens.get(place);
    if (token.kind() != kind) {
      throw wrong();
    }
    place++;
    return token.value();
  }

  private String descr() {
    if (is("[")) {
      throw new MalformedDataException(
          "%s: expected numbers, received an array with named fields, descr=%s. Save one of the fields: array['field']."
              .formatted(name, shown(text)));
    }
    return take(Token.Kind.TEXT);
  }

  private boolean truth() {
    boolean value = is("True");
    sign(value ? "True" : "False");
    return value;
  }

  private List<Long> sizes() {
    sign("(");
    List<Long> sizes = new ArrayList<>();
    while (!is(")")) {
      try {
        sizes.add(Long.parseLong(take(Token.Kind.NUMBER)));
      } catch (NumberFormatException _) {
        sizes.add(Long.MAX_VALUE);
      }
      unlessLast(")");
    }
    sign(")");
    return sizes;
  }

  private NpyType type(String descr) {
    boolean ordered = !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
    String code = ordered ? descr.substring(1) : descr;
    if (code.startsWith("O")) {
      throw new MalformedDataException(
          "%s: expected numbers, received descr=%s, Python objects, which only code from the file unpacks. Save numbers: array.astype('float32')."
              .formatted(name, shown(descr)));
    }
    return NpyType.named(code)
        .orElseThrow(
            () ->
                new MalformedDataException(
                    "%s: expected float16 to float64, int8 to int64, uint8 to uint64 or bool, received descr=%s. Convert it before saving: array.astype('float32')."
                        .formatted(name, shown(descr))));
  }

  private static ByteOrder order(String descr) {
    return switch (descr.charAt(0)) {
      case '>' -> ByteOrder.BIG_ENDIAN;
      case '<' -> ByteOrder.LITTLE_ENDIAN;
      default -> ByteOrder.nativeOrder();
    };
  }

  private Shape shape(List<Long> sizes, NpyType type) {
    try {
      if (sizes.size() > NpyHeader.MOST_AXES) {
        throw new ArithmeticException();
      }
      // tensors may be wider than the elements in the file
      long bytes = Math.max(type.bytes(), type.dtype().bytes());
      int[] dims = new int[sizes.size()];
      for (int axis = 0; axis < dims.length; axis++) {
        dims[axis] = Math.toIntExact(sizes.get(axis));
        bytes = Math.multiplyExact(bytes, Math.max(1, dims[axis]));
      }
      Math.addExact(bytes, NpyHeader.MOST_BYTES + NpyHeader.MOST_AXES);
      return Shape.of(dims);
    } catch (ArithmeticException _) {
      throw NpyHeader.bad(
          name,
          "up to %d axes of at most %d and fewer than 2^63 bytes in all"
              .formatted(NpyHeader.MOST_AXES, Integer.MAX_VALUE),
          "shape=" + shown(sizes.toString()));
    }
  }

  private MalformedDataException wrong() {
    return NpyHeader.bad(
        name,
        "a header such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }",
        "header=" + shown(text));
  }

  private static String shown(String text) {
    String printable = text.replaceAll("[^ -~]", "?");
    return printable.length() <= MOST_SHOWN
        ? printable
        : printable.substring(0, MOST_SHOWN) + "...";
  }
}
