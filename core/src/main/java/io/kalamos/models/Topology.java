package io.kalamos.models;

import io.kalamos.layers.Application;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Output;
import io.kalamos.layers.Symbol;
import io.kalamos.options.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Which layer is applied to what, inputs before their users.
///
/// @param steps the applications
/// @param layers each layer once, by path, in Keras's order of a summary
/// @param inputs the steps of the model's inputs
/// @param outputs the values that the model gives
record Topology(
    boolean sequential,
    List<Step> steps,
    SequencedMap<String, Layer> layers,
    List<Integer> inputs,
    List<Ref> outputs) {
  /// One application of a layer; a shared layer has several with one path.
  record Step(String path, Layer layer, List<Ref> inputs) {}

  /// A result of a step.
  record Ref(int step, int output) {
    static Ref first(int step) {
      return new Ref(step, 0);
    }
  }

  /// A chain: every entry is a layer of its own, also where one record stands twice.
  static Topology chain(List<Layer> chain) {
    if (chain.isEmpty() || !(chain.getFirst() instanceof Input)) {
      throw Refusal.of(
          "Sequential",
          "an Input as the first layer",
          "first",
          chain.isEmpty() ? "nothing" : chain.getFirst().kind(),
          "Begin with the shape of one sample, such as Input.of(28, 28, 1).");
    }
    Set<String> explicit = new HashSet<>();
    Set<Object> models = new HashSet<>();
    for (Layer layer : chain) {
      layer.name().ifPresent(name -> unique(explicit, name));
      if (layer instanceof Model model && !models.add(identity(model))) {
        throw Refusal.of(
            "Sequential",
            "each inner model once",
            "twice",
            model.title(),
            "Apply it several times in a functional model: base.on(base.on(x)).");
      }
    }
    Names names = new Names(explicit);
    chain.forEach(layer -> taken(layer).forEach(names::take));
    List<Step> steps = new ArrayList<>();
    SequencedMap<String, Layer> layers = new LinkedHashMap<>();
    for (Layer layer : chain) {
      if (layer instanceof Input && !steps.isEmpty()) {
        throw Refusal.of(
            "Sequential",
            "one Input, at the beginning",
            "layers",
            chain.stream().map(Layer::kind).toList(),
            "Remove the second one.");
      }
      String path = layer.name().orElseGet(() -> names.next(layer.kind()));
      List<Ref> inputs = steps.isEmpty() ? List.of() : List.of(Ref.first(steps.size() - 1));
      steps.add(new Step(path, layer, inputs));
      layers.put(path, layer);
    }
    return new Topology(true, steps, layers, List.of(0), List.of(Ref.first(steps.size() - 1)));
  }

  private static void unique(Set<String> explicit, String name) {
    if (!explicit.add(name)) {
      throw Refusal.of(
          "Sequential", "names of their own for all layers", "name", name, "Rename one of them.");
    }
  }

  /// The same layers, and one clone of each inner model.
  Topology copy(Map<Object, Layer> copies) {
    for (Layer layer : layers.values()) {
      Object identity = identity(layer);
      if (!copies.containsKey(identity)) {
        copies.put(identity, layer instanceof Model part ? part.cloned(copies) : layer);
      }
    }
    List<Step> copied =
        steps.stream()
            .map(s -> new Step(s.path(), copies.get(identity(s.layer())), s.inputs()))
            .toList();
    SequencedMap<String, Layer> named = new LinkedHashMap<>();
    layers.forEach((path, layer) -> named.put(path, copies.get(identity(layer))));
    return new Topology(sequential, copied, named, inputs, outputs);
  }

  /// What makes a layer the same one: two names of a model are the same model.
  static Object identity(Layer layer) {
    return layer instanceof Model model ? model.network() : layer;
  }

  /// The names within an inner model. Keras numbers on from them, so we do.
  private static Set<String> taken(Layer layer) {
    Set<String> names = new HashSet<>();
    if (layer instanceof Model model) {
      model.network().topology().names(names);
    }
    return names;
  }

  private void names(Set<String> names) {
    names.addAll(layers.keySet());
    layers.values().forEach(layer -> names.addAll(taken(layer)));
  }

  /// The name of the model where none was given: `sequential`, or the next number where an inner
  /// model has it.
  String title() {
    Set<String> names = new HashSet<>();
    names(names);
    return new Names(names).next(kind());
  }

  /// Keras's class of the model.
  String kind() {
    return sequential ? "Sequential" : "Functional";
  }

  /// What leads from inputs to outputs.
  static Topology between(List<? extends Symbol> inputs, List<? extends Symbol> outputs) {
    return new Walk(inputs, outputs).topology();
  }

  /// Walks from the outputs to the inputs and names and orders what it meets.
  private static final class Walk {
    private final List<? extends Symbol> inputs;
    private final List<? extends Symbol> outputs;
    private final List<Symbol> order = new ArrayList<>();
    private final Map<Symbol, Integer> met = new IdentityHashMap<>();
    private final Map<Symbol, Integer> depths = new IdentityHashMap<>();
    private final Map<Object, String> paths = new IdentityHashMap<>();
    private final Map<String, Layer> named = new LinkedHashMap<>();

    Walk(List<? extends Symbol> inputs, List<? extends Symbol> outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
      outputs.forEach(output -> visit(applied(output)));
      for (Symbol input : inputs) {
        if (!met.containsKey(input)) {
          throw Refusal.of(
              "Model",
              "inputs that lead to an output",
              "input",
              layer(input),
              "Remove it, or use it.");
        }
      }
    }

    private record Visit(Symbol symbol, boolean inputsDone) {}

    /// Depth first, without recursion: models may have any number of layers in a row.
    private void visit(Symbol last) {
      Deque<Visit> stack = new ArrayDeque<>();
      stack.push(new Visit(last, false));
      while (!stack.isEmpty()) {
        Visit visit = stack.pop();
        Symbol symbol = visit.symbol();
        if (visit.inputsDone()) {
          order.add(symbol);
        } else if (!met.containsKey(symbol)) {
          met.put(symbol, met.size());
          stack.push(new Visit(symbol, true));
          inputs(symbol).reversed().forEach(input -> stack.push(new Visit(applied(input), false)));
        }
      }
    }

    /// What an application needs; an input must be one of the model's.
    private List<Symbol> inputs(Symbol symbol) {
      return switch (symbol) {
        case Input input -> {
          if (inputs.stream().noneMatch(known -> known == input)) {
            throw Refusal.of(
                "Model",
                "every Input that the outputs need among the inputs",
                "missing",
                input,
                "Add it to the inputs of Model.of.");
          }
          yield List.of();
        }
        case Application application -> application.inputs();
        case Output output -> throw new IllegalStateException("not applied: " + output);
      };
    }

    /// The application or input that gives a value.
    private static Symbol applied(Symbol value) {
      return value instanceof Output output ? output.application() : value;
    }

    private static Layer layer(Symbol symbol) {
      return switch (symbol) {
        case Input input -> input;
        case Application application -> application.layer();
        case Output output -> output.application().layer();
      };
    }

    Topology topology() {
      for (Symbol symbol : order.reversed()) {
        int depth = depths.merge(symbol, 0, Math::max);
        if (symbol instanceof Application application) {
          application.inputs().forEach(input -> depths.merge(applied(input), depth + 1, Math::max));
        }
      }
      List<Symbol> sorted = new ArrayList<>(order);
      sorted.sort(
          Comparator.comparing((Symbol symbol) -> -depths.get(symbol)).thenComparing(met::get));
      name(sorted);
      Map<Symbol, Integer> places = new IdentityHashMap<>();
      List<Step> steps = new ArrayList<>();
      SequencedMap<String, Layer> layers = new LinkedHashMap<>();
      for (Symbol symbol : sorted) {
        List<Ref> from =
            symbol instanceof Application application
                ? application.inputs().stream().map(input -> ref(input, places)).toList()
                : List.of();
        Layer layer = layer(symbol);
        places.put(symbol, steps.size());
        String path = paths.get(identity(layer));
        steps.add(new Step(path, layer, from));
        layers.put(path, layer);
      }
      return new Topology(
          false,
          steps,
          layers,
          inputs.stream().map(places::get).toList(),
          outputs.stream().map(output -> ref(output, places)).toList());
    }

    private static Ref ref(Symbol value, Map<Symbol, Integer> places) {
      return new Ref(
          places.get(applied(value)), value instanceof Output output ? output.index() : 0);
    }

    /// Automatic names in the order of writing: inputs first, then as the outputs need them.
    private void name(List<Symbol> sorted) {
      for (Symbol symbol : sorted) {
        Layer layer = layer(symbol);
        layer.name().ifPresent(name -> claim(name, layer));
      }
      Names names = new Names(named.keySet());
      sorted.forEach(symbol -> taken(layer(symbol)).forEach(names::take));
      for (Symbol symbol : sorted) {
        Layer layer = layer(symbol);
        String path =
            paths.computeIfAbsent(
                identity(layer), key -> layer.name().orElseGet(() -> names.next(layer.kind())));
        if (!layer.name().orElse(path).equals(path)) {
          throw Refusal.of(
              "Model",
              "one name for each inner model",
              "names",
              List.of(path, layer.name().orElse(path)),
              "Apply the same object in all places.");
        }
      }
    }

    private void claim(String name, Layer layer) {
      Layer first = named.putIfAbsent(name, layer);
      boolean sharing =
          first == null
              || identity(first) == identity(layer)
              || !(layer instanceof Input) && first.equals(layer);
      if (!sharing) {
        throw Refusal.of(
            "Model",
            "one layer for each name, or equal ones that share weights",
            "name",
            name,
            "Rename one of the two layers.");
      }
    }
  }
}
