package io.kalamos.onednn;

/// A call into oneDNN answered with a status other than success.
final class DnnlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  DnnlException(String function, Object subject, int status) {
    super(
        function
            + " of "
            + subject
            + ": expected status=success, received status="
            + nameOf(status)
            + " ("
            + status
            + "); "
            + remedy(status)
            + ".");
    this.status = status;
  }

  /// The library's status code.
  int status() {
    return status;
  }

  private static String nameOf(int status) {
    return switch (status) {
      case 1 -> "out_of_memory";
      case 2 -> "invalid_arguments";
      case 3 -> "unimplemented";
      case 4 -> "last_impl_reached";
      case 5 -> "runtime_error";
      case 6 -> "not_required";
      case 7 -> "invalid_graph";
      case 8 -> "invalid_graph_op";
      case 9 -> "invalid_shape";
      case 10 -> "invalid_data_type";
      default -> "unknown";
    };
  }

  private static String remedy(int status) {
    return switch (status) {
      case 1, 5 -> "lower the batch size or free memory";
      case 3 -> "use another data type or layout, or the Java backend";
      default -> "make dims, data types and arguments agree";
    };
  }
}
