package io.kalamos.saving;

import io.kalamos.models.spi.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// The zip that a `.keras` file is: a few members of known names, read into memory and never
/// unpacked to a disk.
///
/// The file is hostile: an unknown or repeated member is refused, and one that unfolds to much more
/// than it takes; what is read is bounded by what the file's directory says, and has its checksum.
final class Archive implements AutoCloseable {
  /// Versions of Keras and when the file was written.
  static final String METADATA = "metadata.json";

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.weights.h5";

  /// What Keras passes over: names of classes, and where the model comes from.
  static final String EXTRAS = "kalamos.json";

  private static final Set<String> KNOWN = Set.of(METADATA, CONFIG, WEIGHTS, EXTRAS);

  /// Keras writes nothing below it for the layers that are known here.
  private static final String ASSETS = "assets/";

  /// The date of all members: what a file holds does not depend on when it was written.
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final long LONGEST_TEXT = 64L << 20;

  /// From this size on a member may take at most so many times what it takes in the file.
  private static final long SMALL = 1L << 20;

  private static final int MOST_EXPANSION = 50;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> members = new LinkedHashMap<>();

  private Archive(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
  }

  /// Whether a member of this name is read.
  static boolean knows(String name) {
    return KNOWN.contains(name) || name.equals(ASSETS);
  }

  static Archive open(Path file) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException problem) {
      throw refuse(
          file,
          "a whole zip",
          "error",
          problem.getMessage(),
          "The file is truncated or damaged; use another copy.");
    }
    Archive archive = new Archive(file, zip);
    try {
      archive.index();
      return archive;
    } catch (IOException problem) {
      zip.close();
      throw problem;
    }
  }

  private void index() throws IOException {
    if (zip.size() > 2 * KNOWN.size()) {
      throw refuse(
          file,
          "at most " + 2 * KNOWN.size() + " members",
          "members",
          zip.size(),
          "Keras writes three; do not trust the file.");
    }
    for (ZipEntry entry : zip.stream().toList()) {
      String name = entry.getName();
      if (name.equals(ASSETS)) {
        continue;
      }
      if (!KNOWN.contains(name)) {
        throw refuse(
            file,
            "members out of " + KNOWN.stream().sorted().toList(),
            "member",
            name,
            "Models with files of their own cannot be read, nor weights in other formats.");
      }
      if (members.put(name, entry) != null) {
        throw refuse(
            file, "each member once", "twice", name, "The file is made up; do not trust it.");
      }
      long size = entry.getSize();
      long packed = Math.max(1, entry.getCompressedSize());
      if (size > SMALL && size / packed > MOST_EXPANSION) {
        throw refuse(
            file,
            "members at most " + MOST_EXPANSION + " times as large as packed",
            name,
            size + " bytes in " + packed,
            "The file is made up to exhaust the memory; do not trust it.");
      }
    }
    for (String name : List.of(CONFIG, WEIGHTS)) {
      if (!members.containsKey(name)) {
        throw refuse(
            file,
            "a zip that Keras wrote, with " + name,
            "members",
            members.keySet(),
            "Use a .keras file of Keras 3, or of TensorFlow 2.12 or newer.");
      }
    }
  }

  /// A refusal as all of a file are.
  static IOException refuse(Object file, String expected, String name, Object value, String toDo) {
    return new IOException(
        file + ": expected " + expected + ", received " + name + "=" + value + ". " + toDo);
  }

  /// The bytes of a member that is there.
  MemorySegment bytes(String name) throws IOException {
    ZipEntry entry = members.get(name);
    long size = entry.getSize();
    if (!name.equals(WEIGHTS) && size > LONGEST_TEXT) {
      throw refuse(
          file,
          name + " of at most " + LONGEST_TEXT + " bytes",
          "bytes",
          size,
          "The file is made up; do not trust it.");
    }
    CRC32 checksum = new CRC32();
    MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, size), 8);
    long at = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] chunk = new byte[1 << 16];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (count > size - at) {
          throw new IOException("more bytes than the " + size + " that it names");
        }
        checksum.update(chunk, 0, count);
        MemorySegment.copy(MemorySegment.ofArray(chunk), 0, bytes, at, count);
        at += count;
      }
      if (at < size || checksum.getValue() != entry.getCrc()) {
        throw new IOException("another checksum");
      }
    } catch (IOException | IllegalArgumentException problem) {
      throw refuse(
          file,
          name + " as it was written",
          "error",
          problem.getMessage(),
          "The file is truncated or damaged; use another copy.");
    }
    return bytes.asSlice(0, size);
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /// A member as text.
  String text(String name) throws IOException {
    byte[] bytes = bytes(name).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /// Writes texts and weights as Keras does, stored as they are. The same model gives the same
  /// bytes.
  static void write(OutputStream out, SequencedMap<String, String> texts, Hdf5Group weights)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      byte[] bytes = text.getValue().getBytes(StandardCharsets.UTF_8);
      member(zip, text.getKey(), stream -> stream.write(bytes));
    }
    member(zip, WEIGHTS, stream -> Hdf5Writer.write(weights, stream));
    zip.finish();
  }

  private static void member(ZipOutputStream zip, String name, WholeFile.Content content)
      throws IOException {
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    Count count = new Count(sum);
    content.write(count);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(DATE);
    entry.setSize(count.bytes);
    entry.setCrc(sum.getChecksum().getValue());
    zip.putNextEntry(entry);
    content.write(zip);
    zip.closeEntry();
  }

  /// A stream that counts.
  private static final class Count extends OutputStream {
    private final OutputStream out;
    private long bytes;

    Count(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int from, int length) throws IOException {
      out.write(b, from, length);
      bytes += length;
    }
  }
}
