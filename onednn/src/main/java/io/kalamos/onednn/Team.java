package io.kalamos.onednn;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Threads that run the parts of a step side by side and meet at barriers.
///
/// Steps last microseconds, so waiting is spinning at first; who waits longer yields the core, and
/// a worker without work goes to sleep. The caller is thread 0. One job at a time.
final class Team {
  /// Work of one thread.
  interface Job {
    void run(int thread);
  }

  private static final int SPINS = 2_000;
  private static final int YIELDS = 200;
  private static final long NAP_NANOS = 50_000;

  private final int threads;
  private final Worker[] workers;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int barriers;
  private volatile int jobs;
  private volatile Job job;

  Team(int threads) {
    this.threads = threads;
    this.workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  int threads() {
    return threads;
  }

  /// Runs a job in all threads; `false` at once where another one is running.
  boolean run(Job work) {
    if (!busy.compareAndSet(false, true)) {
      return false;
    }
    try {
      job = work;
      jobs = jobs + 1;
      for (Worker worker : workers) {
        if (worker.asleep) {
          LockSupport.unpark(worker);
        }
      }
      work.run(0);
      barrier();
      return true;
    } finally {
      busy.set(false);
    }
  }

  /// Waits until all threads of the job are here.
  void barrier() {
    int seen = barriers;
    if (arrived.incrementAndGet() == threads) {
      arrived.set(0);
      barriers = seen + 1;
      return;
    }
    for (int waits = 0; barriers == seen; waits++) {
      pause(waits);
    }
  }

  private static void pause(int waits) {
    if (waits < SPINS) {
      Thread.onSpinWait();
    } else if (waits < SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }

  private final class Worker extends Thread {
    private final int thread;
    private volatile boolean asleep;

    Worker(int thread) {
      super("kalamos-" + thread);
      this.thread = thread;
      setDaemon(true);
    }

    @Override
    public void run() {
      int done = 0;
      while (true) {
        await(done);
        done++;
        job.run(thread);
        barrier();
      }
    }

    private void await(int done) {
      for (int waits = 0; jobs == done; waits++) {
        if (waits < SPINS) {
          Thread.onSpinWait();
        } else if (waits < SPINS + YIELDS) {
          Thread.yield();
        } else {
          asleep = true;
          if (jobs == done) {
            LockSupport.park(this);
          }
          asleep = false;
        }
      }
    }
  }
}
