package io.kalamos.onednn;

import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Concatenation;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.ProgramBuilder;
import io.kalamos.onednn.Product.Given;
import io.kalamos.onednn.Product.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Turns products, poolings and transpositions into the library's problems, one per thread, each
/// over that thread's rows.
final class Products {
  private final Schedule schedule;
  private final Shares shares;
  private final Storage storage;

  /// Values that exist for one turn only.
  private final Map<Node, Storage.Extra> passing = new IdentityHashMap<>();

  /// Where each max pooling of a thread remembers which element won.
  private final List<Map<Node, Storage.Extra>> workspaces;

  Products(Schedule schedule, Shares shares, Storage storage) {
    this.schedule = schedule;
    this.shares = shares;
    this.storage = storage;
    this.workspaces =
        java.util.stream.Stream.generate(
                () -> (Map<Node, Storage.Extra>) new IdentityHashMap<Node, Storage.Extra>())
            .limit(shares.threads())
            .toList();
  }

  /// Asks for the memory of the values that pass from unit to unit within a turn.
  void pass(Chunks chunks) {
    int largest = 0;
    for (int thread = 0; thread < shares.threads(); thread++) {
      int rows = shares.rows(thread);
      largest = Math.max(largest, rows / chunks.turns(rows));
    }
    for (Node value : chunks.passing()) {
      long bytes =
          value.shape().size() / shares.batch() * storage.storedType(value).bytes() * largest;
      passing.put(value, storage.extra(bytes, chunks.first(), chunks.last()));
    }
  }

  /// Where a value that passes within a turn lies; `null` for others.
  Storage.Extra passing(Node value) {
    return passing.get(Partition.source(value));
  }

  /// Plans a thread's share of a unit; empty where the thread has nothing to do.
  Product plan(Scope scope, Chunks chunks, Unit unit, int thread) {
    Node node = unit.nodes().getFirst();
    boolean cut = cutByBatch(node);
    int turns = cut ? chunks.turns(shares.rows(thread)) : 1;
    Product product = new Product(scope, storage, chunks, turns);
    boolean idle =
        cut && shares.rows(thread) == 0 || !shares.takesPart(schedule.placement(node), thread);
    if (!idle) {
      Part part = new Part(scope, product, unit, node, thread, cut, turns);
      switch (node.op()) {
        case MatMul matmul -> part.matmul(matmul);
        case Convolution2D conv -> part.convolution(conv);
        case Convolution2DInputGradient conv -> part.inputGradient(conv);
        case Convolution2DKernelGradient conv -> part.kernelGradient(conv);
        case MaxPool2D pool -> part.maxPool(pool);
        case MaxPool2DGradient pool -> part.maxPoolGradient(pool);
        case AveragePool2D pool -> part.averagePool(pool);
        case AveragePool2DGradient pool -> part.averagePoolGradient(pool);
        case Transpose transpose -> part.transpose(transpose);
        case Slice slice -> part.slice(slice);
        case Pad pad -> part.pad(pad);
        case Concatenation concatenation -> part.concatenate(concatenation);
        case Gather _ -> part.gather();
        case GatherGradient _ -> part.gatherGradient();
        case io.kalamos.engine.Op op ->
            throw new IllegalStateException("no product of the library: " + op.label());
      }
    }
    return product;
  }

  private boolean cutByBatch(Node node) {
    if (node.op() instanceof MatMul product && product.byWeights()) {
      return false;
    }
    return switch (schedule.placement(node)) {
      case SHARDED, PARTIAL -> true;
      case HOST, INLINE, SHARED, WHOLE, REPLICATED, SPLIT, SOLO -> false;
    };
  }

  /// The share of one thread in one unit.
  private final class Part {
    private final Scope scope;
    private final Product product;
    private final Unit unit;
    private final Node node;
    private final int thread;
    private final boolean cut;
    private final int turns;

    Part(Scope scope, Product product, Unit unit, Node node, int thread, boolean cut, int turns) {
      this.scope = scope;
      this.product = product;
      this.unit = unit;
      this.node = node;
      this.thread = thread;
      this.cut = cut;
      this.turns = turns;
    }

    private boolean isCut(Node value) {
      return cut && schedule.placement(Partition.source(value)) == Placement.SHARDED;
    }

    /// Size of the first axis of a value in a turn of this thread.
    private long rows(Node value) {
      return isCut(value) ? shares.rowsOf(value, thread) / turns : value.shape().dim(0);
    }

    private Place place(Node value) {
      Storage.Extra passed = passing.get(Partition.source(value));
      if (passed != null) {
        return (at, turn) -> storage.address(passed, at);
      }
      long step = isCut(value) ? rows(value) * value.shape().rowSize() * stored(value).bytes() : 0;
      return (at, turn) -> storage.address(value, at) + turn * step;
    }

    private DType stored(Node value) {
      return storage.storedType(Partition.source(value));
    }

    private Given read(Md md, Node value) {
      return new Given(md, false, isCut(value), place(value));
    }

    private Given write(Md md) {
      return new Given(md, true, isCut(node), place(node));
    }

    private Md pictures(Node value) {
      return Layouts.pictures(scope, stored(value), value.shape(), rows(value));
    }

    private Candidate first(Problem problem) {
      return Choice.best(scope, problem);
    }

    private Md bias(Epilogue epilogue, long... dims) {
      return epilogue.bias()
          ? Md.of(scope, Layouts.type(stored(node.input(2))), dims)
          : Md.none(scope);
    }

    private Attributes attributes(Epilogue epilogue) {
      return epilogue
          .activation()
          .map(function -> Attributes.of(new Attributes.PostOp.Eltwise(EltwiseKind.RELU, 0, 0)))
          .orElse(Attributes.NONE);
    }

    void matmul(MatMul op) {
      if (op.byWeights()) {
        byWeights(op.transposeA());
        return;
      }
      Node a = node.input(0);
      Node b = node.input(1);
      Md left = matrices(a, op.transposeA());
      Md right = matrices(b, op.transposeB());
      Md result = matrices(node, false);
      long[] one = new long[result.dims().length];
      Arrays.fill(one, 1);
      one[one.length - 1] = node.shape().dim(-1);
      Md bias = bias(op.epilogue(), one);
      Map<Arg, Given> given = new EnumMap<>(Arg.class);
      given.put(Arg.SRC, read(left, a));
      given.put(Arg.WEIGHTS, read(right, b));
      given.put(Arg.DST, write(result));
      if (op.epilogue().bias()) {
        given.put(Arg.BIAS, read(bias, node.input(2)));
      }
      product.plan(
          first(new Problem.MatMul(left, right, bias, result, attributes(op.epilogue()))), given);
    }

    /// All samples, and the weights of some of the layer's inputs, or of none: an addend is zero
    /// then.
    private void byWeights(boolean gradient) {
      Node x = node.input(0);
      WeightRows own = WeightRows.of(node, shares, thread);
      if (own.count() == 0) {
        if (!gradient) {
          clear();
        }
        return;
      }
      long all = x.shape().dim(0);
      long row = x.shape().dim(1);
      long columns = node.shape().dim(1);
      Md left =
          gradient
              ? Md.strided(scope, DataType.F32, new long[] {own.count(), all}, new long[] {1, row})
              : Md.strided(scope, DataType.F32, new long[] {all, own.count()}, new long[] {row, 1});
      Md right = Md.of(scope, DataType.F32, gradient ? all : own.count(), columns);
      Md result = Md.of(scope, DataType.F32, gradient ? own.count() : all, columns);
      product.plan(
          first(new Problem.MatMul(left, right, Md.none(scope), result, Attributes.NONE)),
          Map.of(
              Arg.SRC, new Given(left, false, false, (at, turn) -> own.samples(storage)),
              Arg.WEIGHTS, new Given(right, false, false, (at, turn) -> own.operand(storage)),
              Arg.DST, new Given(result, true, false, (at, turn) -> own.result(storage))));
    }

    /// A matrix, or many of them one behind the other.
    private Md matrices(Node value, boolean transposed) {
      Shape shape = value.shape();
      int rank = shape.rank();
      return rank == 2
          ? Layouts.matrix(scope, stored(value), rows(value), shape.dim(1), transposed)
          : Layouts.matrices(
              scope,
              stored(value),
              rows(value) * shape.product(1, rank - 2),
              shape.dim(-2),
              shape.dim(-1),
              transposed);
    }

    void convolution(Convolution2D op) {
      Node x = node.input(0);
      Node kernel = node.input(1);
      Md pictures = pictures(x);
      Md weights = Layouts.kernel(scope, stored(kernel), kernel.shape(), op.groups());
      Md result = pictures(node);
      Md bias = bias(op.epilogue(), Layouts.channels(node));
      Map<Arg, Given> given = new EnumMap<>(Arg.class);
      given.put(Arg.SRC, read(pictures, x));
      given.put(Arg.WEIGHTS, read(weights, kernel));
      given.put(Arg.DST, write(result));
      if (op.epilogue().bias()) {
        given.put(Arg.BIAS, read(bias, node.input(2)));
      }
      product.plan(
          first(
              new Problem.ConvForward(
                  Problem.Use.TRAINING,
                  pictures,
                  Layouts.any(scope, weights),
                  bias,
                  result,
                  Layouts.window(op.window()),
                  attributes(op.epilogue()))),
          given);
    }

    void inputGradient(Convolution2DInputGradient op) {
      Node gradient = node.input(0);
      Node kernel = node.input(1);
      Md weights = Layouts.kernel(scope, stored(kernel), kernel.shape(), op.groups());
      Md from = pictures(gradient);
      Md to = pictures(node);
      product.plan(
          first(
              new Problem.ConvBackwardData(
                  to,
                  Layouts.any(scope, weights),
                  from,
                  Layouts.window(op.window()),
                  Attributes.NONE)),
          Map.of(
              Arg.DIFF_SRC, write(to),
              Arg.WEIGHTS, read(weights, kernel),
              Arg.DIFF_DST, read(from, gradient)));
    }

    void kernelGradient(Convolution2DKernelGradient op) {
      Node x = node.input(0);
      Node gradient = node.input(1);
      Md weights = Layouts.kernel(scope, stored(node), node.shape(), op.groups());
      Md pictures = pictures(x);
      Md from = pictures(gradient);
      // one channel channels-last is ten times slower: let the library choose the blocks
      boolean few = Layouts.channels(x) < 4 && op.groups() == 1;
      product.plan(
          first(
              new Problem.ConvBackwardWeights(
                  pictures,
                  Layouts.any(scope, weights),
                  Md.none(scope),
                  few ? Layouts.any(scope, from) : from,
                  Layouts.window(op.window()),
                  Attributes.NONE)),
          Map.of(
              Arg.SRC, read(pictures, x),
              Arg.DIFF_WEIGHTS, write(weights),
              Arg.DIFF_DST, read(from, gradient)));
    }

    void maxPool(MaxPool2D op) {
      Node x = node.input(0);
      Md from = pictures(x);
      Md to = pictures(node);
      boolean trains =
          schedule.readers(node).stream()
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
      return reader.op() instanceof MaxPool2DGradient
          && Partition.source(reader.input(1)) == pooled;
    }

    /// Memory from the pooling to its gradient, a part for each turn of the pooling.
    private Given workspace(Node pooled, Md md) {
      Unit last =
          schedule.readers(pooled).stream()
              .filter(reader -> isGradientOf(reader.nodes().getFirst(), pooled))
              .reduce(unit, (a, b) -> b);
      Storage.Extra memory = storage.extra(md.bytes() * turns, unit, last);
      workspaces.get(thread).put(pooled, memory);
      return new Given(md, true, true, part(memory, md));
    }

    /// One turn's part of private memory.
    private Place part(Storage.Extra memory, Md md) {
      return (at, turn) -> storage.address(memory, at) + turn * md.bytes();
    }

    void maxPoolGradient(MaxPool2DGradient op) {
      Node gradient = node.input(2);
      Md from = pictures(gradient);
      Md to = pictures(node);
      Candidate candidate = first(poolBackward(PoolKind.MAX, to, from, op.window()));
      Map<Arg, Given> given = new EnumMap<>(Arg.class);
      given.put(Arg.DIFF_SRC, write(to));
      given.put(Arg.DIFF_DST, read(from, gradient));
      Storage.Extra memory = workspaces.get(thread).get(Partition.source(node.input(1)));
      candidate
          .md(Arg.WORKSPACE)
          .ifPresent(md -> given.put(Arg.WORKSPACE, new Given(md, false, true, part(memory, md))));
      product.plan(candidate, given);
    }

    void averagePool(AveragePool2D op) {
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

    void averagePoolGradient(AveragePool2DGradient op) {
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

    void transpose(Transpose op) {
      Node x = node.input(0);
      int rank = node.shape().rank();
      long[] dims = new long[rank];
      long[] strides = new long[rank];
      for (int axis = 0; axis < rank; axis++) {
        int from = op.order().get(axis);
        dims[axis] = from == 0 ? rows(x) : x.shape().dim(from);
        strides[axis] = x.shape().product(from + 1, rank);
      }
      Md source = Md.strided(scope, Layouts.type(stored(x)), dims, strides);
      Md target = Md.of(scope, Layouts.type(stored(node)), dims);
      product.plan(
          first(new Problem.Reorder(source, target, Attributes.NONE)),
          Map.of(Arg.SRC, read(source, x), Arg.DST, write(target)));
    }

    void slice(Slice op) {
      Node x = node.input(0);
      Region region = region(x, op.from(), node);
      reorder(
          region.of(scope, Layouts.type(stored(x))),
          moved(x, region.start() * stored(x).bytes(), false),
          region.alone(scope, Layouts.type(stored(node))),
          write(Md.none(scope)));
    }

    void pad(Pad op) {
      clear();
      insert(node.input(0), op.before());
    }

    void concatenate(Concatenation op) {
      List<Integer> from = new ArrayList<>(Collections.nCopies(node.shape().rank(), 0));
      for (Node part : node.inputs()) {
        insert(part, from);
        from.set(op.axis(), from.get(op.axis()) + part.shape().dim(op.axis()));
      }
    }

    /// Copies a value to a place of the result.
    private void insert(Node part, List<Integer> from) {
      Region region = region(node, from, part);
      reorder(
          region.alone(scope, Layouts.type(stored(part))),
          moved(part, 0, false),
          region.of(scope, Layouts.type(stored(node))),
          moved(node, region.start() * stored(node).bytes(), true));
    }

    private Region region(Node whole, List<Integer> from, Node part) {
      long rows = cut ? shares.rowsOf(node, thread) / turns : part.shape().dim(0);
      return Region.of(whole.shape(), from, part.shape(), rows);
    }

    private void reorder(Md from, Given source, Md to, Given target) {
      product.plan(
          first(new Problem.Reorder(from, to, Attributes.NONE)),
          Map.of(
              Arg.SRC,
              new Given(from, false, source.everyTurn(), source.place()),
              Arg.DST,
              new Given(to, true, target.everyTurn(), target.place())));
    }

    /// Memory from an offset on; of a value that is not cut by the batch the thread's own rows.
    private Given moved(Node value, long bytes, boolean result) {
      Place place = place(value);
      long row = value.shape().rowSize() * stored(value).bytes();
      boolean own = cut && !isCut(value);
      long rows = own ? shares.rowsOf(value, thread) / turns : 0;
      long first = own ? value.shape().dim(0) / shares.batch() * shares.firstRow(thread) : 0;
      return new Given(
          Md.none(scope),
          result,
          cut,
          (at, turn) -> place.address(at, turn) + (first + turn * rows) * row + bytes);
    }

    private void clear() {
      long elements = rows(node) * node.shape().rowSize();
      Place place = place(node);
      DType type = stored(node);
      product.plan(
          "zeros",
          (kernels, at, turn) ->
              new Step.Fused(kernels.zeros(type, place.address(at, turn), elements)));
    }

    void gather() {
      Node table = node.input(0);
      Node indices = node.input(1);
      int count = Math.toIntExact(count(indices));
      Place nearest = product.scratch(4L * count);
      Place source = place(indices);
      DType type = stored(indices);
      int last = table.shape().dim(0) - 1;
      product.plan(
          "indices",
          (kernels, at, turn) ->
              new Step.Loop(
                  Gathering.nearest(
                      source.address(at, turn), type, count, last, nearest.address(at, turn))));
      Place rows = place(table);
      Place target = place(node);
      product.plan(
          "rows",
          (kernels, at, turn) -> {
            ProgramBuilder program = KernelProgram.builder(table.shape().dim(1));
            program.store(stored(node), program.gathered(stored(table)));
            long[] inputs = {rows.address(at, turn), nearest.address(at, turn)};
            long[] outputs = {target.address(at, turn)};
            return new Step.Fused(kernels.bind(program.build(), inputs, outputs, count, 0));
          });
    }

    void gatherGradient() {
      Node indices = node.input(0);
      Node gradient = node.input(1);
      Gathering.Sizes sizes =
          new Gathering.Sizes(
              Math.toIntExact(count(indices)), node.shape().dim(0), node.shape().dim(1));
      Place places = place(indices);
      Place source = place(gradient);
      Place target = place(node);
      product.plan(
          "sums of rows",
          (kernels, at, turn) ->
              new Step.Loop(
                  Gathering.sums(
                      sizes,
                      places.address(at, turn),
                      stored(indices),
                      source.address(at, turn),
                      stored(gradient),
                      target.address(at, turn))));
    }

    private long count(Node indices) {
      return indices.shape().rank() == 0 ? 1 : rows(indices) * indices.shape().rowSize();
    }
  }
}
