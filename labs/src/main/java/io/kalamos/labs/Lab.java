package io.kalamos.labs;

import java.io.IOException;
import java.util.List;

/// A row of steps that teach something, each trained on its own.
public interface Lab {
  /// What `./kalamos lab` takes.
  String name();

  /// What it teaches, in half a sentence.
  String summary();

  List<LabStep> steps();

  /// What the table shows between the epochs and the floor.
  List<LabColumn> columns();

  /// Reads the data.
  Session open(LabRun run);

  /// A lab over data that are read.
  interface Session {
    /// What is shown before the first step, as text.
    String introduction();

    /// The pictures that go with it, into the folder of all runs.
    default void drawIntroduction() throws IOException {}

    /// Trains a step, as often as the run has seeds; empty where it was interrupted before there
    /// was anything to tell.
    List<LabResult> run(LabStep step) throws IOException;
  }
}
