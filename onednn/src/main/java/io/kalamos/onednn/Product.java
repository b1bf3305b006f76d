package io.kalamos.onednn;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.kernels.BoundKernel;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.ProgramBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One thread's share of a product, pooling or reorder before memory is placed: the chosen
/// implementation, the reorders around it, and the private memory that these need.
///
/// The share may be cut into turns (see [Chunks]): then the implementation is one for the rows of a
/// turn, what does not change from turn to turn is reordered in the first, and sums over the batch
/// are added up, to be brought into their layout in the last.
final class Product {
  /// Where memory lies, known once all memory is placed.
  interface Place {
    long address(int thread, int turn);
  }

  /// Memory with its layout.
  ///
  /// @param everyTurn whether it is another part of memory in each turn
  record Given(Md md, boolean result, boolean everyTurn, Place place) {}

  /// When a stage runs.
  private enum Turns {
    FIRST,
    EACH,
    LAST
  }

  /// Makes a step of a thread's turn, once all memory is placed.
  interface Binding {
    Step bind(Kernels kernels, int thread, int turn);
  }

  private record Stage(Turns turns, String name, Binding binding) {
    static Stage of(Turns turns, Candidate candidate, Map<Arg, Place> places) {
      return new Stage(
          turns,
          candidate.name(),
          (kernels, thread, turn) -> {
            Map<Arg, Long> addresses = new LinkedHashMap<>();
            places.forEach((arg, place) -> addresses.put(arg, place.address(thread, turn)));
            return new Step.Native(candidate.bind(addresses));
          });
    }
  }

  private record Sum(Storage.Extra total, Storage.Extra addend, long elements) {}

  private final Scope scope;
  private final Storage storage;
  private final Chunks chunks;
  private final int turns;
  private final List<Stage> stages = new ArrayList<>();
  private Sum sum;

  Product(Scope scope, Storage storage, Chunks chunks, int turns) {
    this.scope = scope;
    this.storage = storage;
    this.chunks = chunks;
    this.turns = turns;
  }

  /// Plans an implementation over memory that is laid out as `given`; where it wants another
  /// layout, reorders are planned around it. Arguments that are not given are private memory.
  void plan(Candidate candidate, Map<Arg, Given> given) {
    Map<Arg, Place> places = new EnumMap<>(Arg.class);
    List<Stage> after = new ArrayList<>();
    candidate
        .arguments()
        .forEach((arg, wanted) -> places.put(arg, place(wanted, given.get(arg), after)));
    stages.add(Stage.of(Turns.EACH, candidate, places));
    stages.addAll(after);
  }

  /// Plans a step that is none of the library's.
  void plan(String name, Binding binding) {
    stages.add(new Stage(Turns.EACH, name, binding));
  }

  /// Plans one that the first turn does for all.
  void planOnce(String name, Binding binding) {
    stages.add(new Stage(Turns.FIRST, name, binding));
  }

  /// Private memory while this unit runs.
  Place scratch(long bytes) {
    return at(storage.extra(bytes, chunks.first(), chunks.last()));
  }

  /// A copy in another layout that the first turn makes for all.
  Place reorderedOnce(Md from, Place source, Md to) {
    Place copy = at(privateMemory(to));
    stages.add(reorder(Turns.FIRST, from, source, to, copy));
    return copy;
  }

  private Place place(Md wanted, Given memory, List<Stage> after) {
    if (memory == null) {
      return at(privateMemory(wanted));
    }
    boolean summed = memory.result && !memory.everyTurn && turns > 1;
    if (summed) {
      sum = new Sum(privateMemory(wanted), privateMemory(wanted), wanted.bytes() / 4);
      after.add(reorder(Turns.LAST, wanted, at(sum.total), memory.md, memory.place));
      return (thread, turn) -> storage.address(turn == 0 ? sum.total : sum.addend, thread);
    }
    if (memory.md.sameAs(wanted)) {
      return memory.place;
    }
    Turns when = memory.everyTurn ? Turns.EACH : Turns.FIRST;
    Place packed = at(privateMemory(wanted));
    if (memory.result) {
      after.add(reorder(Turns.EACH, wanted, packed, memory.md, memory.place));
    } else {
      stages.add(reorder(when, memory.md, memory.place, wanted, packed));
    }
    return packed;
  }

  private Stage reorder(Turns when, Md from, Place source, Md to, Place target) {
    Problem problem = new Problem.Reorder(from, to, Attributes.NONE);
    Candidate candidate = scope.chosen(problem, () -> Candidate.first(scope, problem));
    Map<Arg, Place> places = new EnumMap<>(Map.of(Arg.SRC, source, Arg.DST, target));
    candidate.md(Arg.SCRATCHPAD).ifPresent(md -> places.put(Arg.SCRATCHPAD, at(privateMemory(md))));
    return Stage.of(when, candidate, places);
  }

  private Storage.Extra privateMemory(Md md) {
    return storage.extra(md.bytes(), chunks.first(), chunks.last());
  }

  private Place at(Storage.Extra extra) {
    return (thread, turn) -> storage.address(extra, thread);
  }

  int turns() {
    return turns;
  }

  /// The steps of a thread's turn, once memory is placed.
  List<Step> bind(Kernels kernels, int thread, int turn) {
    List<Step> steps = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage.turns == Turns.LAST) {
        steps.addAll(addUp(kernels, thread, turn));
      }
      boolean now =
          switch (stage.turns) {
            case FIRST -> turn == 0;
            case EACH -> true;
            case LAST -> turn == turns - 1;
          };
      if (now) {
        steps.add(stage.binding.bind(kernels, thread, turn));
      }
    }
    return steps;
  }

  /// total = total + addend, from the second turn on.
  private List<Step> addUp(Kernels kernels, int thread, int turn) {
    if (turn == 0) {
      return List.of();
    }
    ProgramBuilder program = KernelProgram.builder(1);
    int a = program.full(DType.FLOAT32);
    int b = program.full(DType.FLOAT32);
    program.store(DType.FLOAT32, program.combine(Binary.ADD, a, b));
    long total = storage.address(sum.total, thread);
    long addend = storage.address(sum.addend, thread);
    BoundKernel kernel =
        kernels.bind(
            program.build(), new long[] {total, addend}, new long[] {total}, sum.elements, 0);
    return List.of(new Step.Fused(kernel));
  }

  /// The implementations in their order, for listings.
  String names() {
    String names = String.join(" > ", stages.stream().map(Stage::name).toList());
    return turns > 1 ? turns + " x " + names : names;
  }
}
