package io.kalamos.tensorboard;

import io.kalamos.callbacks.Folders;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// An event file: records of TFRecord framing, each an `Event`.
///
/// A record is its length (8 bytes), the masked CRC32C of these, the event, and the masked CRC32C
/// of that, little-endian. It is put together in memory and handed to the system at once, so that
/// whatever ends the process leaves whole records, and at worst the begin of one more, which
/// readers pass over. A file is always a new one; it begins with the version of its format.
final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;
  private static final int AROUND = 8 + 4 + 4;

  private final Path file;
  private final FileOutputStream stream;
  private long length;

  /// Not a channel: an interrupted thread would close it.
  private EventFile(Path file) throws IOException {
    this.file = file;
    this.stream = new FileOutputStream(file.toFile(), true);
  }

  /// A new file in a folder, which is made where it is missing.
  static EventFile in(Path folder, String where) {
    Folders.prepare(where, folder);
    try {
      EventFile events = new EventFile(free(folder));
      Message writer = new Message().text(1, "kalamos");
      events.write(event(0).text(3, VERSION).message(10, writer));
      return events;
    } catch (IOException e) {
      throw Folders.unwritable(where, "a folder that can be written", "folder", folder, e);
    }
  }

  /// TensorBoard reads the files of a folder in the order of their names, hence the time.
  private static Path free(Path folder) throws IOException {
    long seconds = System.currentTimeMillis() / 1000;
    long process = ProcessHandle.current().pid();
    for (int n = 0; ; n++) {
      String name = "events.out.tfevents.%010d.kalamos.%d.%d.v2".formatted(seconds, process, n);
      try {
        return Files.createFile(folder.resolve(name));
      } catch (FileAlreadyExistsException _) {
        // Another writer has this number.
      }
    }
  }

  /// The begin of an event that happens now.
  static Message event(long step) {
    Message event = new Message().real(1, System.currentTimeMillis() / 1e3);
    return step == 0 ? event : event.whole(2, step);
  }

  Path file() {
    return file;
  }

  /// Adds a record. Where that fails, the file ends with the record before.
  void write(Message event) throws IOException {
    byte[] record = record(event.toBytes());
    try {
      stream.write(record);
      length += record.length;
    } catch (IOException problem) {
      try {
        stream.getChannel().truncate(length);
      } catch (IOException second) {
        problem.addSuppressed(second);
      }
      throw problem;
    }
  }

  private static byte[] record(byte[] event) {
    ByteBuffer record = ByteBuffer.allocate(event.length + AROUND).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(event.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(event);
    record.putInt(masked(event, 0, event.length));
    return record.array();
  }

  /// The checksum in the form in which TFRecord files keep it.
  static int masked(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
