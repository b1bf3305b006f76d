package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Places buffers with known lifetimes into one arena so that those alive together do not overlap:
/// the largest first, each at the lowest free place.
public final class Planner {
  private Planner() {}

  /// A buffer needed from step `first` to step `last`, both inclusive.
  public record Request(long bytes, int first, int last) {}

  /// Offsets in the order of the requests, and the arena's size.
  public record Plan(long[] offsets, long bytes) {}

  /// A placement aligned to [Tensor#ALIGNMENT].
  public static Plan place(List<Request> requests) {
    long[] offsets = new long[requests.size()];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> -requests.get(i).bytes()));
    List<Integer> placed = new ArrayList<>();
    long total = 0;
    for (int i : order) {
      Request request = requests.get(i);
      long offset = 0;
      for (int other : placed) {
        Request neighbour = requests.get(other);
        boolean together = neighbour.first <= request.last && request.first <= neighbour.last;
        if (together
            && offset < offsets[other] + aligned(neighbour.bytes)
            && offsets[other] < offset + aligned(request.bytes)) {
          offset = offsets[other] + aligned(neighbour.bytes);
        }
      }
      offsets[i] = offset;
      total = Math.max(total, offset + aligned(request.bytes));
      int place = placed.size();
      while (place > 0 && offsets[placed.get(place - 1)] > offset) {
        place--;
      }
      placed.add(place, i);
    }
    return new Plan(offsets, total);
  }

  private static long aligned(long bytes) {
    return (bytes + Tensor.ALIGNMENT - 1) & -Tensor.ALIGNMENT;
  }
}
