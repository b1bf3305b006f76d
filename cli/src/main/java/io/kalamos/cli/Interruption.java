package io.kalamos.cli;

import io.kalamos.labs.LabRun;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C: training ends after the step that it is at, the command tells what was done, and the JVM
/// ends with the exit code of the signal, 130.
///
/// The JVM waits for its shutdown hooks, and this one waits for the command.
final class Interruption {
  private static final long MOST_SECONDS = 60;

  private final CountDownLatch told = new CountDownLatch(1);
  private final LabRun.Stop stop = new LabRun.Stop();

  /// Watches for Ctrl-C from now on.
  static Interruption watch() {
    var interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::ask));
    return interruption;
  }

  private void ask() {
    stop.ask();
    try {
      told.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// What ends the trainings.
  LabRun.Stop stop() {
    return stop;
  }

  /// The command has said all; the JVM may end.
  void told() {
    told.countDown();
  }
}
