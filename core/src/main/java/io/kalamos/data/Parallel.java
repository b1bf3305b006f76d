package io.kalamos.data;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/// Independent pieces of work, on as many threads as there are processors where it is worth it.
final class Parallel {
  static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /// Work that lasts longer than this, in nanoseconds, is shared.
  private static final long WORTH = 200_000;

  private Parallel() {}

  private record Failure(int at, Throwable problem) {}

  /// Does the work of 0 .. count - 1. Where some fail, the problem of the first of them is thrown.
  static void each(int count, IntConsumer work) {
    long begin = System.nanoTime();
    int done = 0;
    for (; done < count; done++) {
      long left = (System.nanoTime() - begin) * (count - done) / Math.max(1, done);
      if (PROCESSORS > 1 && done > 0 && count - done > 1 && left > WORTH) {
        break;
      }
      work.accept(done);
    }
    if (done < count) {
      shared(done, count, work);
    }
  }

  private static void shared(int from, int count, IntConsumer work) {
    AtomicInteger next = new AtomicInteger(from);
    AtomicReference<Failure> failure = new AtomicReference<>();
    Runnable share =
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            try {
              work.accept(i);
            } catch (RuntimeException | Error e) {
              next.set(count);
              failure.accumulateAndGet(
                  new Failure(i, e), (a, b) -> a == null || b.at() < a.at() ? b : a);
            }
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < Math.min(PROCESSORS, count - from); i++) {
      threads.add(Thread.startVirtualThread(share));
    }
    share.run();
    threads.forEach(Parallel::join);
    if (failure.get() != null) {
      throw thrown(failure.get().problem());
    }
  }

  /// A problem of another thread, to be thrown in this one.
  static RuntimeException thrown(Throwable problem) {
    if (problem instanceof Error error) {
      throw error;
    }
    return problem instanceof RuntimeException known ? known : new IllegalStateException(problem);
  }

  /// Waits for a thread, however often this one is interrupted, since it writes into our memory.
  static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
