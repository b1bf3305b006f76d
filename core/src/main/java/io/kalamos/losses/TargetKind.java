package io.kalamos.losses;

/// What a loss compares predictions with; checked before the first step.
public enum TargetKind {
  /// A whole number from 0 to classes - 1 for each sample: (batch) or (batch, 1) beside (batch,
  /// classes).
  CLASS_INDEX,
  /// Any whole number for each sample, (batch) or (batch, 1): samples with the same one belong
  /// together.
  LABEL,
  /// Whole numbers from 1 to classes - 1, one behind the other and 0 behind the last: (batch, most
  /// labels) beside (batch, steps, classes).
  LABEL_SEQUENCE,
  /// Probabilities of the classes that add up to 1, of the prediction's shape.
  ONE_HOT,
  /// Probabilities from 0 to 1, of the prediction's shape or without its last axis of size 1.
  PROBABILITY,
  /// -1 and 1, or 0 and 1, of the prediction's shape or without its last axis of size 1.
  SIGN,
  /// Numbers of 0 or more, of the prediction's shape or without its last axis of size 1.
  NOT_NEGATIVE,
  /// Any numbers, of the prediction's shape or without its last axis of size 1.
  SAME_SHAPE,
  /// Whatever an own loss makes of it: nothing is checked.
  ANY
}
