package io.kalamos.onednn;

import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.Cast;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Graph;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rule;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.MatrixProduct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Marks the products of a first dense layer that read the caller's data in place: they pick the
/// rows, convert and scale what they are about to multiply, and no memory ever holds the batch.
final class DataReading {
  private final Map<Node, List<Node>> readers = new IdentityHashMap<>();
  private final Set<Node> sinks = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Batch> inPlace = new HashSet<>();
  private final KernelCompiler compiler;
  private final int threads;

  private DataReading(Graph graph, KernelCompiler compiler, int threads) {
    this.compiler = compiler;
    this.threads = threads;
    sinks.addAll(graph.sinks());
    for (Node node : graph.order()) {
      for (Node input : node.inputs()) {
        readers.computeIfAbsent(input, key -> new ArrayList<>()).add(node);
      }
    }
    for (Node node : graph.order()) {
      if (node.op() instanceof Batch batch && onlyProducts(node)) {
        inPlace.add(batch);
      }
    }
  }

  /// Data times a number, as rows.
  record Data(Batch batch, float scale) {
    /// What a value is made of; `null` where there is more to it.
    static Data of(Node value) {
      return switch (value.op()) {
        case Batch batch -> new Data(batch, 1);
        case Reshaping _, Cast _ -> of(value.input(0));
        case Op op when op == Binary.MULTIPLY && value.input(1).op() instanceof Fill fill -> {
          Data scaled = of(value.input(0));
          yield scaled == null ? null : new Data(scaled.batch, scaled.scale * (float) fill.value());
        }
        case Op _ -> null;
      };
    }

    MatrixProduct.Picked picked() {
      return new MatrixProduct.Picked(batch.dtype(), scale);
    }

    /// Elements of a sample.
    int row() {
      return Math.toIntExact(batch.shape().rowSize());
    }
  }

  /// The graph with such products, or as it is where threads would not find their samples in them.
  static Graph mark(Graph graph, KernelCompiler compiler, int threads) {
    DataReading reading = new DataReading(graph, compiler, threads);
    Rule rule =
        new Rule(
            "products of data",
            "a product picks, converts and scales the rows that it multiplies",
            (node, uses) ->
                node.op() instanceof MatMul product
                        && !product.ofData()
                        && reading.readsInPlace(node.input(0))
                    ? Node.of(product.overData(), node.inputs())
                    : null);
    if (reading.inPlace.isEmpty()) {
      return graph;
    }
    Graph direct = Rewriter.apply(List.of(rule), graph);
    return overRows(direct) ? direct : graph;
  }

  /// Whether all products of data are shared by weights or by rows of the batch.
  private static boolean overRows(Graph graph) {
    Partition partition = Partition.of(graph);
    for (Node node : graph.order()) {
      if (node.op() instanceof MatMul product && product.ofData() && !product.byWeights()) {
        boolean rows =
            product.transposeA()
                ? partition.placement(Partition.source(node.input(1))) == Placement.SHARDED
                : partition.placement(node) == Placement.SHARDED;
        if (!rows) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean readsInPlace(Node operand) {
    Data data = Data.of(operand);
    return data != null && inPlace.contains(data.batch);
  }

  /// Whether all that is made of a value are such products.
  private boolean onlyProducts(Node value) {
    if (sinks.contains(value) || !readers.containsKey(value)) {
      return false;
    }
    for (Node reader : readers.get(value)) {
      if (reader.op() instanceof MatMul product) {
        if (reader.input(1) == value || !fits(reader, product)) {
          return false;
        }
      } else if (!scales(reader) || !onlyProducts(reader)) {
        return false;
      }
    }
    return true;
  }

  private static boolean scales(Node node) {
    return switch (node.op()) {
      case Reshaping _ -> true;
      case Cast cast -> cast.to() == DType.FLOAT32;
      case Op op ->
          op == Binary.MULTIPLY
              && node.input(1).op() instanceof Fill fill
              && fill.shape().rank() == 0;
    };
  }

  private boolean fits(Node node, MatMul product) {
    Node samples = node.input(0);
    Data data = Data.of(samples);
    if (data == null
        || product.transposeB()
        || samples.shape().rank() != 2
        || samples.dtype() != DType.FLOAT32
        || node.dtype() != DType.FLOAT32
        || node.input(1).dtype() != DType.FLOAT32
        || samples.shape().dim(0) != data.batch.shape().dim(0)) {
      return false;
    }
    int count = samples.shape().dim(0);
    int inputs = samples.shape().dim(1);
    int units = node.shape().dim(1);
    MatrixProduct whole = MatrixProduct.of(count, inputs, units).picking(data.picked(), data.row());
    return count >= DenseProduct.ROWS
        && inputs >= DenseProduct.DEPTH * threads
        && 4L * inputs * units <= DenseProduct.RESULT_BYTES * threads
        && compiler.compiles(whole);
  }
}
