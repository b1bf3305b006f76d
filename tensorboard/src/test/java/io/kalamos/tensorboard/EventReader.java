package io.kalamos.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Reads event files, checking every checksum; knows nothing of the code that writes them.
final class EventReader {
  /// A value of an event.
  ///
  /// @param content what the plugin keeps with the tag
  /// @param numbers of a float or double tensor
  /// @param texts of a string tensor
  record Value(
      long step,
      String tag,
      String plugin,
      long dataClass,
      byte[] content,
      List<Long> shape,
      double[] numbers,
      List<byte[]> texts) {}

  /// @param rest bytes behind the last whole record
  record Contents(List<UnknownFieldSet> events, List<Value> values, int rest) {
    String version() {
      return text(events.getFirst(), 3);
    }

    List<Value> tagged(String tag) {
      return values.stream().filter(value -> value.tag().equals(tag)).toList();
    }

    List<String> tags() {
      return values.stream().map(Value::tag).distinct().toList();
    }
  }

  private EventReader() {}

  /// The event files of a folder, in the order of their names.
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().contains("tfevents"))
          .sorted()
          .toList();
    }
  }

  /// The only event file of a folder.
  static Contents only(Path folder) throws IOException {
    List<Path> files = files(folder);
    if (files.size() != 1) {
      throw new AssertionError("event files in " + folder + ": " + files);
    }
    return read(files.getFirst());
  }

  static Contents read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<UnknownFieldSet> events = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    while (bytes.remaining() >= 12) {
      bytes.mark();
      byte[] length = take(bytes, 8);
      check(length, bytes.getInt());
      long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (bytes.remaining() < size + 4) {
        bytes.reset();
        break;
      }
      byte[] data = take(bytes, Math.toIntExact(size));
      check(data, bytes.getInt());
      UnknownFieldSet event = UnknownFieldSet.parseFrom(data);
      events.add(event);
      for (ByteString summary : event.getField(5).getLengthDelimitedList()) {
        for (ByteString value : parsed(summary).getField(1).getLengthDelimitedList()) {
          values.add(value(whole(event, 2), parsed(value)));
        }
      }
    }
    return new Contents(events, values, bytes.remaining());
  }

  private static byte[] take(ByteBuffer bytes, int count) {
    byte[] taken = new byte[count];
    bytes.get(taken);
    return taken;
  }

  private static void check(byte[] data, int stored) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    long plain = crc.getValue();
    long masked = ((plain >>> 15 | plain << 17) + 0xa282ead8L) & 0xffffffffL;
    if (masked != Integer.toUnsignedLong(stored)) {
      throw new AssertionError("checksum " + masked + ", stored " + Integer.toUnsignedLong(stored));
    }
  }

  private static Value value(long step, UnknownFieldSet value)
      throws InvalidProtocolBufferException {
    UnknownFieldSet metadata = message(value, 9);
    UnknownFieldSet plugin = message(metadata, 1);
    UnknownFieldSet tensor = message(value, 8);
    List<Long> shape = new ArrayList<>();
    for (ByteString size : message(tensor, 2).getField(2).getLengthDelimitedList()) {
      shape.add(whole(parsed(size), 1));
    }
    byte[] raw = bytes(tensor, 4);
    ByteBuffer content = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[raw.length / (whole(tensor, 1) == 1 ? 4 : 8)];
    Arrays.setAll(
        numbers, i -> whole(tensor, 1) == 1 ? content.getFloat(4 * i) : content.getDouble(8 * i));
    return new Value(
        step,
        text(value, 1),
        text(plugin, 1),
        whole(metadata, 4),
        bytes(plugin, 2),
        shape,
        numbers,
        tensor.getField(8).getLengthDelimitedList().stream().map(ByteString::toByteArray).toList());
  }

  static UnknownFieldSet parsed(ByteString bytes) throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes);
  }

  static UnknownFieldSet message(UnknownFieldSet from, int field)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes(from, field));
  }

  static byte[] bytes(UnknownFieldSet from, int field) {
    List<ByteString> all = from.getField(field).getLengthDelimitedList();
    return all.isEmpty() ? new byte[0] : all.getLast().toByteArray();
  }

  static String text(UnknownFieldSet from, int field) {
    return ByteString.copyFrom(bytes(from, field)).toStringUtf8();
  }

  static long whole(UnknownFieldSet from, int field) {
    List<Long> all = from.getField(field).getVarintList();
    return all.isEmpty() ? 0 : all.getLast();
  }
}
