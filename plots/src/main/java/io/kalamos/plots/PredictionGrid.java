package io.kalamos.plots;

import io.kalamos.options.Refusal;
import java.util.List;

/// How a grid of predictions looks.
///
/// @param errorsFirst whether wrong predictions stand in front, the surest of them first
/// @param most how many images are shown
/// @param columns how many stand in a row
/// @param classNames the classes by number; numbers where there are none
public record PredictionGrid(boolean errorsFirst, int most, int columns, List<String> classNames) {
  /// The first 50 in the order of the samples.
  public static final PredictionGrid DEFAULTS = new PredictionGrid(false, 50, 10, List.of());

  public PredictionGrid {
    classNames = List.copyOf(classNames);
    if (most < 1 || most > 1000) {
      throw Refusal.of(
          "Plots.predictions", "most from 1 to 1000", "most", most, "A page shows about 100.");
    }
    if (columns < 1 || columns > 50) {
      throw Refusal.of(
          "Plots.predictions", "columns from 1 to 50", "columns", columns, "A page is 10 wide.");
    }
  }

  public PredictionGrid errorsFirst(boolean errorsFirst) {
    return new PredictionGrid(errorsFirst, most, columns, classNames);
  }

  public PredictionGrid most(int most) {
    return new PredictionGrid(errorsFirst, most, columns, classNames);
  }

  public PredictionGrid columns(int columns) {
    return new PredictionGrid(errorsFirst, most, columns, classNames);
  }

  public PredictionGrid classNames(String... classNames) {
    return new PredictionGrid(errorsFirst, most, columns, List.of(classNames));
  }
}
