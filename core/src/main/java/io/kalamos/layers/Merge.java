package io.kalamos.layers;

/// How the results of both directions become one.
public enum Merge {
  CONCAT,
  SUM,
  MUL,
  AVE
}
