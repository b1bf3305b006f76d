package io.kalamos.onednn;

import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Unit;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;
import java.util.EnumMap;
import java.util.Map;

/// Poolings and their gradients.
final class PoolingPart extends Part {
  PoolingPart(Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    super(products, scope, product, unit, thread, cut);
  }

  @Override
  void plan() {
    switch (node.op()) {
      case MaxPool2D pool -> maxPool(pool);
      case MaxPool2DGradient pool -> maxPoolGradient(pool);
      case AveragePool2D pool -> averagePool(pool);
      case AveragePool2DGradient pool -> averagePoolGradient(pool);
      case Op op -> throw new IllegalStateException(op.label());
    }
  }

  private void maxPool(MaxPool2D op) {
    Node x = node.input(0);
    Md from = pictures(x);
    Md to = pictures(node);
    boolean trains =
        products.schedule().readers(node).stream()
            .flatMap(reader -> reader.nodes().stream())
            .anyMatch(reader -> isGradientOf(reader, node));
    Candidate candidate =
        first(
            new Problem.PoolForward(
                trains ? Problem.Use.TRAINING : Problem.Use.INFERENCE,
                PoolKind.MAX,
                from,
                to,
                Layouts.size(op.window()),
                Layouts.window(op.window()),
                Attributes.NONE));
    Map<Arg, Given> given = new EnumMap<>(Arg.class);
    given.put(Arg.SRC, read(from, x));
    given.put(Arg.DST, write(to));
    candidate.md(Arg.WORKSPACE).ifPresent(md -> given.put(Arg.WORKSPACE, workspace(node, md)));
    product.plan(candidate, given);
  }

  private static boolean isGradientOf(Node reader, Node pooled) {
    return reader.op() instanceof MaxPool2DGradient && Partition.source(reader.input(1)) == pooled;
  }

  /// Memory from the pooling to its gradient, a part for each turn of the pooling.
  private Given workspace(Node pooled, Md md) {
    Unit last =
        products.schedule().readers(pooled).stream()
            .filter(reader -> isGradientOf(reader.nodes().getFirst(), pooled))
            .reduce(unit, (a, b) -> b);
    Storage.Extra memory = products.storage().extra(md.bytes() * turns, unit, last);
    products.workspaces(thread).put(pooled, memory);
    return new Given(md, true, true, part(memory, md));
  }

  /// One turn's part of private memory.
  private Place part(Storage.Extra memory, Md md) {
    return (at, turn) -> products.storage().address(memory, at) + turn * md.bytes();
  }

  private void maxPoolGradient(MaxPool2DGradient op) {
    Node gradient = node.input(2);
    Md from = pictures(gradient);
    Md to = pictures(node);
    Candidate candidate = first(poolBackward(PoolKind.MAX, to, from, op.window()));
    Map<Arg, Given> given = new EnumMap<>(Arg.class);
    given.put(Arg.DIFF_SRC, write(to));
    given.put(Arg.DIFF_DST, read(from, gradient));
    Storage.Extra memory = products.workspaces(thread).get(Partition.source(node.input(1)));
    candidate
        .md(Arg.WORKSPACE)
        .ifPresent(md -> given.put(Arg.WORKSPACE, new Given(md, false, true, part(memory, md))));
    product.plan(candidate, given);
  }

  private void averagePool(AveragePool2D op) {
    Md from = pictures(node.input(0));
    Md to = pictures(node);
    product.plan(
        first(
            new Problem.PoolForward(
                Problem.Use.INFERENCE,
                PoolKind.AVERAGE,
                from,
                to,
                Layouts.size(op.window()),
                Layouts.window(op.window()),
                Attributes.NONE)),
        Map.of(Arg.SRC, read(from, node.input(0)), Arg.DST, write(to)));
  }

  private void averagePoolGradient(AveragePool2DGradient op) {
    Node gradient = node.input(0);
    Md from = pictures(gradient);
    Md to = pictures(node);
    product.plan(
        first(poolBackward(PoolKind.AVERAGE, to, from, op.window())),
        Map.of(Arg.DIFF_SRC, write(to), Arg.DIFF_DST, read(from, gradient)));
  }

  private Problem poolBackward(PoolKind kind, Md to, Md from, io.kalamos.engine.Window window) {
    return new Problem.PoolBackward(
        kind, to, from, Layouts.size(window), Layouts.window(window), Attributes.NONE);
  }
}
