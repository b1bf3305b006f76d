package io.kalamos.data;

import java.util.Iterator;
import java.util.NoSuchElementException;

/// A pass over a [Dataset], for one thread. It closes itself at the end and after a failure; where
/// it is left before, closing it waits for the threads that make elements ahead.
public final class Elements implements Iterator<Element>, AutoCloseable {
  private final Pass pass;
  private Pending next;
  private boolean ended;

  Elements(Pass pass) {
    this.pass = pass;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = pass.next();
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
      if (next == null) {
        close();
      }
    }
    return next != null;
  }

  /// The next element.
  ///
  /// @throws DatasetException where a function of the plan failed at it
  @Override
  public Element next() {
    if (!hasNext()) {
      throw new NoSuchElementException("dataset: expected another element, received its end.");
    }
    Pending now = next;
    next = null;
    try {
      return now.make();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// Leaves out elements, which are not made if nothing has to look at them.
  ///
  /// @return how many there were, less than `count` at the end
  public long skip(long count) {
    if (count <= 0 || ended) {
      return 0;
    }
    long first = next == null ? 0 : 1;
    next = null;
    return first + pass.skip(count - first);
  }

  /// Gives back an element that nobody reads any more: a later batch may lie in its memory, which
  /// saves taking new memory for each.
  public void reuse(Element element) {
    pass.reuse(element);
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      next = null;
      pass.close();
    }
  }
}
