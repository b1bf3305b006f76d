package io.kalamos.models;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What a file holds of a model beside what Keras knows: Keras passes it over.
///
/// @param classNames what the model's outputs stand for, in their order: `0`, `1`, ..., `A`
/// @param preprocessing how a raw picture becomes an input, as names and values
/// @param provenance where the weights come from: a hash of the data, the seed, versions
public record ModelExtras(
    List<String> classNames,
    SequencedMap<String, String> preprocessing,
    SequencedMap<String, String> provenance) {
  public static final ModelExtras NONE =
      new ModelExtras(List.of(), new LinkedHashMap<>(), new LinkedHashMap<>());

  public ModelExtras {
    classNames = List.copyOf(classNames);
    preprocessing = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(preprocessing));
    provenance = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(provenance));
    if (classNames.stream().distinct().count() < classNames.size()) {
      throw Refusal.of(
          "ModelExtras",
          "each class once",
          "classNames",
          classNames,
          "Name the classes in the order of the model's outputs.");
    }
  }

  /// Names of classes alone.
  public static ModelExtras of(List<String> classNames) {
    return NONE.classNames(classNames);
  }

  public ModelExtras classNames(List<String> names) {
    return Vary.of(this, "classNames", names);
  }

  public ModelExtras preprocessing(String name, String value) {
    return Vary.of(this, "preprocessing", with(preprocessing, name, value));
  }

  public ModelExtras provenance(String name, String value) {
    return Vary.of(this, "provenance", with(provenance, name, value));
  }

  private static SequencedMap<String, String> with(
      SequencedMap<String, String> map, String name, String value) {
    SequencedMap<String, String> all = new LinkedHashMap<>(map);
    all.put(name, value);
    return all;
  }
}
