package io.kalamos.models;

import io.kalamos.options.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What `summary` shows; Keras's options and defaults.
///
/// @param lineLength characters of a line
/// @param expandNested whether the layers of inner models are listed
/// @param showTrainable whether a column says what training changes
/// @param layerRange the first and the last layer that are listed: patterns of which one matches
///   the begin of a name
public record SummaryOptions(
    int lineLength,
    boolean expandNested,
    boolean showTrainable,
    Optional<List<String>> layerRange) {
  public static final SummaryOptions DEFAULTS =
      new SummaryOptions(80, false, false, Optional.empty());

  public SummaryOptions {
    Refusal.unlessAtLeast("summary", "lineLength", lineLength, 40, "Keras's tables need the room.");
    layerRange = layerRange.map(List::copyOf);
    layerRange.ifPresent(range -> range.forEach(SummaryOptions::check));
  }

  private static void check(String pattern) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException problem) {
      throw Refusal.of(
          "summary",
          "names of layers or patterns of them",
          "layerRange",
          pattern,
          "Use names such as dense_1.");
    }
  }

  public SummaryOptions lineLength(int lineLength) {
    return new SummaryOptions(lineLength, expandNested, showTrainable, layerRange);
  }

  public SummaryOptions expandNested(boolean expandNested) {
    return new SummaryOptions(lineLength, expandNested, showTrainable, layerRange);
  }

  public SummaryOptions showTrainable(boolean showTrainable) {
    return new SummaryOptions(lineLength, expandNested, showTrainable, layerRange);
  }

  public SummaryOptions layerRange(String first, String last) {
    return new SummaryOptions(
        lineLength, expandNested, showTrainable, Optional.of(List.of(first, last)));
  }
}
