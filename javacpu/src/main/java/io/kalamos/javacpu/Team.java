package io.kalamos.javacpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// The threads that share the steps of one program: the caller and its helpers, which walk the same
/// list of kernels and meet after each of them.
final class Team implements AutoCloseable {
  private static final int SPINS = 2000;

  private final Thread[] helpers;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int meeting;
  private volatile int call;
  private volatile IntConsumer work;
  private volatile boolean closed;

  Team(int size) {
    helpers = new Thread[size - 1];
    for (int i = 0; i < helpers.length; i++) {
      int part = i + 1;
      helpers[i] =
          Thread.ofPlatform().daemon().name("kalamos-java-" + part).unstarted(() -> help(part));
    }
  }

  int size() {
    return helpers.length + 1;
  }

  /// Runs `work` once on each thread with its number; returns when all are done.
  void run(IntConsumer work) {
    if (helpers.length == 0) {
      work.accept(0);
      return;
    }
    this.work = work;
    call++;
    for (Thread helper : helpers) {
      if (helper.getState() == Thread.State.NEW) {
        helper.start();
      } else {
        LockSupport.unpark(helper);
      }
    }
    work.accept(0);
    meet();
    this.work = null;
  }

  /// Waits until every thread of the team is here.
  void meet() {
    if (helpers.length == 0) {
      return;
    }
    int current = meeting;
    if (arrived.incrementAndGet() == size()) {
      arrived.set(0);
      meeting = current + 1;
      return;
    }
    for (int spins = 0; meeting == current; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void help(int part) {
    int served = 0;
    while (true) {
      for (int spins = 0; call == served && !closed; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      served++;
      work.accept(part);
      meet();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
