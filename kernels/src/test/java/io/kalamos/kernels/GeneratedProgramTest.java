package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Programs made at random, of every shape of operand: machine code against portable loops, with
/// guard bytes around all memory.
class GeneratedProgramTest {
  private static final DType[] STORED = {DType.FLOAT32, DType.BFLOAT16};
  private static final DType[] READ = {DType.FLOAT32, DType.BFLOAT16, DType.UINT8, DType.INT32};
  private static final Unary[] SMOOTH = {
    Unary.NEG, Unary.ABS, Unary.TANH, Unary.SIGMOID, Unary.ERF, Unary.RELU
  };
  private static final Binary[] MILD = {
    Binary.ADD, Binary.SUBTRACT, Binary.MULTIPLY, Binary.MAXIMUM, Binary.MINIMUM
  };

  static List<Integer> columns() {
    List<Integer> columns = new ArrayList<>();
    for (int c = 1; c <= 40; c++) {
      columns.add(c);
    }
    columns.addAll(List.of(48, 62, 64, 96, 128, 150, 192, 200, 784));
    return columns;
  }

  @ParameterizedTest
  @MethodSource("columns")
  void machineCodeAgreesWithPortableLoops(int columns) {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(1000L * columns + seed);
      int rows = columns < 200 ? random.nextInt(71) : random.nextInt(5);
      check(program(random, columns), random, rows, columns + " columns, seed " + seed);
    }
  }

  private static void check(KernelProgram program, Random random, int rows, String what) {
    try (Arena arena = Arena.ofConfined()) {
      List<Memory> inputs = new ArrayList<>();
      for (KernelInput input : program.inputs()) {
        inputs.add(input(arena, random, input, rows, program.columns()));
      }
      List<Memory> expected = run(arena, Compilers.PORTABLE, program, inputs, rows);
      List<Memory> actual = run(arena, Compilers.BEST, program, inputs, rows);
      for (int o = 0; o < expected.size(); o++) {
        float[] e = expected.get(o).toArray();
        float[] a = actual.get(o).toArray();
        boolean half = expected.get(o).type() == DType.BFLOAT16;
        actual.get(o).assertGuards(what);
        for (int i = 0; i < e.length; i++) {
          double allowed = (half ? 0x1p-7 : 2e-5) * Math.max(1, Math.abs(e[i]));
          String place = "[" + i + "]";
          int output = o;
          assertEquals(
              e[i],
              a[i],
              allowed,
              () -> what + ", rows " + rows + ", output " + output + place + " of " + program);
        }
      }
      for (Memory input : inputs) {
        input.assertGuards(what);
      }
    }
  }

  private static Memory input(
      Arena arena, Random random, KernelInput input, int rows, int columns) {
    int size =
        switch (input) {
          case KernelInput.Full _ -> rows * columns;
          case KernelInput.Gathered _ -> 100 * columns;
          case KernelInput.Strided strided -> Math.max(0, rows - 1) * strided.stride() + columns;
          case KernelInput.Column _ -> columns;
          case KernelInput.Row _ -> rows;
          case KernelInput.Scalar _ -> 1;
          case KernelInput.Seed _ -> 2;
        };
    DType type = GeneratedProgramTest.type(input);
    Memory memory = Memory.of(arena, type, size);
    for (int i = 0; i < size; i++) {
      memory.set(
          i,
          type.floating()
              ? (float) random.nextGaussian()
              : random.nextInt(columns < 200 ? 100 : 5));
    }
    return memory;
  }

  private static DType type(KernelInput input) {
    return switch (input) {
      case KernelInput.Full full -> full.type();
      case KernelInput.Gathered gathered -> gathered.type();
      case KernelInput.Strided strided -> strided.type();
      case KernelInput.Column column -> column.type();
      case KernelInput.Row row -> row.type();
      case KernelInput.Scalar scalar -> scalar.type();
      case KernelInput.Seed _ -> DType.INT32;
    };
  }

  private static List<Memory> run(
      Arena arena, KernelCompiler compiler, KernelProgram program, List<Memory> inputs, int rows) {
    List<Memory> outputs = new ArrayList<>();
    for (KernelOutput output : program.outputs()) {
      Memory memory =
          switch (output) {
            case KernelOutput.Full full -> Memory.of(arena, full.type(), rows * program.columns());
            case KernelOutput.Row row -> Memory.of(arena, row.type(), rows);
            case KernelOutput.ColumnSum _ -> Memory.of(arena, DType.FLOAT32, program.columns());
          };
      for (int i = 0; i < memory.size(); i++) {
        memory.set(i, i % 5);
      }
      outputs.add(memory);
    }
    long[] in = inputs.stream().mapToLong(Memory::address).toArray();
    long[] out = outputs.stream().mapToLong(Memory::address).toArray();
    Kernel kernel = compiler.compile(program);
    assertTrue(kernel.machineCode() || compiler == Compilers.PORTABLE || !Compilers.machine());
    try (BoundKernel bound = kernel.bind(in, out, rows, 12_345)) {
      bound.run();
    }
    return outputs;
  }

  /// A program whose values stay within a few units, so that an absolute tolerance serves.
  private static KernelProgram program(Random random, int columns) {
    ProgramBuilder builder = KernelProgram.builder(columns);
    List<Integer> values = new ArrayList<>();
    int kinds = random.nextInt(1, 64);
    boolean reduces = (kinds & 32) != 0 && columns <= 256;
    values.add(load(builder, random, builder.full(READ[random.nextInt(4)])));
    for (int i = 0; i < 3; i++) {
      switch (random.nextInt(5)) {
        case 0 -> values.add(load(builder, random, builder.full(READ[random.nextInt(4)])));
        case 1 -> {
          if ((kinds & 1) != 0) {
            values.add(load(builder, random, builder.column(READ[random.nextInt(4)])));
          }
        }
        case 2 -> {
          if ((kinds & 2) != 0) {
            values.add(load(builder, random, builder.row(READ[random.nextInt(4)])));
          }
        }
        case 3 -> values.add(load(builder, random, builder.scalar(READ[random.nextInt(4)])));
        default -> {
          if ((kinds & 4) != 0) {
            values.add(load(builder, random, builder.gathered(READ[random.nextInt(4)])));
            int stride = columns + random.nextInt(40);
            values.add(load(builder, random, builder.strided(READ[random.nextInt(4)], stride)));
          }
        }
      }
    }
    values.add(builder.constant(random.nextGaussian()));
    if ((kinds & 8) != 0 && random.nextBoolean()) {
      int seed = builder.input(new KernelInput.Seed());
      int step = builder.input(new KernelInput.Scalar(DType.INT32));
      values.add(builder.uniform(seed, step, random.nextInt()));
    }
    if ((kinds & 16) != 0 && random.nextBoolean()) {
      values.add(builder.map(Unary.TANH, builder.columnIndex()));
    }
    int steps = random.nextInt(1, random.nextInt(4) == 0 ? 60 : 16);
    for (int i = 0; i < steps; i++) {
      values.add(step(builder, random, values, reduces, columns));
    }
    int last = values.getLast();
    builder.store(STORED[random.nextInt(2)], last);
    for (int i = random.nextInt(3); i > 0; i--) {
      builder.store(STORED[random.nextInt(2)], any(random, values));
    }
    if (random.nextInt(3) == 0) {
      builder.sumColumns(tame(builder, any(random, values)), random.nextBoolean());
    }
    if (reduces) {
      builder.storeRow(STORED[random.nextInt(2)], builder.rowMax(any(random, values)));
    }
    return builder.build();
  }

  private static int load(ProgramBuilder builder, Random random, int value) {
    return builder.map(random.nextBoolean() ? Unary.TANH : Unary.SIGMOID, value);
  }

  private static int step(
      ProgramBuilder builder, Random random, List<Integer> values, boolean reduces, int columns) {
    int a = any(random, values);
    int b = any(random, values);
    return switch (random.nextInt(reduces ? 7 : 5)) {
      case 0 -> builder.map(SMOOTH[random.nextInt(SMOOTH.length)], a);
      case 1 -> tame(builder, builder.combine(MILD[random.nextInt(MILD.length)], a, b));
      case 2 -> builder.combine(MILD[random.nextInt(MILD.length)], builder.map(Unary.TANH, a), b);
      case 3 -> tame(builder, builder.map(Unary.EXP, tame(builder, a)));
      // the values on both sides of a selection meet where the condition changes
      case 4 ->
          builder.select(
              builder.combine(Binary.GREATER, a, b),
              builder.combine(Binary.SUBTRACT, a, b),
              builder.constant(0));
      case 5 ->
          builder.combine(
              Binary.DIVIDE, builder.rowSum(builder.map(Unary.TANH, a)), builder.constant(columns));
      default -> builder.rowMax(tame(builder, a));
    };
  }

  private static int tame(ProgramBuilder builder, int a) {
    return builder.map(Unary.TANH, a);
  }

  private static int any(Random random, List<Integer> values) {
    return values.get(Math.max(random.nextInt(values.size()), random.nextInt(values.size())));
  }
}
