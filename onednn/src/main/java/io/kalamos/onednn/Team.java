package io.kalamos.onednn;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Threads that run the parts of a step side by side and meet at barriers.
///
/// Steps last microseconds, so waiting is spinning; a worker without work goes to sleep soon. At a
/// barrier who waits keeps the core for milliseconds: where other programs run, it would come back
/// from them only then, and that at each barrier. A worker that does not start at once may be
/// waiting behind the caller: it is sent to another processor. The caller is thread 0. One job at a
/// time.
final class Team {
  /// Work of one thread.
  interface Job {
    void run(int thread);
  }

  /// Some 0.1 milliseconds: until a worker without work sleeps.
  private static final int SHORT = 2_000;

  /// Some milliseconds: until who waits at a barrier gives the core away.
  private static final int LONG = 50_000;

  /// A worker that spins starts within a few of these.
  private static final int STARTS = 100;

  private static final int YIELDS = 200;
  private static final long NAP_NANOS = 50_000;

  private final int threads;

  /// Where there are fewer processors than threads, one waits for a core that another one keeps.
  private final int spins;

  private final Worker[] workers;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int barriers;
  private volatile int jobs;
  private volatile Job job;

  Team(int threads) {
    this.threads = threads;
    this.spins = threads <= Runtime.getRuntime().availableProcessors() ? LONG : SHORT;
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
      if (!allStarted()) {
        spread();
      }
      work.run(0);
      barrier();
      return true;
    } finally {
      busy.set(false);
    }
  }

  private boolean allStarted() {
    for (int waits = 0; waits < STARTS; waits++) {
      boolean all = true;
      for (Worker worker : workers) {
        all &= worker.started == jobs;
      }
      if (all) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /// Sends the workers that have not started away from the processors of those that run.
  private void spread() {
    BitSet taken = new BitSet();
    occupy(taken, Processors.here());
    for (Worker worker : workers) {
      if (worker.started == jobs) {
        occupy(taken, worker.processor);
      }
    }
    for (Worker worker : workers) {
      if (worker.started != jobs) {
        Processors.avoid(worker.number, taken);
      }
    }
  }

  private static void occupy(BitSet taken, int processor) {
    if (processor >= 0) {
      taken.set(processor);
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

  private void pause(int waits) {
    if (waits < spins) {
      Thread.onSpinWait();
    } else if (waits < spins + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }

  private final class Worker extends Thread {
    private final int thread;
    private volatile boolean asleep;

    /// The last job that began.
    private volatile int started;

    private volatile int number = -1;
    private volatile int processor = -1;

    Worker(int thread) {
      super("kalamos-" + thread);
      this.thread = thread;
      setDaemon(true);
    }

    @Override
    public void run() {
      int done = 0;
      number = Processors.thread();
      while (true) {
        await(done);
        done++;
        processor = Processors.here();
        started = done;
        job.run(thread);
        barrier();
      }
    }

    private void await(int done) {
      for (int waits = 0; jobs == done; waits++) {
        if (waits < SHORT) {
          Thread.onSpinWait();
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
