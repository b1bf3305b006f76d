package io.kalamos.data;

/// An element that a stage of a [Dataset] could not make; the cause says why.
public final class DatasetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String stage;
  private final long element;

  DatasetException(String stage, long element, String message, Throwable cause) {
    super(message, cause);
    this.stage = stage;
    this.element = element;
  }

  static DatasetException of(Stage stage, long element, Exception cause) {
    String name = stage.label() + " (stage " + stage.number() + " of " + stage.plan() + ")";
    return new DatasetException(
        stage.label(),
        element,
        "dataset: expected "
            + name
            + " to make element "
            + element
            + ", received error="
            + cause
            + ". Correct the function, or leave such elements out with filter before it.",
        cause);
  }

  /// The stage, such as `map`.
  public String stage() {
    return stage;
  }

  /// The number of the element within its pass, counted from 0 where the stage takes it.
  public long element() {
    return element;
  }
}
