package io.kalamos.saving;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Reads what Keras's files hold of HDF5, in any version of the format that h5py writes them in.
///
/// The file is hostile. Nothing is allocated by a size that stands in it: arrays are views of the
/// file, and whatever lies outside of it is an error. Every step of the walk is counted, and
/// nothing is visited twice, so that trees that fork into themselves end at once. What may lead out
/// of the file, or unfold to more than it holds, is refused by name: links, external and virtual
/// arrays, compressed ones.
///
/// Source: HDF5 File Format Specification 3.0.
final class Hdf5Reader {
  static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private static final int DEEPEST = 64;
  private static final int LINK_INFO = 0x02;
  private static final int LINK = 0x06;
  private static final int ATTRIBUTE = 0x0c;
  private static final int SYMBOL_TABLE = 0x11;
  private static final int ATTRIBUTE_INFO = 0x15;
  private static final int DATASPACE = 0x01;
  private static final int DATATYPE = 0x03;
  private static final int LAYOUT = 0x08;

  /// What only arrays have.
  private static final Set<Integer> ARRAY = Set.of(DATASPACE, DATATYPE, LAYOUT);

  private static final byte[] NODE = "SNOD".getBytes(StandardCharsets.US_ASCII);

  private final Hdf5Bytes file;
  private final Hdf5Headers headers;
  private final Hdf5Values values;
  private final Set<Long> visited = new HashSet<>();
  private long data;

  private Hdf5Reader(Hdf5Bytes file) {
    this.file = file;
    this.headers = new Hdf5Headers(file);
    this.values = new Hdf5Values(file);
  }

  /// Reads a file; its arrays stay views of it.
  static Hdf5Group read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      return read(file.toString(), mapped);
    }
  }

  /// The root group of a file's bytes.
  ///
  /// @param where the file, for messages
  static Hdf5Group read(String where, MemorySegment bytes) throws IOException {
    Hdf5Bytes file = new Hdf5Bytes(where, bytes);
    try {
      return new Hdf5Reader(file).root();
    } catch (Hdf5Bytes.Malformed problem) {
      throw new IOException(problem.getMessage(), problem);
    }
  }

  private Hdf5Group root() {
    if (!file.startsWith(0, SIGNATURE)) {
      throw file.refuse("an HDF5 file", "begin", "other bytes", "Check the name of the file.");
    }
    int version = file.u8(8);
    if (version > 3) {
      throw file.refuse("a superblock of version 0 to 3", "version", version, Hdf5Bytes.REWRITE);
    }
    boolean old = version < 2;
    int at = old ? version == 0 ? 24 : 28 : 12;
    int offsets = file.u8(old ? 13 : 9);
    int lengths = file.u8(old ? 14 : 10);
    if (offsets != 8 || lengths != 8 || file.u64(at) != 0) {
      throw file.refuse(
          "addresses of 8 bytes from the file's begin",
          "sizes",
          offsets + " and " + lengths,
          Hdf5Bytes.REWRITE);
    }
    file.whole(file.u64(at + 16));
    return group(file.u64(old ? at + 40 : at + 24), "", 0);
  }

  private Hdf5Node node(long address, String path, int depth) {
    if (!visited.add(address)) {
      throw file.refuse(
          "each object once", "object", path + " again", "Keras writes no hard links.");
    }
    List<Hdf5Bytes> messages = headers.read(address);
    if (messages.stream().noneMatch(m -> ARRAY.contains(m.kind()))) {
      return group(messages, path, depth);
    }
    Hdf5Dataset dataset = values.dataset(messages, path);
    data += dataset.bytes();
    if (data > file.size()) {
      throw file.refuse(
          "arrays that do not overlap", "bytes", data + " up to " + path, Hdf5Bytes.DAMAGED);
    }
    return dataset;
  }

  private Hdf5Group group(long address, String path, int depth) {
    visited.add(address);
    return group(headers.read(address), path, depth);
  }

  private Hdf5Group group(List<Hdf5Bytes> messages, String path, int depth) {
    if (depth > DEEPEST) {
      throw file.refuse("groups at most " + DEEPEST + " deep", "group", path, Hdf5Bytes.DAMAGED);
    }
    SequencedMap<String, Hdf5Group.Attribute> attributes = new LinkedHashMap<>();
    SequencedMap<String, Long> links = new LinkedHashMap<>();
    for (Hdf5Bytes message : messages) {
      switch (message.kind()) {
        case ATTRIBUTE -> values.attribute(message, path, attributes);
        case SYMBOL_TABLE -> symbols(message.u64(0), message.u64(8), path, links);
        case LINK -> link(message, path, links);
        case LINK_INFO -> compact(message, (message.u8(1) & 1) == 0 ? 2 : 10, path);
        case ATTRIBUTE_INFO -> compact(message, (message.u8(1) & 1) == 0 ? 2 : 4, path);
        default -> {}
      }
    }
    SequencedMap<String, Hdf5Node> children = new LinkedHashMap<>();
    links.forEach(
        (name, address) -> children.put(name, node(address, path + "/" + name, depth + 1)));
    return new Hdf5Group(attributes, children);
  }

  /// Links or attributes that lie in a heap of their own: only other programs write so.
  private void compact(Hdf5Bytes message, int at, String path) {
    if (message.u64(at) != Hdf5Bytes.UNDEFINED) {
      throw file.refuse(
          "links and attributes in the objects' headers", "object", path + "/", Hdf5Bytes.REWRITE);
    }
  }

  /// The links of an old group: a tree of nodes with names in a heap.
  private void symbols(long tree, long heap, String path, SequencedMap<String, Long> links) {
    file.expect(heap, "HEAP", path);
    Hdf5Bytes names = file.slice(file.u64(heap + 24), file.u64(heap + 8));
    Deque<Long> open = new ArrayDeque<>(List.of(tree));
    while (!open.isEmpty()) {
      long node = open.pop();
      if (!visited.add(node)) {
        throw file.refuse("a tree without circles", "group", path + "/", Hdf5Bytes.DAMAGED);
      }
      file.work();
      if (file.startsWith(node, NODE)) {
        entries(node, names, path, links);
        continue;
      }
      file.expect(node, "TREE", path);
      int count = file.u16(node + 6);
      List<Long> below = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        file.work();
        below.add(file.u64(node + 32 + 16L * i));
      }
      below.reversed().forEach(open::push);
    }
  }

  private void entries(long node, Hdf5Bytes names, String path, SequencedMap<String, Long> links) {
    int count = file.u16(node + 6);
    for (int i = 0; i < count; i++) {
      file.work();
      long entry = node + 8 + 40L * i;
      String name = names.text(file.u64(entry));
      if (file.u32(entry + 16) == 2) {
        throw soft("soft", path, name);
      }
      add(name, file.u64(entry + 8), path, links);
    }
  }

  private void link(Hdf5Bytes message, String path, SequencedMap<String, Long> links) {
    int flags = message.u8(1);
    int at = 2;
    int type = (flags & 8) != 0 ? message.u8(at++) : 0;
    at += (flags & 4) != 0 ? 8 : 0;
    at += (flags & 16) != 0 ? 1 : 0;
    int wide = 1 << (flags & 3);
    long length = message.unsigned(at, wide);
    at += wide;
    String name = message.slice(at, length).text();
    switch (type) {
      case 0 -> add(name, message.u64(at + length), path, links);
      case 1 -> throw soft("soft", path, name);
      default -> throw soft("external", path, name);
    }
  }

  private Hdf5Bytes.Malformed soft(String kind, String path, String name) {
    return file.refuse(
        "a file without links to elsewhere",
        kind + " link",
        path + "/" + name,
        "Keras writes none; do not trust the file.");
  }

  private void add(String name, long address, String path, SequencedMap<String, Long> links) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw file.refuse("names without /", "name", path + "/" + name, Hdf5Bytes.DAMAGED);
    }
    if (links.putIfAbsent(name, address) != null) {
      throw file.refuse("each name once", "name", path + "/" + name, Hdf5Bytes.DAMAGED);
    }
  }
}
