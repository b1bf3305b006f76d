package io.kalamos.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// Places the boxes of a directed graph without cycles in ranks, as Sugiyama, Tagawa and Toda do
/// (1981), in four steps.
/// 1. A box stands one rank behind the last of its inputs (the longest path), a source right before
///    its first user. An edge over several ranks gets a bend in each rank between.
/// 2. Boxes and bends of a rank are ordered by the mean place of their neighbours, forth and back;
///    the order with the fewest crossings stays.
/// 3. Each wishes to stand at the median of its neighbours, a bend in line with its edge. The
///    wishes of a rank that keep order and distance, as near as squares can tell, are found by
///    pooling adjacent violators.
/// 4. Ranks are as deep as their deepest box.
///
/// Breadth runs along a rank and depth across ranks, whatever the picture makes of it.
final class LayeredLayout {
  private static final int ORDERINGS = 24;
  private static final int PLACINGS = 400;
  private static final int STRAIGHTENINGS = 16;
  private static final double BETWEEN_BOXES = 26;
  private static final double BETWEEN_BENDS = 14;
  static final double BETWEEN_RANKS = 34;

  /// A box, or a bend of an edge.
  private static final class Spot {
    final int rank;
    final double breadth;
    final boolean bend;
    final List<Spot> above = new ArrayList<>();
    final List<Spot> below = new ArrayList<>();
    int order;
    double centre;
    Line line;

    Spot(int rank, double breadth, boolean bend) {
      this.rank = rank;
      this.breadth = breadth;
      this.bend = bend;
    }
  }

  /// Spots that follow each other without a fork.
  private record Line(List<Spot> spots) {
    /// The line that begins at a spot; its spots know it.
    static Line from(Spot first) {
      var line = new Line(new ArrayList<>());
      line.add(first);
      while (line.last().below.size() == 1 && line.last().below.getFirst().above.size() == 1) {
        line.add(line.last().below.getFirst());
      }
      return line;
    }

    private void add(Spot spot) {
      spots.add(spot);
      spot.line = this;
    }

    private Spot last() {
      return spots.getLast();
    }

    boolean bare() {
      return spots.stream().allMatch(spot -> spot.bend);
    }

    double mean() {
      return spots.stream().mapToDouble(spot -> spot.centre).average().orElseThrow();
    }

    /// Between what it leads from and to, as far as there is anything.
    double middle() {
      return Stream.of(spots.getFirst().above, last().below)
          .filter(end -> !end.isEmpty())
          .mapToDouble(Line::median)
          .average()
          .orElse(mean());
    }

    /// Of the neighbours that are more than a detour.
    private static double median(List<Spot> neighbours) {
      boolean bare = neighbours.stream().allMatch(spot -> spot.line.bare());
      double[] sorted =
          neighbours.stream()
              .filter(spot -> bare || !spot.line.bare())
              .mapToDouble(spot -> spot.centre)
              .sorted()
              .toArray();
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
  }

  private final List<Spot> boxes = new ArrayList<>();
  private final List<List<List<Spot>>> bends = new ArrayList<>();
  private final List<List<Spot>> ranks = new ArrayList<>();
  private final double[] rankDepths;

  /// @param breadths of the boxes, inputs before their users
  /// @param inputs the boxes from which edges lead to each box
  LayeredLayout(double[] breadths, double[] depths, List<List<Integer>> inputs) {
    int[] rank = ranks(inputs);
    for (int i = 0; i < breadths.length; i++) {
      boxes.add(put(new Spot(rank[i], breadths[i], false)));
    }
    for (int i = 0; i < breadths.length; i++) {
      var own = new ArrayList<List<Spot>>();
      for (int input : inputs.get(i)) {
        own.add(connect(boxes.get(input), boxes.get(i)));
      }
      bends.add(own);
    }
    rankDepths = new double[ranks.size()];
    for (int i = 0; i < depths.length; i++) {
      rankDepths[rank[i]] = Math.max(rankDepths[rank[i]], depths[i]);
    }
    order();
    place();
  }

  private static int[] ranks(List<List<Integer>> inputs) {
    int boxes = inputs.size();
    var rank = new int[boxes];
    var firstUser = new int[boxes];
    Arrays.fill(firstUser, Integer.MAX_VALUE);
    for (int i = 0; i < boxes; i++) {
      for (int input : inputs.get(i)) {
        rank[i] = Math.max(rank[i], rank[input] + 1);
      }
      for (int input : inputs.get(i)) {
        firstUser[input] = Math.min(firstUser[input], rank[i]);
      }
    }
    for (int i = 0; i < boxes; i++) {
      if (inputs.get(i).isEmpty() && firstUser[i] < Integer.MAX_VALUE) {
        rank[i] = firstUser[i] - 1;
      }
    }
    return rank;
  }

  private Spot put(Spot spot) {
    while (ranks.size() <= spot.rank) {
      ranks.add(new ArrayList<>());
    }
    spot.order = ranks.get(spot.rank).size();
    ranks.get(spot.rank).add(spot);
    return spot;
  }

  /// Gives an edge its bends.
  private List<Spot> connect(Spot from, Spot to) {
    var spots = new ArrayList<Spot>(List.of(from));
    for (int rank = from.rank + 1; rank < to.rank; rank++) {
      spots.add(put(new Spot(rank, 0, true)));
    }
    spots.add(to);
    for (int i = 1; i < spots.size(); i++) {
      spots.get(i - 1).below.add(spots.get(i));
      spots.get(i).above.add(spots.get(i - 1));
    }
    return spots.subList(1, spots.size() - 1);
  }

  private void order() {
    var best = orders();
    long fewest = crossings();
    for (int i = 0; i < ORDERINGS && fewest > 0; i++) {
      boolean down = i % 2 == 0;
      for (var rank : down ? ranks : ranks.reversed()) {
        var means = new IdentityHashMap<Spot, Double>();
        for (var spot : rank) {
          means.put(
              spot,
              (down ? spot.above : spot.below)
                  .stream().mapToInt(other -> other.order).average().orElse(spot.order));
        }
        rank.sort(Comparator.comparingDouble(means::get));
        number(rank);
      }
      long crossings = crossings();
      if (crossings < fewest) {
        fewest = crossings;
        best = orders();
      }
    }
    ranks.clear();
    ranks.addAll(best);
    ranks.forEach(LayeredLayout::number);
  }

  private List<List<Spot>> orders() {
    var copy = new ArrayList<List<Spot>>();
    ranks.forEach(rank -> copy.add(new ArrayList<>(rank)));
    return copy;
  }

  private static void number(List<Spot> rank) {
    for (int i = 0; i < rank.size(); i++) {
      rank.get(i).order = i;
    }
  }

  /// How many pairs of edges cross between neighbouring ranks.
  long crossings() {
    long crossings = 0;
    for (var rank : ranks) {
      for (var left : rank) {
        for (var right : rank.subList(left.order + 1, rank.size())) {
          for (var a : left.below) {
            crossings += right.below.stream().filter(b -> b.order < a.order).count();
          }
        }
      }
    }
    return crossings;
  }

  private void place() {
    for (var rank : ranks) {
      double at = 0;
      for (int i = 0; i < rank.size(); i++) {
        at += i == 0 ? 0 : apart(rank.get(i - 1), rank.get(i));
        rank.get(i).centre = at;
      }
      for (var spot : rank) {
        spot.centre -= at / 2;
      }
    }
    for (var rank : ranks) {
      rank.stream().filter(spot -> spot.line == null).forEach(Line::from);
    }
    for (int i = 0; i < PLACINGS; i++) {
      double pull = 1 - i / (double) PLACINGS;
      for (var rank : i % 2 == 0 ? ranks : ranks.reversed()) {
        settle(rank, rank.stream().mapToDouble(spot -> wish(spot.line, pull)).toArray());
      }
    }
    for (int i = 0; i < STRAIGHTENINGS; i++) {
      for (var rank : ranks) {
        rank.forEach(spot -> straighten(spot.line));
      }
    }
    double left =
        ranks.stream()
            .flatMap(List::stream)
            .mapToDouble(spot -> spot.centre - spot.breadth / 2)
            .min()
            .orElse(0);
    ranks.forEach(rank -> rank.forEach(spot -> spot.centre -= left));
  }

  private static double apart(Spot a, Spot b) {
    double gap = a.bend && b.bend ? BETWEEN_BENDS : BETWEEN_BOXES;
    return a.breadth / 2 + gap + b.breadth / 2;
  }

  /// A line of boxes goes most of the way to its middle, one of bends a little and only where there
  /// is room: it must not push boxes aside.
  private double wish(Line line, double pull) {
    double speed = pull * (line.bare() ? 0.1 : 0.9);
    double wish = line.mean() + speed * (line.middle() - line.mean());
    return line.bare() ? withRoom(line, wish).orElse(wish) : wish;
  }

  /// Brings all of a line, one of boxes nearer to its middle too, where there is room.
  private void straighten(Line line) {
    double mean = line.mean();
    withRoom(line, line.bare() ? mean : (mean + line.middle()) / 2)
        .ifPresent(place -> line.spots().forEach(spot -> spot.centre = place));
  }

  /// The nearest place to the wished one where a whole line keeps its distance to its neighbours,
  /// if there is one.
  private OptionalDouble withRoom(Line line, double wish) {
    double least = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    for (var spot : line.spots()) {
      var rank = ranks.get(spot.rank);
      if (spot.order > 0) {
        var left = rank.get(spot.order - 1);
        least = Math.max(least, left.centre + apart(left, spot));
      }
      if (spot.order + 1 < rank.size()) {
        var right = rank.get(spot.order + 1);
        most = Math.min(most, right.centre - apart(spot, right));
      }
    }
    return least <= most
        ? OptionalDouble.of(Math.clamp(wish, least, most))
        : OptionalDouble.empty();
  }

  /// Moves the spots of a rank as near to their wishes as order and distance allow; boxes weigh
  /// more than bends, so that bends give way.
  private static void settle(List<Spot> rank, double[] wishes) {
    int count = rank.size();
    var offsets = new double[count];
    var sums = new double[count];
    var weights = new double[count];
    var sizes = new int[count];
    int pools = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = i == 0 ? 0 : offsets[i - 1] + apart(rank.get(i - 1), rank.get(i));
      weights[pools] = rank.get(i).line.bare() ? 1 : 10;
      sums[pools] = weights[pools] * (wishes[i] - offsets[i]);
      sizes[pools] = 1;
      while (pools > 0 && sums[pools - 1] / weights[pools - 1] > sums[pools] / weights[pools]) {
        sums[pools - 1] += sums[pools];
        weights[pools - 1] += weights[pools];
        sizes[pools - 1] += sizes[pools];
        pools--;
      }
      pools++;
    }
    int i = 0;
    for (int pool = 0; pool < pools; pool++) {
      for (int k = 0; k < sizes[pool]; k++, i++) {
        rank.get(i).centre = sums[pool] / weights[pool] + offsets[i];
      }
    }
  }

  /// Where the middle of a box is along its rank.
  double centre(int box) {
    return boxes.get(box).centre;
  }

  int rank(int box) {
    return boxes.get(box).rank;
  }

  /// Where a rank begins.
  double begin(int rank) {
    double begin = 0;
    for (int r = 0; r < rank; r++) {
      begin += rankDepths[r] + BETWEEN_RANKS;
    }
    return begin;
  }

  double depth(int rank) {
    return rankDepths[rank];
  }

  double wholeBreadth() {
    return ranks.stream()
        .flatMap(List::stream)
        .mapToDouble(spot -> spot.centre + spot.breadth / 2)
        .max()
        .orElse(0);
  }

  double wholeDepth() {
    return begin(ranks.size() - 1) + rankDepths[ranks.size() - 1];
  }

  /// Where an edge passes the ranks between its ends, along them.
  double[] bends(int box, int input) {
    return bends.get(box).get(input).stream().mapToDouble(bend -> bend.centre).toArray();
  }
}
