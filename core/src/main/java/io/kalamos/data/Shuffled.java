package io.kalamos.data;

import java.util.ArrayList;
import java.util.List;

/// Elements in random order through a buffer, as in `tf.data`: the buffer is filled, then each
/// element is drawn from it and its place taken by the next of the source. A buffer as large as the
/// data gives every order the same chance.
record Shuffled(Stage source, int bufferSize, long seed, boolean reshuffleEachIteration)
    implements Stage {
  @Override
  public Pass open(long epoch) {
    PlaceRandom random =
        new PlaceRandom(seed, PlaceRandom.SHUFFLES, reshuffleEachIteration ? epoch : 0, 0);
    return new Onward(source.open(epoch)) {
      private final List<Pending> buffer = new ArrayList<>();
      private boolean ended;

      @Override
      public Pending next() {
        while (!ended && buffer.size() < bufferSize) {
          Pending pending = source.next();
          if (pending == null) {
            ended = true;
          } else {
            buffer.add(pending);
          }
        }
        if (buffer.isEmpty()) {
          return null;
        }
        Pending last = buffer.removeLast();
        int drawn = random.below(buffer.size() + 1);
        return drawn == buffer.size() ? last : buffer.set(drawn, last);
      }
    };
  }

  @Override
  public long cardinality() {
    return source.cardinality();
  }

  @Override
  public String label() {
    return "shuffle(" + bufferSize + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of(source);
  }
}
