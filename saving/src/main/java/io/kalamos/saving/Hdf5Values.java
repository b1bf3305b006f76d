package io.kalamos.saving;

import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Reads arrays of numbers, and attributes that are texts; other attributes are passed over.
final class Hdf5Values {
  private static final int DATASPACE = 0x01;
  private static final int DATATYPE = 0x03;
  private static final int EXTERNAL_FILES = 0x07;
  private static final int LAYOUT = 0x08;
  private static final int WHOLE = 0;
  private static final int REAL = 1;
  private static final int TEXT = 3;
  private static final int VARIABLE = 9;
  private static final int MOST_AXES = 32;

  /// All texts of a file together; the largest models' configurations have some megabytes.
  private static final long MOST_TEXT = 64L << 20;

  private final Hdf5Bytes file;
  private final Map<Long, Map<Integer, Hdf5Bytes>> heaps = new HashMap<>();
  private long text;

  Hdf5Values(Hdf5Bytes file) {
    this.file = file;
  }

  Hdf5Dataset dataset(List<Hdf5Bytes> messages, String path) {
    Hdf5Bytes layout = one(messages, LAYOUT, path);
    if (messages.stream().anyMatch(m -> m.kind() == EXTERNAL_FILES)) {
      throw elsewhere("external", path);
    }
    Shape shape = shape(one(messages, DATASPACE, path), path);
    Hdf5Type type = type(one(messages, DATATYPE, path), path);
    long bytes = bytes(shape, type, path);
    int version = layout.u8(0);
    int kind = layout.u8(1);
    if (version != 3 && version != 4) {
      throw file.refuse(
          "layouts of version 3 or 4", "layout", version + " of " + path, Hdf5Bytes.REWRITE);
    }
    Hdf5Bytes data =
        switch (kind) {
          case 0 -> layout.slice(4, layout.u16(2));
          case 1 -> bytes == 0 ? layout.slice(0, 0) : whole(layout, path);
          case 3 -> throw elsewhere("virtual", path);
          default ->
              throw file.refuse(
                  "arrays in one piece, as Keras writes them",
                  "layout",
                  "chunks of " + path,
                  "Rewrite the file with h5repack -l CONTI.");
        };
    if (data.size() != bytes) {
      throw file.refuse(
          shape + " of " + type + " in " + bytes + " bytes",
          "bytes",
          data.size() + " of " + path,
          Hdf5Bytes.DAMAGED);
    }
    return new Hdf5Dataset(type, shape, data.segment());
  }

  private Hdf5Bytes whole(Hdf5Bytes layout, String path) {
    if (layout.u64(2) == Hdf5Bytes.UNDEFINED) {
      throw file.refuse("arrays whose values were written", "array", path, Hdf5Bytes.DAMAGED);
    }
    return file.slice(layout.u64(2), layout.u64(10));
  }

  private Hdf5Bytes.Malformed elsewhere(String kind, String path) {
    return file.refuse(
        "arrays that lie in the file",
        kind + " array",
        path,
        "Keras writes none; do not trust the file.");
  }

  private Hdf5Bytes one(List<Hdf5Bytes> messages, int kind, String path) {
    List<Hdf5Bytes> found = messages.stream().filter(m -> m.kind() == kind).toList();
    if (found.size() != 1) {
      throw file.refuse(
          "shape, type and place of an array once each",
          "array",
          path + " with " + found.size(),
          Hdf5Bytes.DAMAGED);
    }
    return found.getFirst();
  }

  private long bytes(Shape shape, Hdf5Type type, String path) {
    try {
      return Math.multiplyExact(shape.size(), type.bytes());
    } catch (ArithmeticException tooMuch) {
      throw file.refuse(
          "an array that fits in a file", "shape", shape + " of " + path, Hdf5Bytes.DAMAGED);
    }
  }

  private Shape shape(Hdf5Bytes space, String path) {
    int version = space.u8(0);
    int rank = space.u8(1);
    if (version != 1 && version != 2 || rank > MOST_AXES) {
      throw file.refuse(
          "at most " + MOST_AXES + " axes", "axes", rank + " of " + path, Hdf5Bytes.DAMAGED);
    }
    if (version == 2 && space.u8(3) == 2) {
      return Shape.of(0);
    }
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      long size = space.u64((version == 1 ? 8 : 4) + 8L * i);
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw file.refuse(
            "sizes of axes below 2^31",
            "size",
            Long.toUnsignedString(size) + " of " + path,
            Hdf5Bytes.DAMAGED);
      }
      sizes[i] = (int) size;
    }
    return Shape.of(sizes);
  }

  private Hdf5Type type(Hdf5Bytes type, String path) {
    int kind = type.u8(0) & 15;
    long size = type.u32(4);
    boolean little = (type.u8(1) & 1) == 0 && (kind != REAL || (type.u8(1) & 64) == 0);
    boolean signed = kind == REAL || (type.u8(1) & 8) != 0;
    if (little && (kind == WHOLE || kind == REAL)) {
      for (Hdf5Type known : Hdf5Type.values()) {
        if (known.bytes() == size
            && known.floating() == (kind == REAL)
            && known.signed() == signed
            && type.u16(10) == 8 * size) {
          return known;
        }
      }
    }
    throw file.refuse(
        "an array of numbers, little-endian",
        "type",
        "class " + kind + " of " + size + " bytes of " + path,
        Hdf5Bytes.REWRITE);
  }

  /// Notes an attribute where it is a text or a list of texts.
  void attribute(
      Hdf5Bytes message, String path, SequencedMap<String, Hdf5Group.Attribute> attributes) {
    int version = message.u8(0);
    if (version < 1 || version > 3 || version > 1 && message.u8(1) != 0) {
      throw file.refuse(
          "attributes of version 1 to 3",
          "attribute",
          "version " + version + " of " + path,
          Hdf5Bytes.REWRITE);
    }
    int[] sizes = {message.u16(2), message.u16(4), message.u16(6)};
    long at = version == 3 ? 9 : 8;
    Hdf5Bytes[] parts = new Hdf5Bytes[3];
    for (int i = 0; i < 3; i++) {
      parts[i] = message.slice(at, sizes[i]);
      at += version == 1 ? (sizes[i] + 7) / 8 * 8 : sizes[i];
    }
    String name = parts[0].text();
    int kind = parts[1].u8(0) & 15;
    Shape shape = shape(parts[2], path + ": " + name);
    boolean texts = kind == TEXT || kind == VARIABLE && (parts[1].u8(1) & 15) == 1;
    boolean none = shape.rank() == 1 && shape.dim(0) == 0;
    if (!texts && !none) {
      return;
    }
    long width = parts[1].u32(4);
    Hdf5Bytes data = message.from(Math.min(at, message.size()));
    if (!none && (width == 0 || shape.rank() > 1 || shape.size() > data.size() / width)) {
      throw file.refuse(
          "texts as many as an attribute holds",
          "attribute",
          name + " of shape " + shape,
          Hdf5Bytes.DAMAGED);
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      Hdf5Bytes item = data.slice(i * width, width);
      all.add(text(kind == TEXT ? item : variable(item)));
    }
    if (attributes.putIfAbsent(name, new Hdf5Group.Attribute(shape.rank() == 0, all)) != null) {
      throw file.refuse("each attribute once", "attribute", name, Hdf5Bytes.DAMAGED);
    }
  }

  private String text(Hdf5Bytes bytes) {
    file.work();
    text += bytes.size();
    if (text > MOST_TEXT) {
      throw file.refuse(
          "at most " + MOST_TEXT + " bytes of texts", "bytes", "more", Hdf5Bytes.DAMAGED);
    }
    return bytes.text();
  }

  /// A text that lies in a heap.
  private Hdf5Bytes variable(Hdf5Bytes reference) {
    long length = reference.u32(0);
    long heap = reference.u64(4);
    if (length == 0) {
      return reference.slice(0, 0);
    }
    Hdf5Bytes found = heaps.computeIfAbsent(heap, this::heap).get((int) reference.u32(12));
    if (found == null) {
      throw file.refuse("a text in the heap at " + heap, "text", "none", Hdf5Bytes.DAMAGED);
    }
    return found.slice(0, length);
  }

  private Map<Integer, Hdf5Bytes> heap(long address) {
    file.expect(address, "GCOL", "a text");
    Hdf5Bytes heap = file.slice(address, file.u64(address + 8));
    Map<Integer, Hdf5Bytes> objects = new HashMap<>();
    long at = 16;
    while (at + 16 <= heap.size()) {
      file.work();
      int index = heap.u16(at);
      long size = heap.u64(at + 8);
      if (index == 0) {
        break;
      }
      objects.put(index, heap.slice(at + 16, size));
      at += 16 + (size + 7) / 8 * 8;
    }
    return objects;
  }
}
