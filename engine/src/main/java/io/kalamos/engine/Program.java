package io.kalamos.engine;

/// A compiled graph: everything it needs is allocated, a run allocates nothing.
///
/// One thread at a time may use a program; several programs over the same variables may run at once
/// as long as none of them writes.
public interface Program extends AutoCloseable {
  /// Names the data from which the rows of a [Batch] are picked: shape (rows, ...) of the input's
  /// type. Nothing is copied; the program keeps the tensor alive. Data that the graph does not read
  /// are left aside.
  void bind(String input, Tensor data);

  /// Sets a [Scalar] for the following runs.
  void set(String scalar, double value);

  /// Runs one step over the rows `rows[from]` .. `rows[from + batch - 1]` of the bound data, where
  /// batch is the first size of the inputs; `step` is the counter of the random numbers.
  void run(int[] rows, int from, int step);

  /// A result of the last run; the next run overwrites its memory.
  Tensor output(String name);

  /// Bytes of memory that the program holds beside the variables.
  long bytes();

  /// The plan in words: kernels, layouts, implementations, bytes, operations, times if profiled.
  String explain();

  /// Frees the memory and the native objects.
  @Override
  void close();
}
