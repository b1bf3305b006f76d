package io.kalamos.saving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the messages of objects' headers, of version 1 or 2, in one block or several.
final class Hdf5Headers {
  private static final int CONTINUATION = 0x10;
  private static final int MOST = 0xffff;

  private final Hdf5Bytes file;

  Hdf5Headers(Hdf5Bytes file) {
    this.file = file;
  }

  /// The messages of the header at an address.
  List<Hdf5Bytes> read(long address) {
    boolean second = file.startsWith(address, new byte[] {'O', 'H', 'D', 'R'});
    int version = file.u8(second ? address + 4 : address);
    if (version != (second ? 2 : 1)) {
      throw file.refuse(
          "an object's header of version 1 or 2", "version", version, Hdf5Bytes.DAMAGED);
    }
    return second ? second(address) : first(address);
  }

  private List<Hdf5Bytes> first(long address) {
    List<Hdf5Bytes> messages = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    Deque<Hdf5Bytes> blocks = new ArrayDeque<>();
    blocks.add(file.slice(address + 16, file.u32(address + 8)));
    while (!blocks.isEmpty()) {
      Hdf5Bytes block = blocks.pop();
      for (long at = 0; at + 8 <= block.size(); ) {
        int size = block.u16(at + 2);
        Hdf5Bytes message = block.slice(at + 8, size, block.u16(at));
        add(message, block.u8(at + 4), messages);
        if (message.kind() == CONTINUATION) {
          blocks.add(next(message, seen));
        }
        at += 8L + size;
      }
    }
    return messages;
  }

  private List<Hdf5Bytes> second(long address) {
    List<Hdf5Bytes> messages = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    Deque<Hdf5Bytes> blocks = new ArrayDeque<>();
    int flags = file.u8(address + 5);
    long at = address + 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
    int wide = 1 << (flags & 3);
    blocks.add(file.slice(at + wide, file.unsigned(at, wide)));
    int head = (flags & 4) != 0 ? 6 : 4;
    while (!blocks.isEmpty()) {
      Hdf5Bytes block = blocks.pop();
      for (long place = 0; place + head <= block.size(); ) {
        int size = block.u16(place + 1);
        Hdf5Bytes message = block.slice(place + head, size, block.u8(place));
        add(message, block.u8(place + 3), messages);
        if (message.kind() == CONTINUATION) {
          Hdf5Bytes next = next(message, seen);
          // Its signature stands before it, a checksum behind it.
          next.expect(0, "OCHK", "a header");
          blocks.add(next.slice(4, next.size() - 8));
        }
        place += head + (long) size;
      }
    }
    return messages;
  }

  private Hdf5Bytes next(Hdf5Bytes message, Set<Long> seen) {
    long address = message.u64(0);
    if (!seen.add(address)) {
      throw file.refuse("a header that continues elsewhere", "block", address, Hdf5Bytes.DAMAGED);
    }
    return file.slice(address, message.u64(8));
  }

  private void add(Hdf5Bytes message, int flags, List<Hdf5Bytes> messages) {
    file.work();
    if ((flags & 2) != 0) {
      throw file.refuse(
          "messages in the objects' headers", "message", "a shared one", Hdf5Bytes.REWRITE);
    }
    messages.add(message);
    if (messages.size() > MOST) {
      throw file.refuse("at most " + MOST + " messages", "messages", "more", Hdf5Bytes.DAMAGED);
    }
  }
}
