package io.kalamos.models;

import io.kalamos.engine.DType;

/// In which types a model computes; Keras's dtype policies.
public enum Precision {
  FLOAT32("float32", DType.FLOAT32, DType.FLOAT32),
  /// Products in bfloat16, but for convolutions that are faster in float32 on this processor;
  /// weights, statistics, probabilities and losses in float32.
  MIXED_BFLOAT16("mixed_bfloat16", DType.FLOAT32, DType.BFLOAT16),
  /// Slow and exact: for checks.
  FLOAT64("float64", DType.FLOAT64, DType.FLOAT64);

  private final String keras;
  private final DType variables;
  private final DType compute;

  Precision(String keras, DType variables, DType compute) {
    this.keras = keras;
    this.variables = variables;
    this.compute = compute;
  }

  /// The type of weights.
  public DType variableType() {
    return variables;
  }

  /// The type of the values between layers.
  public DType computeType() {
    return compute;
  }

  /// The precision of this name in Keras.
  public static Precision named(String name) {
    for (Precision precision : values()) {
      if (precision.keras.equals(name)) {
        return precision;
      }
    }
    throw io.kalamos.options.Refusal.of(
        "precision",
        "float32, mixed_bfloat16 or float64",
        "precision",
        name,
        "Choose one of them; float32 is the default.");
  }

  @Override
  public String toString() {
    return keras;
  }
}
