package io.kalamos.datasets;

import io.kalamos.engine.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Reads and writes zips of arrays of NumPy, `.npz`: what `numpy.savez` and
/// `numpy.savez_compressed` write and `numpy.load` reads.
///
/// Types are those of [Npy]. Only the arrays that are asked for are unpacked, each straight into
/// the memory of its tensor and not before its size was checked; nothing is written to the disk.
/// Refused are zips with other members than arrays, with two of one name, with more than 1,000
/// members or 16 GiB, and those of more than 64 MiB that grow more than 200 times.
public final class Npz {
  static final int MOST_MEMBERS = 1_000;
  static final long MOST_BYTES = 16L << 30;
  static final int MOST_RATIO = 200;
  static final long FREE_BYTES = 64 << 20;

  private static final String ENDING = ".npy";
  private static final int CHUNK = 1 << 16;
  // the same arrays give the same bytes
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /// The names of the arrays, in the order of the file.
  public static List<String> names(Path file) {
    try (var zip = new ZipFile(file.toFile())) {
      return List.copyOf(members(file, zip).keySet());
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  /// All arrays, in the order of the file.
  public static SequencedMap<String, Tensor> read(Path file) {
    return read(file, names(file));
  }

  /// One array.
  public static Tensor read(Path file, String name) {
    return read(file, List.of(name)).get(name);
  }

  /// These arrays, in this order.
  public static SequencedMap<String, Tensor> read(Path file, List<String> names) {
    var arrays = new LinkedHashMap<String, Tensor>();
    try (var zip = new ZipFile(file.toFile())) {
      var members = members(file, zip);
      for (String name : names) {
        ZipEntry member = members.get(name);
        if (member == null) {
          throw new MalformedDataException(
              "%s: expected one of its arrays %s, received name=%s. Use one of these names."
                  .formatted(file, List.copyOf(members.keySet()), name));
        }
        arrays.put(name, read(file + ":" + name, zip, member));
      }
    } catch (IOException e) {
      throw broken(file, e);
    }
    return Collections.unmodifiableSequencedMap(arrays);
  }

  private static RuntimeException broken(Path file, IOException e) {
    if (!(e instanceof ZipException || e instanceof EOFException)) {
      return Npy.unreadable(file, "a readable .npz file", e);
    }
    return new MalformedDataException(
        "%s: expected a whole zip of arrays, received damaged or other data (%s). Save it again with numpy.savez."
            .formatted(file, e.getMessage()),
        e);
  }

  /// The members by the names of their arrays, as far as the zip's directory tells of them.
  private static SequencedMap<String, ZipEntry> members(Path file, ZipFile zip) throws IOException {
    if (zip.size() > MOST_MEMBERS) {
      throw bad(file, "at most " + MOST_MEMBERS + " members", "members=" + zip.size());
    }
    var members = new LinkedHashMap<String, ZipEntry>();
    long bytes = 0;
    for (ZipEntry member : Collections.list(zip.entries())) {
      String path = member.getName();
      if (!path.endsWith(ENDING)) {
        throw bad(file, "members called NAME.npy", "member=" + path);
      }
      String name = path.substring(0, path.length() - ENDING.length());
      if (members.put(name, member) != null) {
        throw bad(file, "each name once", "member=" + path + " twice");
      }
      if (member.getSize() < 0 || member.getSize() > MOST_BYTES - bytes) {
        throw bad(file, "at most " + MOST_BYTES + " bytes of arrays", "more with member=" + path);
      }
      bytes += member.getSize();
    }
    if (members.isEmpty()) {
      throw bad(file, "at least one array", "members=0");
    }
    long packed = Files.size(file);
    if (bytes > FREE_BYTES && bytes / MOST_RATIO > packed) {
      throw new MalformedDataException(
          "%s: expected arrays that grow at most %d times when unpacked, received %d bytes that grow to bytes=%d. If that is right, save them with numpy.savez, not savez_compressed."
              .formatted(file, MOST_RATIO, packed, bytes));
    }
    return members;
  }

  private static Tensor read(String name, ZipFile zip, ZipEntry member) throws IOException {
    try (var in = new CheckedInputStream(zip.getInputStream(member), new CRC32())) {
      var header = NpyHeader.read(name, in);
      if (member.getSize() != header.fileBytes()) {
        throw header.wrongLength(name, Long.toString(member.getSize()));
      }
      MemorySegment elements =
          Arena.ofAuto().allocate(Math.max(1, header.elementBytes()), Tensor.ALIGNMENT);
      fill(name, header, elements, in);
      if (in.getChecksum().getValue() != member.getCrc()) {
        throw NpyHeader.bad(
            name, "the checksum " + member.getCrc(), "checksum=" + in.getChecksum().getValue());
      }
      return Npy.tensor(name, header, elements);
    }
  }

  private static void fill(String name, NpyHeader header, MemorySegment elements, InputStream in)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long from = 0;
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      if (count > header.elementBytes() - from) {
        throw header.wrongLength(name, "more");
      }
      MemorySegment.copy(MemorySegment.ofArray(chunk), 0, elements, from, count);
      from += count;
    }
    if (from < header.elementBytes()) {
      throw header.wrongLength(name, Long.toString(header.bytes() + from));
    }
  }

  /// Writes arrays by name, deflated, as `numpy.savez_compressed` does; the file is there whole or
  /// not at all.
  public static void write(Path file, Map<String, Tensor> arrays) {
    Npy.whole(
        file,
        out -> {
          // not closed, since the file is brought to the disk after this
          var zip = new ZipOutputStream(out);
          for (var array : arrays.entrySet()) {
            var member = new ZipEntry(array.getKey() + ENDING);
            member.setTimeLocal(EPOCH);
            zip.putNextEntry(member);
            Npy.write(zip, array.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static MalformedDataException bad(Path file, String expected, String received) {
    return new MalformedDataException(
        "%s: expected %s, received %s. Save it again with numpy.savez."
            .formatted(file, expected, received));
  }
}
