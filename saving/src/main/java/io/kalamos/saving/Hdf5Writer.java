package io.kalamos.saving;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Writes what Keras's files need of HDF5: groups, texts as attributes, and whole arrays.
///
/// The file has the oldest superblock (version 0), object headers of version 1 with one block each,
/// links in the headers instead of trees, texts in one global heap, and arrays in one piece. Every
/// version of the HDF5 library since 1.8 reads that. Addresses are known before anything is
/// written: superblock, headers, heap, then the arrays, each at a multiple of 8.
///
/// Source: HDF5 File Format Specification 3.0.
final class Hdf5Writer {
  private static final int SUPERBLOCK = 96;
  private static final long UNDEFINED = -1;
  private static final int DATASPACE = 1;
  private static final int LINK_INFO = 2;
  private static final int DATATYPE = 3;
  private static final int FILL_VALUE = 5;
  private static final int LINK = 6;
  private static final int LAYOUT = 8;
  private static final int GROUP_INFO = 10;
  private static final int ATTRIBUTE = 12;

  /// Texts of one heap: their numbers have 16 bits.
  private static final int HEAP_TEXTS = 60_000;

  private static final int LEAST_HEAP = 4096;

  /// Most bytes of a message: its size has 16 bits.
  private static final int MOST = 65_528;

  private final List<Hdf5Node> nodes = new ArrayList<>();
  private final Map<Hdf5Node, Long> headers = new IdentityHashMap<>();
  private final Map<Hdf5Dataset, Long> places = new IdentityHashMap<>();
  private final List<byte[]> texts = new ArrayList<>();
  private final List<Long> heaps = new ArrayList<>();
  private final long end;

  private Hdf5Writer(Hdf5Group root) {
    collect(root);
    long at = SUPERBLOCK;
    for (Hdf5Node node : nodes) {
      headers.put(node, at);
      at += header(node).length;
    }
    // So far headers were measured: what they point to is known only now.
    List<byte[]> all = List.copyOf(texts);
    for (int from = 0; from < all.size(); from += HEAP_TEXTS) {
      heaps.add(at);
      at += heapSize(part(all, from));
    }
    for (Hdf5Node node : nodes) {
      if (node instanceof Hdf5Dataset dataset) {
        places.put(dataset, at);
        at += padded(dataset.bytes());
      }
    }
    end = at;
    texts.clear();
  }

  static void write(Hdf5Group root, OutputStream out) throws IOException {
    new Hdf5Writer(root).write(out);
  }

  private void collect(Hdf5Node node) {
    nodes.add(node);
    if (node instanceof Hdf5Group group) {
      group.children().values().forEach(this::collect);
    }
  }

  private void write(OutputStream out) throws IOException {
    out.write(superblock());
    for (Hdf5Node node : nodes) {
      out.write(header(node));
    }
    for (int from = 0; from < texts.size(); from += HEAP_TEXTS) {
      heap(part(texts, from), out);
    }
    for (Hdf5Node node : nodes) {
      if (node instanceof Hdf5Dataset dataset) {
        data(dataset, out);
      }
    }
  }

  private byte[] superblock() {
    return bytes(SUPERBLOCK)
        .put(Hdf5Reader.SIGNATURE)
        .put(new byte[] {0, 0, 0, 0, 0, 8, 8, 0}) // versions; offsets and lengths have 8 bytes
        .putShort((short) 4)
        .putShort((short) 16) // sizes of tree nodes, of which there are none
        .putInt(0)
        .putLong(0)
        .putLong(UNDEFINED)
        .putLong(end)
        .putLong(UNDEFINED)
        .putLong(0) // the root group's entry: no name, its header, nothing cached
        .putLong(SUPERBLOCK)
        .array();
  }

  /// The header of a node, with texts put into the heap on the way.
  private byte[] header(Hdf5Node node) {
    List<byte[]> messages = new ArrayList<>();
    switch (node) {
      case Hdf5Group group -> group(group, messages);
      case Hdf5Dataset dataset -> dataset(dataset, messages);
    }
    int size = messages.stream().mapToInt(message -> message.length).sum();
    ByteBuffer header = bytes(16 + size);
    header.put((byte) 1).put((byte) 0).putShort((short) messages.size()).putInt(1).putInt(size);
    header.position(16);
    messages.forEach(header::put);
    return header.array();
  }

  private void group(Hdf5Group group, List<byte[]> messages) {
    messages.add(message(LINK_INFO, bytes(18).putShort((short) 0).putLong(-1).putLong(-1)));
    messages.add(message(GROUP_INFO, bytes(2)));
    group.children().forEach((name, child) -> messages.add(link(name, child)));
    group.attributes().forEach((name, value) -> messages.add(attribute(name, value)));
    if (messages.size() > 0xffff) {
      throw new IllegalStateException("more than 65,535 entries in a group of an HDF5 file");
    }
  }

  /// A link in UTF-8 to another header.
  private byte[] link(String name, Hdf5Node child) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer data = bytes(13 + text.length);
    data.put((byte) 1).put((byte) 0x11).put((byte) 1).putShort((short) text.length).put(text);
    return message(LINK, data.putLong(headers.getOrDefault(child, 0L)));
  }

  private byte[] attribute(String name, Hdf5Group.Attribute value) {
    byte[] text = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    boolean empty = value.texts().isEmpty();
    byte[] type = empty ? type(Hdf5Type.FLOAT64) : textType();
    int[] sizes = value.single() ? new int[0] : new int[] {value.texts().size()};
    byte[] space = space(sizes);
    ByteBuffer data =
        bytes(
            8
                + padded(text.length)
                + padded(type.length)
                + space.length
                + value.texts().size() * 16);
    data.put((byte) 1).put((byte) 0).putShort((short) text.length);
    data.putShort((short) type.length).putShort((short) space.length);
    data.put(text).position((int) (8 + padded(text.length)));
    data.put(type).position((int) (8 + padded(text.length) + padded(type.length)));
    data.put(space);
    for (String item : value.texts()) {
      byte[] bytes = item.getBytes(StandardCharsets.UTF_8);
      int heap = texts.size() / HEAP_TEXTS;
      data.putInt(bytes.length).putLong(heap < heaps.size() ? heaps.get(heap) : 0);
      data.putInt(texts.size() % HEAP_TEXTS + 1);
      texts.add(bytes);
    }
    return message(ATTRIBUTE, data);
  }

  private void dataset(Hdf5Dataset dataset, List<byte[]> messages) {
    messages.add(message(DATASPACE, ByteBuffer.wrap(space(dataset.shape().toArray()))));
    messages.add(message(DATATYPE, ByteBuffer.wrap(type(dataset.type()))));
    // Version 2, room given when written, fill value written if set, none set.
    messages.add(message(FILL_VALUE, bytes(4).put(new byte[] {2, 2, 2, 0})));
    long place = dataset.bytes() == 0 ? UNDEFINED : places.getOrDefault(dataset, 0L);
    ByteBuffer layout = bytes(18).put((byte) 3).put((byte) 1);
    messages.add(message(LAYOUT, layout.putLong(place).putLong(dataset.bytes())));
  }

  private static byte[] space(int[] sizes) {
    ByteBuffer space = bytes(8 + 8 * sizes.length).put((byte) 1).put((byte) sizes.length);
    space.position(8);
    for (int size : sizes) {
      space.putLong(size);
    }
    return space.array();
  }

  private static byte[] type(Hdf5Type type) {
    int bits = 8 * type.bytes();
    if (!type.floating()) {
      ByteBuffer whole = bytes(12).put((byte) 0x10).put((byte) (type.signed() ? 8 : 0));
      return whole
          .putShort((short) 0)
          .putInt(type.bytes())
          .putShort((short) 0)
          .putShort((short) bits)
          .array();
    }
    int exponent = type == Hdf5Type.FLOAT16 ? 5 : type == Hdf5Type.FLOAT32 ? 8 : 11;
    ByteBuffer real =
        bytes(20).put((byte) 0x11).put((byte) 0x20).put((byte) (bits - 1)).put((byte) 0);
    real.putInt(type.bytes()).putShort((short) 0).putShort((short) bits);
    real.put((byte) (bits - 1 - exponent)).put((byte) exponent);
    real.put((byte) 0).put((byte) (bits - 1 - exponent));
    return real.putInt((1 << (exponent - 1)) - 1).array();
  }

  /// Texts of any length in UTF-8, in the heap; built on unsigned bytes.
  private static byte[] textType() {
    ByteBuffer type = bytes(20).put((byte) 0x19).put((byte) 1).put((byte) 1).put((byte) 0);
    type.putInt(16).put((byte) 0x10).position(12);
    return type.putInt(1).putShort((short) 0).putShort((short) 8).array();
  }

  private static byte[] message(int type, ByteBuffer data) {
    int size = (int) padded(data.capacity());
    if (size > MOST) {
      throw new IllegalStateException("an HDF5 message of " + size + " bytes");
    }
    ByteBuffer message = bytes(8 + size).putShort((short) type).putShort((short) size);
    return message.position(8).put(data.array()).array();
  }

  private static List<byte[]> part(List<byte[]> texts, int from) {
    return texts.subList(from, Math.min(texts.size(), from + HEAP_TEXTS));
  }

  /// The size of a heap of these texts, with what says that the rest is free.
  private static long heapSize(List<byte[]> texts) {
    long used = texts.stream().mapToLong(text -> 16 + padded(text.length)).sum();
    return Math.max(LEAST_HEAP, 16 + used + 16);
  }

  private static void heap(List<byte[]> texts, OutputStream out) throws IOException {
    long size = heapSize(texts);
    ByteBuffer head = bytes(16).put("GCOL".getBytes(StandardCharsets.US_ASCII));
    out.write(head.putInt(1).putLong(size).array());
    long free = size - 16;
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      ByteBuffer object = bytes(16 + padded(text.length));
      object.putShort((short) (i + 1)).putShort((short) 0).putInt(0).putLong(text.length).put(text);
      out.write(object.array());
      free -= object.capacity();
    }
    out.write(bytes(free).putLong(0).putLong(free).array());
  }

  private static void data(Hdf5Dataset dataset, OutputStream out) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long bytes = dataset.bytes();
    for (long from = 0; from < bytes; from += chunk.length) {
      int count = (int) Math.min(chunk.length, bytes - from);
      MemorySegment.copy(dataset.data(), ValueLayout.JAVA_BYTE, from, chunk, 0, count);
      out.write(chunk, 0, count);
    }
    out.write(new byte[(int) (padded(bytes) - bytes)]);
  }

  private static long padded(long size) {
    return (size + 7) / 8 * 8;
  }

  private static ByteBuffer bytes(long size) {
    return ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
