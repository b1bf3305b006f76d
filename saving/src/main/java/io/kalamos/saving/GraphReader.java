package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.layers.Application;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Symbol;
import io.kalamos.models.Model;
import io.kalamos.options.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes functional models: applies layers in an order in which what they are applied to is there.
final class GraphReader {
  /// A layer of the file with its calls.
  private static final class Entry {
    final String kind;
    Layer layer;
    final List<Inbound> calls = new ArrayList<>();
    Symbol[] results = {};

    Entry(String kind, Layer layer) {
      this.kind = kind;
      this.layer = layer;
    }

    boolean model() {
      return layer instanceof Model;
    }
  }

  /// A call that waits for inputs.
  private static final class Waiting {
    final Entry entry;
    final int call;
    int missing;

    Waiting(Entry entry, int call) {
      this.entry = entry;
      this.call = call;
    }
  }

  /// A call of a layer, by its place in the file.
  private record Place(String layer, int call) {}

  private final ModelReader reader;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /// Whether calls are written as lists, as before Keras 3.
  private boolean lists;

  GraphReader(ModelReader reader) {
    this.reader = reader;
  }

  Model read(String where, JsonNode config) {
    for (JsonNode node : config.path("layers")) {
      enter(where, node);
    }
    List<Inbound.Source> inputs = Inbound.sources(where, config.path("input_layers"));
    List<Inbound.Source> outputs = Inbound.sources(where, config.path("output_layers"));
    connect(where);
    return Model.of(symbols(where, inputs, true), symbols(where, outputs, true));
  }

  private void enter(String where, JsonNode node) {
    String name = node.path("name").asText(node.path("config").path("name").asText(""));
    String here = where.isEmpty() ? name : where + "/" + name;
    Layer layer = reader.layer(where, node);
    Entry entry = new Entry(node.path("class_name").asText(), layer);
    if (entries.put(name, entry) != null) {
      throw refused(here, "a name of its own for each layer", "name", name);
    }
    if (layer instanceof Input input) {
      entry.results = new Symbol[] {input};
      return;
    }
    for (JsonNode call : node.path("inbound_nodes")) {
      lists |= call.isArray();
      entry.calls.add(Inbound.of(here, layer, call));
    }
    long causal = entry.calls.stream().filter(Inbound::causal).count();
    if (causal > 0 && causal < entry.calls.size()) {
      throw refused(here, "the same use_causal_mask in all calls", "use_causal_mask", "both");
    }
    if (causal > 0) {
      entry.layer = entry.calls.getFirst().varied(layer);
    }
    entry.results = new Symbol[entry.calls.size()];
  }

  private void connect(String where) {
    Map<Place, List<Waiting>> followers = new LinkedHashMap<>();
    Deque<Waiting> ready = new ArrayDeque<>();
    int left = 0;
    for (Entry entry : entries.values()) {
      for (int call = 0; call < entry.calls.size(); call++) {
        Waiting waiting = new Waiting(entry, call);
        for (Inbound.Source source : entry.calls.get(call).sources()) {
          if (!(entry(where, source).layer instanceof Input)) {
            waiting.missing++;
            Place place = new Place(source.layer(), call(where, source, false));
            followers.computeIfAbsent(place, p -> new ArrayList<>()).add(waiting);
          }
        }
        left++;
        if (waiting.missing == 0) {
          ready.add(waiting);
        }
      }
    }
    Map<Entry, String> names = new LinkedHashMap<>();
    entries.forEach((name, entry) -> names.put(entry, name));
    while (!ready.isEmpty()) {
      Waiting next = ready.poll();
      left--;
      Inbound inbound = next.entry.calls.get(next.call);
      next.entry.results[next.call] =
          next.entry.layer.on(symbols(where, inbound.sources(), false).toArray(Symbol[]::new));
      Place place = new Place(names.get(next.entry), next.call);
      for (Waiting follower : followers.getOrDefault(place, List.of())) {
        if (--follower.missing == 0) {
          ready.add(follower);
        }
      }
    }
    if (left > 0) {
      throw refused(where.isEmpty() ? "model" : where, "layers without circles", "circular", left);
    }
  }

  private Entry entry(String where, Inbound.Source source) {
    Entry entry = entries.get(source.layer());
    if (entry == null) {
      throw refused(
          where.isEmpty() ? "model" : where, "inputs that layers give", "layer", source.layer());
    }
    return entry;
  }

  /// The place of a call among those of its layer. Keras counts from 1 where a functional model is
  /// the layer, which was once called when it was made; before Keras 3 for chains too, and in Keras
  /// 3 in the list of outputs only. Where that leads nowhere, the other way is meant.
  private int call(String where, Inbound.Source source, boolean output) {
    Entry entry = entry(where, source);
    int count = entry.results.length;
    boolean later = output ? lists || !entry.kind.equals("Sequential") : source.old();
    int before = entry.model() && later ? 1 : 0;
    int call = source.call() - before;
    if (entry.model() && (call < 0 || call >= count)) {
      call = source.call() - (1 - before);
    }
    if (call < 0 || call >= count) {
      throw refused(
          where.isEmpty() ? source.layer() : where + "/" + source.layer(),
          "a call below " + count,
          "call",
          source.call());
    }
    return call;
  }

  private List<Symbol> symbols(String where, List<Inbound.Source> sources, boolean output) {
    List<Symbol> symbols = new ArrayList<>();
    for (Inbound.Source source : sources) {
      Symbol symbol = entry(where, source).results[call(where, source, output)];
      symbols.add(
          symbol instanceof Application application ? application.output(source.result()) : symbol);
    }
    return symbols;
  }

  private static IllegalArgumentException refused(
      String where, String expected, String name, Object value) {
    return Refusal.of(
        where, expected, name, value, "The file is damaged or does not come from Keras.");
  }
}
