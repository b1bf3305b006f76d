package io.kalamos.onednn;

import io.kalamos.engine.ArgMax;
import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Concatenation;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.Literal;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.RowLogSoftmax;
import io.kalamos.engine.RowSoftmax;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Select;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unary;
import io.kalamos.engine.UniformRandom;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelInput;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.ProgramBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Writes a fused unit as a kernel program, and notes which memory each operand and result is.
final class KernelWriter {
  /// Lower than any index of a column.
  private static final float NO_COLUMN = -1e9f;

  /// What an operand's address depends on.
  enum Access {
    /// Advances with the thread's first row, element by element.
    FULL,
    /// Advances with the thread's first row, one element a row.
    ROW,
    /// The same for all rows.
    FIXED,
  }

  /// An input of the kernel: a value (one addend of it, where threads hold addends), or one of the
  /// program's own numbers.
  sealed interface Operand {
    record Value(Node node, Access access, int addend) implements Operand {}

    /// Some columns of a value's rows.
    record Columns(Node node, long offset, int stride) implements Operand {}

    record Number(Node node) implements Operand {}

    record Data(Batch input) implements Operand {}

    record Rows() implements Operand {}

    record Seed() implements Operand {}

    record StepCount() implements Operand {}
  }

  /// A result of the kernel: a value per element or row, or a sum per column of this thread.
  sealed interface Result {
    record Value(Node node, Access access) implements Result {}

    record Sum(Node node) implements Result {}

    /// A sum over everything that arrives as one number per column: the sum itself in each of them
    /// (`repeated`), or parts that still have to be added up.
    record Columns(Node node, boolean repeated) implements Result {}
  }

  private final Schedule schedule;
  private final Unit unit;
  private final int threads;
  private final boolean accumulate;
  private final ProgramBuilder program;
  private final Map<Node, Integer> values = new IdentityHashMap<>();
  private final Map<Operand, Integer> loaded = new HashMap<>();
  private final List<Operand> operands = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  private KernelWriter(Schedule schedule, Unit unit, int threads, boolean accumulate) {
    this.accumulate = accumulate;
    this.schedule = schedule;
    this.unit = unit;
    this.threads = threads;
    this.program = KernelProgram.builder(Math.toIntExact(unit.columns()));
  }

  /// A kernel and its memory, in the order of the kernel's inputs and outputs.
  record Written(KernelProgram program, List<Operand> operands, List<Result> results) {}

  /// @param accumulate whether sums over rows are added to what is there, in later turns
  /// @param stored whether a member's value has to reach memory
  static Written write(
      Schedule schedule, Unit unit, int threads, boolean accumulate, Predicate<Node> stored) {
    KernelWriter writer = new KernelWriter(schedule, unit, threads, accumulate);
    for (Node node : unit.nodes()) {
      writer.member(node, stored.test(node));
    }
    return new Written(writer.program.build(), writer.operands, writer.results);
  }

  private void member(Node node, boolean stored) {
    if (Schedule.sumsRows(node)) {
      sum(node);
      return;
    }
    values.put(node, compute(node));
    if (stored) {
      DType type = Storage.storedType(schedule, node);
      if (unit.perRow(node.shape())) {
        program.storeRow(type, values.get(node));
        results.add(new Result.Value(node, Access.ROW));
      } else {
        program.store(type, values.get(node));
        results.add(new Result.Value(node, Access.FULL));
      }
    }
  }

  private void sum(Node node) {
    Node input = node.input(0);
    boolean perElement = input.shape().size() == unit.size();
    program.sumColumns(operand(input, node, perElement), accumulate);
    boolean perColumn =
        node.shape().size() == unit.columns() && input.shape().size() == unit.size();
    boolean direct = perColumn || unit.columns() == 1;
    results.add(
        direct
            ? new Result.Sum(node)
            : new Result.Columns(node, input.shape().size() != unit.size()));
  }

  private int compute(Node node) {
    return switch (node.op()) {
      case Batch input -> gathered(input);
      case Unary f -> program.map(f, operand(node, 0));
      case Binary f -> program.combine(f, operand(node, 0), operand(node, 1));
      case Select _ -> program.select(operand(node, 0), operand(node, 1), operand(node, 2));
      case Cast cast -> cast(operand(node, 0), node.input(0).dtype(), cast.to());
      case BroadcastTo _ -> operand(node, 0);
      case Slice slice -> columns(slice, node.input(0));
      case UniformRandom random -> random(random);
      case Fill fill -> program.constant(fill.value());
      case Reduce reduce ->
          reduce.kind() == Reduce.Kind.SUM
              ? program.rowSum(operand(node, 0))
              : program.rowMax(operand(node, 0));
      case ArgMax _ -> argMax(operand(node, 0));
      case Scalar _,
          Parameter _,
          Literal _,
          RowSoftmax _,
          RowLogSoftmax _,
          MatMul _,
          Convolution2D _,
          Convolution2DInputGradient _,
          Convolution2DKernelGradient _,
          MaxPool2D _,
          MaxPool2DGradient _,
          AveragePool2D _,
          AveragePool2DGradient _,
          Reshaping _,
          Transpose _,
          Pad _,
          Concatenation _,
          Gather _,
          GatherGradient _ ->
          throw new IllegalStateException("not element by element: " + node);
    };
  }

  /// Conversions round where they are stored; only whole numbers lose their fraction here.
  private int cast(int value, DType from, DType to) {
    if (to.floating() || from.integral()) {
      return value;
    }
    int magnitude = program.map(Unary.FLOOR, program.map(Unary.ABS, value));
    return program.combine(Binary.MULTIPLY, program.map(Unary.SIGN, value), magnitude);
  }

  /// The least column at which the row's maximum stands.
  private int argMax(int value) {
    int hit = program.combine(Binary.EQUAL, value, program.rowMax(value));
    int negated = program.map(Unary.NEG, program.columnIndex());
    int place = program.rowMax(program.select(hit, negated, program.constant(NO_COLUMN)));
    return program.map(Unary.NEG, place);
  }

  private int random(UniformRandom random) {
    int seed = input(new Operand.Seed(), new KernelInput.Seed());
    int step = input(new Operand.StepCount(), new KernelInput.Scalar(DType.INT32));
    return program.uniform(seed, step, random.stream());
  }

  private int columns(Slice slice, Node view) {
    Node node = Partition.source(view);
    int stride = slice.stride(view.shape());
    return load(
        new Operand.Columns(node, slice.offset(view.shape()), stride),
        new KernelInput.Strided(Storage.storedType(schedule, node), stride));
  }

  private int gathered(Batch input) {
    Operand data = new Operand.Data(input);
    Integer known = loaded.get(data);
    if (known != null) {
      return known;
    }
    int value = program.gathered(input.dtype());
    operands.add(data);
    operands.add(new Operand.Rows());
    loaded.put(data, value);
    return value;
  }

  private int operand(Node node, int input) {
    boolean perElement =
        !unit.perRow(node.shape()) || node.op() instanceof Reduce || node.op() instanceof ArgMax;
    return operand(node.input(input), node, perElement);
  }

  /// The value of an operand: a member's, an inline one's, or read from memory.
  ///
  /// @param perElement whether the reader has a value per element, as opposed to per row
  private int operand(Node view, Node reader, boolean perElement) {
    Node node = Partition.source(view);
    Integer member = values.get(node);
    if (member != null) {
      return member;
    }
    return switch (schedule.placement(node)) {
      case HOST ->
          node.op() instanceof Fill fill
              ? program.constant(fill.value())
              : load(new Operand.Number(node), new KernelInput.Scalar(DType.FLOAT32));
      case INLINE -> {
        values.put(node, compute(node));
        yield values.get(node);
      }
      case PARTIAL -> {
        int sum = value(view, reader, perElement, 0);
        for (int addend = 1; addend < threads; addend++) {
          sum = program.combine(Binary.ADD, sum, value(view, reader, perElement, addend));
        }
        yield sum;
      }
      case SHARED, SHARDED, WHOLE, REPLICATED, SPLIT, SOLO -> value(view, reader, perElement, -1);
    };
  }

  private int value(Node view, Node reader, boolean perElement, int addend) {
    Node node = Partition.source(view);
    DType type = Storage.storedType(schedule, node);
    long size = view.shape().size();
    if (size == 1) {
      return load(new Operand.Value(node, Access.FIXED, addend), new KernelInput.Scalar(type));
    }
    if (perElement && size == unit.size()) {
      return load(new Operand.Value(node, Access.FULL, addend), new KernelInput.Full(type));
    }
    boolean column =
        perElement && size == unit.columns() && Schedule.alongColumns(view.shape(), reader.shape());
    return column
        ? load(new Operand.Value(node, Access.FIXED, addend), new KernelInput.Column(type))
        : load(new Operand.Value(node, Access.ROW, addend), new KernelInput.Row(type));
  }

  private int load(Operand operand, KernelInput input) {
    Integer known = loaded.get(operand);
    if (known != null) {
      return known;
    }
    int value = program.load(program.input(input));
    operands.add(operand);
    loaded.put(operand, value);
    return value;
  }

  /// Declares an operand that is not read as a value.
  private int input(Operand operand, KernelInput input) {
    Integer known = loaded.get(operand);
    if (known != null) {
      return known;
    }
    int number = program.input(input);
    operands.add(operand);
    loaded.put(operand, number);
    return number;
  }
}
