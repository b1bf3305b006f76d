package io.kalamos.saving;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A group of an HDF5 file: attributes, which are texts here, and children by name.
///
/// @param attributes a single text has the name itself as key, a list of texts is a list
record Hdf5Group(
    SequencedMap<String, Attribute> attributes, SequencedMap<String, Hdf5Node> children)
    implements Hdf5Node {
  /// Texts that stand with a group.
  ///
  /// @param single whether it is one text rather than a list, which may be of any length
  record Attribute(boolean single, List<String> texts) {
    static Attribute of(String text) {
      return new Attribute(true, List.of(text));
    }
  }

  Hdf5Group() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /// The group of this path below, `layers/dense`, made where it is missing.
  Hdf5Group make(String path) {
    Hdf5Group group = this;
    for (String name : path.split("/")) {
      Hdf5Node node = group.children.computeIfAbsent(name, key -> new Hdf5Group());
      if (!(node instanceof Hdf5Group next)) {
        throw new IllegalStateException(path + " leads through a dataset");
      }
      group = next;
    }
    return group;
  }

  /// Puts a dataset at a path below.
  void put(String path, Hdf5Dataset dataset) {
    int end = path.lastIndexOf('/');
    Hdf5Group group = end < 0 ? this : make(path.substring(0, end));
    if (group.children.putIfAbsent(path.substring(end + 1), dataset) != null) {
      throw new IllegalStateException(path + " is there twice");
    }
  }

  Hdf5Group attribute(String name, String text) {
    attributes.put(name, Attribute.of(text));
    return this;
  }

  Hdf5Group attribute(String name, List<String> texts) {
    attributes.put(name, new Attribute(false, texts));
    return this;
  }

  /// The text of an attribute.
  Optional<String> text(String name) {
    return Optional.ofNullable(attributes.get(name))
        .filter(a -> a.texts.size() == 1)
        .map(a -> a.texts.getFirst());
  }

  /// What stands at a path below.
  Optional<Hdf5Node> at(String path) {
    Hdf5Node node = this;
    for (String name : path.split("/")) {
      if (!(node instanceof Hdf5Group group) || !group.children.containsKey(name)) {
        return Optional.empty();
      }
      node = group.children.get(name);
    }
    return Optional.of(node);
  }

  Optional<Hdf5Group> group(String path) {
    return at(path).filter(Hdf5Group.class::isInstance).map(Hdf5Group.class::cast);
  }

  Optional<Hdf5Dataset> dataset(String path) {
    return at(path).filter(Hdf5Dataset.class::isInstance).map(Hdf5Dataset.class::cast);
  }

  /// All datasets below by path.
  SequencedMap<String, Hdf5Dataset> datasets() {
    SequencedMap<String, Hdf5Dataset> all = new LinkedHashMap<>();
    collect("", all);
    return all;
  }

  private void collect(String path, SequencedMap<String, Hdf5Dataset> all) {
    children.forEach(
        (name, node) -> {
          switch (node) {
            case Hdf5Dataset dataset -> all.put(path + name, dataset);
            case Hdf5Group group -> group.collect(path + name + "/", all);
          }
        });
  }

  /// How many bytes all arrays have.
  long bytes() {
    return datasets().values().stream().mapToLong(Hdf5Dataset::bytes).sum();
  }

  /// Makes sure that what was read from a file is what was written, bit by bit.
  void check(String where, Hdf5Group read) throws IOException {
    check(where, "", read);
  }

  private void check(String where, String path, Hdf5Group read) throws IOException {
    if (!attributes.equals(read.attributes)) {
      throw changed(where, path + "/");
    }
    if (!children.keySet().equals(read.children.keySet())) {
      throw changed(where, path + "/");
    }
    for (Map.Entry<String, Hdf5Node> child : children.entrySet()) {
      String below = path + "/" + child.getKey();
      Hdf5Node other = read.children.get(child.getKey());
      if (child.getValue() instanceof Hdf5Group one && other instanceof Hdf5Group two) {
        one.check(where, below, two);
      } else if (!(child.getValue() instanceof Hdf5Dataset one
          && other instanceof Hdf5Dataset two
          && one.same(two))) {
        throw changed(where, below);
      }
    }
  }

  private static IOException changed(String where, String path) {
    return Archive.refuse(
        where,
        "the bits that were written",
        "different",
        path,
        "The disk is damaged, or the model changed while it was saved; save it again.");
  }
}
