package io.kalamos.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/// Makes elements ahead of their use. Whichever thread comes first takes the next element of the
/// source and the next free place in the queue, both under one lock, so that the order is the
/// source's; making happens outside of the lock. Threads are started only for places that are free:
/// that is the back-pressure.
final class Ahead extends Onward {
  private final int ahead;
  private final Deque<Place> queue = new ArrayDeque<>();
  private final ReentrantLock taking = new ReentrantLock();
  private final Queue<Place> free = new ArrayDeque<>();

  /// Those that may still be at work: a thread stays until it has ended, so that [#close] can wait
  /// for it.
  private final List<Thread> threads = new ArrayList<>();

  private volatile boolean ended;

  Ahead(Pass source, int ahead) {
    super(source);
    this.ahead = ahead;
  }

  /// Where an element comes: first whether there is one, then the element.
  private record Place(CompletableFuture<Boolean> there, CompletableFuture<Element> element) {
    Place() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  @Override
  public Pending next() {
    while (!ended && queue.size() <= ahead) {
      start();
    }
    Place place = queue.poll();
    if (place == null || !await(place.there())) {
      return null;
    }
    return () -> await(place.element());
  }

  private void start() {
    Place place = new Place();
    queue.add(place);
    taking.lock();
    try {
      free.add(place);
    } finally {
      taking.unlock();
    }
    if (threads.size() > 2 * ahead) {
      threads.removeIf(thread -> !thread.isAlive());
    }
    threads.add(Thread.ofVirtual().name("kalamos-data").start(this::work));
  }

  private void work() {
    Place place;
    Pending pending;
    taking.lock();
    try {
      place = free.poll();
      pending = take(place);
    } finally {
      taking.unlock();
    }
    if (pending != null) {
      make(place, pending);
    }
  }

  private Pending take(Place place) {
    try {
      Pending pending = ended ? null : source.next();
      ended |= pending == null;
      place.there().complete(pending != null);
      return pending;
    } catch (RuntimeException | Error e) {
      ended = true;
      place.there().completeExceptionally(e);
      return null;
    }
  }

  private static void make(Place place, Pending pending) {
    try {
      place.element().complete(pending.make());
    } catch (RuntimeException | Error e) {
      place.element().completeExceptionally(e);
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw Parallel.thrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "dataset: expected the next element, received interruption. Close the dataset's elements"
              + " and begin again.",
          e);
    }
  }

  @Override
  public long skip(long count) {
    return queue.isEmpty() && !ended ? source.skip(count) : super.skip(count);
  }

  @Override
  public void close() {
    ended = true;
    threads.forEach(Parallel::join);
    source.close();
  }
}
