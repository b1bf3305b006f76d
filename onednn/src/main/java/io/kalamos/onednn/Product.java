package io.kalamos.onednn;

import io.kalamos.engine.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

/// One thread's share of a product, pooling or reorder before memory is placed: the chosen
/// implementation, the reorders around it, and the private memory that these need.
final class Product {
  /// An address that is known once memory is placed, by thread.
  private record Place(IntToLongFunction address) {}

  private record Stage(Candidate candidate, Map<Arg, Place> places) {}

  private final Scope scope;
  private final Storage storage;
  private final Unit unit;
  private final List<Stage> stages = new ArrayList<>();

  Product(Scope scope, Storage storage, Unit unit) {
    this.scope = scope;
    this.storage = storage;
    this.unit = unit;
  }

  /// Plans an implementation over memory that is laid out as `given`; where it wants another
  /// layout, reorders are planned around it. Arguments that are not given are private memory.
  void plan(Candidate candidate, Map<Arg, Given> given) {
    Map<Arg, Place> places = new EnumMap<>(Arg.class);
    List<Stage> after = new ArrayList<>();
    candidate
        .arguments()
        .forEach(
            (arg, wanted) -> {
              Given memory = given.get(arg);
              if (memory == null) {
                places.put(arg, place(storage.extra(wanted.bytes(), unit, unit)));
              } else if (memory.md.sameAs(wanted)) {
                places.put(arg, new Place(memory.address));
              } else {
                Storage.Extra packed = storage.extra(wanted.bytes(), unit, unit);
                places.put(arg, place(packed));
                if (memory.result) {
                  after.add(reorder(wanted, place(packed), memory.md, new Place(memory.address)));
                } else {
                  stages.add(reorder(memory.md, new Place(memory.address), wanted, place(packed)));
                }
              }
            });
    stages.add(new Stage(candidate, places));
    stages.addAll(after);
  }

  /// Memory with its layout; results are written, the rest is read.
  record Given(Md md, boolean result, IntToLongFunction address) {
    static Given read(Md md, IntToLongFunction address) {
      return new Given(md, false, address);
    }

    static Given write(Md md, IntToLongFunction address) {
      return new Given(md, true, address);
    }
  }

  private Stage reorder(Md from, Place source, Md to, Place target) {
    Candidate candidate = Candidate.first(scope, new Problem.Reorder(from, to, Attributes.NONE));
    Map<Arg, Place> places = new EnumMap<>(Map.of(Arg.SRC, source, Arg.DST, target));
    candidate
        .md(Arg.SCRATCHPAD)
        .ifPresent(md -> places.put(Arg.SCRATCHPAD, place(storage.extra(md.bytes(), unit, unit))));
    return new Stage(candidate, places);
  }

  private Place place(Storage.Extra extra) {
    return new Place(thread -> storage.address(extra, thread));
  }

  /// The steps of a thread, once memory is placed.
  List<Step> bind(int thread) {
    List<Step> steps = new ArrayList<>();
    for (Stage stage : stages) {
      Map<Arg, Long> addresses = new LinkedHashMap<>();
      stage.places.forEach((arg, place) -> addresses.put(arg, place.address.applyAsLong(thread)));
      steps.add(new Step.Native(stage.candidate.bind(addresses)));
    }
    return steps;
  }

  /// The implementations in their order, for listings.
  String names() {
    return String.join(" > ", stages.stream().map(stage -> stage.candidate.name()).toList());
  }
}
