package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The axes of each sample in another order: with dims 2, 1, (batch, a, b) becomes (batch, b, a).
///
/// Keras class `Permute`.
///
/// @param dims the axes, counted from 1, in their new order
public record Permute(Optional<String> name, List<Integer> dims) implements Layer {
  public Permute {
    name.ifPresent(n -> Options.name("Permute", n));
    dims = List.copyOf(dims);
    List<Integer> all = IntStream.rangeClosed(1, dims.size()).boxed().toList();
    if (dims.isEmpty() || !dims.stream().sorted().toList().equals(all)) {
      throw Refusal.of(
          "Permute",
          "each axis from 1 on once",
          "dims",
          dims,
          "Name the axes of a sample in their new order, such as Permute.of(2, 1).");
    }
  }

  public static Permute of(int... dims) {
    return new Permute(Optional.empty(), IntStream.of(dims).boxed().toList());
  }

  @Override
  public Permute named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    if (x.shape().rank() != dims.size() + 1) {
      throw call.rejects(
          "samples with as many axes as dims=" + dims,
          x.shape(),
          "Name each axis of a sample once.");
    }
    return Ops.transpose(x, Stream.concat(Stream.of(0), dims.stream()).toArray(Integer[]::new));
  }
}
