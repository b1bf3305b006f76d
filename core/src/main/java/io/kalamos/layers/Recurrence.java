package io.kalamos.layers;

import io.kalamos.options.Grouped;
import java.util.OptionalLong;

/// How a recurrent layer goes over time: the options that all of them have.
///
/// @param returnSequences whether the results of all steps are given, (batch, time, units), or that
///   of the last one, (batch, units)
/// @param returnState whether the last states follow as further results
/// @param goBackwards whether the last step is taken first; sequences come in the order of taking
/// @param zeroOutputForMask whether steps that do not count give zeros instead of the state
/// @param dropout the part of the inputs that is zeroed, the same for all steps
/// @param recurrentDropout the part of the state that is zeroed, the same for all steps
public record Recurrence(
    boolean returnSequences,
    boolean returnState,
    boolean goBackwards,
    boolean zeroOutputForMask,
    double dropout,
    double recurrentDropout,
    OptionalLong seed)
    implements Grouped {
  static final Recurrence DEFAULTS =
      new Recurrence(false, false, false, false, 0, 0, OptionalLong.empty());

  public Recurrence {
    Options.fraction("Recurrence", "dropout", dropout);
    Options.fraction("Recurrence", "recurrentDropout", recurrentDropout);
  }
}
