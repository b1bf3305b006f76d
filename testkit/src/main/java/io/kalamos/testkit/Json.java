package io.kalamos.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value, as the indexes of the golden values hold them.
///
/// Source: RFC 8259; beyond it `NaN`, `Infinity` and `-Infinity`, which Python writes.
public sealed interface Json {
  record Fields(Map<String, Json> values) implements Json {}

  record Items(List<Json> values) implements Json {}

  record Text(String value) implements Json {}

  record Num(double value) implements Json {}

  record Bool(boolean value) implements Json {}

  record Null() implements Json {}

  /// The value under a name; fails if this is no object or has no such name.
  default Json get(String name) {
    if (this instanceof Fields(var values) && values.containsKey(name)) {
      return values.get(name);
    }
    throw isNot("an object with \"" + name + "\"");
  }

  /// The values of an array.
  default List<Json> items() {
    return this instanceof Items(var values) ? values : fail("an array");
  }

  /// The members of an object, in the order of the file.
  default Map<String, Json> fields() {
    return this instanceof Fields(var values) ? values : fail("an object");
  }

  default String text() {
    return this instanceof Text(var value) ? value : fail("a text");
  }

  default double number() {
    return this instanceof Num(var value) ? value : fail("a number");
  }

  default boolean bool() {
    return this instanceof Bool(var value) ? value : fail("true or false");
  }

  private <T> T fail(String expected) {
    throw isNot(expected);
  }

  private IllegalStateException isNot(String expected) {
    return new IllegalStateException(
        "Json: expected " + expected + ", received value=" + this + ". Look at the file's README.");
  }

  /// Reads one value that takes up the whole text.
  static Json parse(String text) {
    var parser = new Parser(text);
    var value = parser.value();
    parser.end();
    return value;
  }

  /// A recursive descent over the text.
  final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text;
    }

    private Json value() {
      blanks();
      return switch (peek()) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> new Text(string());
        case 't' -> word("true", new Bool(true));
        case 'f' -> word("false", new Bool(false));
        case 'n' -> word("null", new Null());
        case 'N' -> word("NaN", new Num(Double.NaN));
        case 'I' -> word("Infinity", new Num(Double.POSITIVE_INFINITY));
        default -> number();
      };
    }

    private Json object() {
      var values = new LinkedHashMap<String, Json>();
      at++;
      while (!closed('}', values.isEmpty())) {
        blanks();
        var name = string();
        blanks();
        take(':');
        values.put(name, value());
      }
      return new Fields(Collections.unmodifiableMap(values));
    }

    private Json array() {
      var values = new ArrayList<Json>();
      at++;
      while (!closed(']', values.isEmpty())) {
        values.add(value());
      }
      return new Items(Collections.unmodifiableList(values));
    }

    /// Takes the closing sign, or the comma before the next member.
    private boolean closed(char sign, boolean isFirst) {
      blanks();
      if (peek() == sign) {
        at++;
        return true;
      }
      if (!isFirst) {
        take(',');
      }
      return false;
    }

    private String string() {
      take('"');
      var out = new StringBuilder();
      while (peek() != '"') {
        var sign = text.charAt(at++);
        out.append(sign == '\\' ? escaped() : sign);
      }
      at++;
      return out.toString();
    }

    private char escaped() {
      var sign = peek();
      at++;
      return switch (sign) {
        case 'n' -> '\n';
        case 't' -> '\t';
        case 'r' -> '\r';
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'u' -> {
          at += 4;
          if (at > text.length()) {
            throw bad("four digits after \\u");
          }
          yield (char) Integer.parseInt(text, at - 4, at, 16);
        }
        case '"', '\\', '/' -> sign;
        default -> throw bad("an escape of JSON");
      };
    }

    private Json number() {
      if (text.startsWith("-Infinity", at)) {
        return word("-Infinity", new Num(Double.NEGATIVE_INFINITY));
      }
      var from = at;
      while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      if (from == at) {
        throw bad("a value");
      }
      return new Num(Double.parseDouble(text.substring(from, at)));
    }

    private Json word(String word, Json value) {
      if (!text.startsWith(word, at)) {
        throw bad(word);
      }
      at += word.length();
      return value;
    }

    private void take(char sign) {
      if (peek() != sign) {
        throw bad(String.valueOf(sign));
      }
      at++;
    }

    private char peek() {
      if (at >= text.length()) {
        throw bad("more text");
      }
      return text.charAt(at);
    }

    private void blanks() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private void end() {
      blanks();
      if (at != text.length()) {
        throw bad("the end of the text");
      }
    }

    private IllegalArgumentException bad(String expected) {
      var rest = text.substring(Math.min(at, text.length()), Math.min(at + 20, text.length()));
      return new IllegalArgumentException(
          "Json: expected "
              + expected
              + ", received offset="
              + at
              + " \""
              + rest
              + "\". Check the file with a JSON validator.");
    }
  }
}
