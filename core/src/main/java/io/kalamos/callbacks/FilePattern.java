package io.kalamos.callbacks;

import io.kalamos.options.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file name with places for figures, as Keras writes them: `{epoch:02d}-{val_loss:.2f}.weights`.
///
/// Epochs count from 1 here. Formats are those of Python that make sense: `d`, `f`, `e`, `g` with
/// width and precision; none gives all digits.
record FilePattern(String text, List<Place> places) {
  /// The figure of a batch's number.
  static final String BATCH = "batch";

  private static final Pattern PLACE = Pattern.compile("\\{([^{}:]*)(?::([^{}]*))?\\}");
  private static final Pattern FORMAT = Pattern.compile("0?\\d{0,2}(d|(\\.\\d{1,2})?[feg])");

  /// One place: the figure's name and how it is written, empty for all digits.
  record Place(String name, String format) {
    private String write(String where, double value) {
      if (format.isEmpty()) {
        boolean whole = counts(name);
        return whole ? Long.toString((long) value) : Double.toString(value);
      }
      return format.endsWith("d")
          ? String.format(Locale.ROOT, "%" + format, (long) value)
          : String.format(Locale.ROOT, "%" + format, value);
    }
  }

  private static boolean counts(String name) {
    return name.equals("epoch") || name.equals(BATCH);
  }

  static FilePattern of(String where, String text) {
    List<Place> places = new ArrayList<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      Place place = new Place(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
      boolean known = place.format.isEmpty() || FORMAT.matcher(place.format).matches();
      boolean whole = counts(place.name) || !place.format.endsWith("d");
      if (place.name.isBlank() || !known || !whole) {
        throw refuse(where, text);
      }
      places.add(place);
    }
    String rest = matcher.replaceAll("");
    if (text.isBlank() || rest.contains("{") || rest.contains("}")) {
      throw refuse(where, text);
    }
    return new FilePattern(text, List.copyOf(places));
  }

  private static IllegalArgumentException refuse(String where, String text) {
    return Refusal.of(
        where,
        "a file name with places such as {epoch:02d} or {val_loss:.2f}",
        "file",
        text,
        "Write whole numbers with d, others with f, e or g.");
  }

  /// The figures that the name needs, without the epoch.
  List<String> names() {
    return places.stream()
        .map(Place::name)
        .filter(name -> !name.equals("epoch"))
        .distinct()
        .toList();
  }

  /// The file of an epoch, counted from 0.
  Path file(String where, int epoch, Map<String, Double> logs) {
    StringBuilder file = new StringBuilder();
    Matcher matcher = PLACE.matcher(text);
    for (Place place : places) {
      matcher.find();
      Double value = place.name.equals("epoch") ? Double.valueOf(epoch + 1) : logs.get(place.name);
      if (value == null) {
        throw Monitor.unknown(where, place.name, logs.keySet());
      }
      matcher.appendReplacement(file, Matcher.quoteReplacement(place.write(where, value)));
    }
    return Path.of(matcher.appendTail(file).toString());
  }

  /// The deepest folder that is the same for all epochs.
  Path folder() {
    Path fixed = Path.of(places.isEmpty() ? text : text.substring(0, text.indexOf('{')) + "x");
    Path parent = fixed.toAbsolutePath().getParent();
    return parent == null ? fixed.toAbsolutePath() : parent;
  }
}
