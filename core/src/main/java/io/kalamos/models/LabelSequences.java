package io.kalamos.models;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// Whether targets are rows of labels that the steps of an output can spell, for the loss `CTC`.
final class LabelSequences {
  private LabelSequences() {}

  static void check(String where, Shape output, Tensor y) {
    if (output.rank() != 3 || y.shape().rank() != 2) {
      throw Refusal.of(
          where,
          "labels (None, most labels) beside an output (None, steps, classes)",
          "shape",
          y.shape() + " beside " + output,
          "Fill shorter rows of labels with 0, the blank; a Reshape makes steps of a picture.");
    }
    int classes = output.dim(2);
    int width = y.shape().dim(1);
    long bad = Scan.first(y, label -> label != Math.rint(label) || label < 0 || label >= classes);
    if (bad >= 0) {
      double label = y.get(bad);
      throw Refusal.of(
          where,
          "whole numbers from 1 to "
              + (classes - 1)
              + " for "
              + classes
              + " classes with the blank",
          "label",
          (label == Math.rint(label) ? "" + (long) label : "" + label) + " in row " + bad / width,
          "Count classes from 1, since 0 is the blank, or give the last layer more units.");
    }
    for (int row = 0; row < y.shape().dim(0); row++) {
      row(where, output.dim(1), y, row);
    }
  }

  private static void row(String where, int steps, Tensor y, int row) {
    int width = y.shape().dim(1);
    int needed = 0;
    double before = 0;
    boolean ended = false;
    for (int i = 0; i < width; i++) {
      double label = y.get((long) row * width + i);
      if (label != 0 && ended) {
        throw Refusal.of(
            where,
            "0 behind the last label alone",
            "labels",
            "0, " + (long) label + " in row " + row,
            "0 is the blank, no class: count classes from 1.");
      }
      ended = label == 0;
      needed += ended ? 0 : label == before ? 2 : 1;
      before = label;
    }
    if (steps != Shape.OPEN && needed > steps) {
      throw Refusal.of(
          where,
          "labels that fit into " + steps + " steps, two equal ones with a blank between them",
          "steps",
          needed + " needed in row " + row,
          "Give the output more steps, or leave out longer rows.");
    }
  }
}
