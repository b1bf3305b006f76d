package io.kalamos.metrics;

/// How the scores of classes become one.
public enum Average {
  /// A score for each class.
  NONE,
  /// Over the counts of all classes together.
  MICRO,
  /// The mean over the classes.
  MACRO,
  /// The mean weighted by how often classes are right.
  WEIGHTED
}
