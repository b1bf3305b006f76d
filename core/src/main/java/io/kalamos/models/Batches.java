package io.kalamos.models;

import io.kalamos.data.Samples;

/// Where batches come from: passes over data, one batch after the other.
///
/// The same pass gives the same batches however often it is opened, so that a run can begin in its
/// middle or be done again.
interface Batches extends AutoCloseable {
  /// Data without an end.
  long INFINITE = -1;

  /// Data whose end is seen when it comes.
  long UNKNOWN = -2;

  /// The steps of a pass, [#INFINITE] or [#UNKNOWN].
  long steps();

  /// Goes to before step `step` of pass `pass`, both counted from 0.
  void open(int pass, long step);

  /// Takes the next batch; false where the pass has ended.
  boolean next();

  /// The tensors in which the rows of the batch lie.
  Samples samples();

  /// The numbers of the batch's rows, from [#from] on.
  int[] rows();

  int from();

  /// How many rows the batch has.
  int size();

  @Override
  void close();
}
