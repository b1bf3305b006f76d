package io.kalamos.data;

/// An element that is still to be made, by whichever thread needs it first.
interface Pending {
  /// Makes it, in memory of its own or in that of its source. To be called once.
  Element make();

  /// Copies it to a row of a batch without making an element of it, where it lies among rows in
  /// memory and those of the batch are like it; else false, and nothing was done.
  default boolean copyTo(Element batch, int row) {
    return false;
  }

  /// Makes it in the memory of `row`, or, where it is not like that, elsewhere: the result is `row`
  /// or the other element.
  default Element makeIn(Element row) {
    Element made = make();
    if (!row.like(made)) {
      return made;
    }
    row.copyFrom(made);
    return row;
  }
}
