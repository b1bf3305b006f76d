package io.kalamos.cli;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C: training ends after the step that it is at, the command tells what was done, and the JVM
/// ends with the exit code of the signal, 130.
///
/// The JVM waits for its shutdown hooks, and this one waits for the command.
final class Interruption implements Callback {
  private static final long MOST_SECONDS = 60;

  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean asked;
  private volatile Runnable stop = () -> {};

  /// Watches for Ctrl-C from now on.
  static Interruption watch() {
    var interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::ask));
    return interruption;
  }

  private void ask() {
    asked = true;
    stop.run();
    try {
      told.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  boolean asked() {
    return asked;
  }

  /// The command has said all; the JVM may end.
  void told() {
    told.countDown();
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> {
        stop = () -> begin.training().stop("interrupted");
        if (asked) {
          stop.run();
        }
      }
      case TrainEnd _ -> stop = () -> {};
      case EpochBegin _, EpochEnd _, BatchEnd _ -> {}
    }
  }
}
