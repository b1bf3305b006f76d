package io.kalamos.mnist.data;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.CRC32;

/// A folder of unpacked files, since unpacking 55 MB at each start takes longer than training an
/// epoch.
///
/// A file is written beside its place and renamed, so that two programs starting at once, or one
/// that is killed, leave no half file. Size and CRC-32 are checked at every use: a damaged file is
/// written anew. The folder's name carries a version, for the day when the contents change.
record FileCache(Path folder) {
  private static final String VERSION = "mnist-1";

  /// The user's cache: `$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on macOS,
  /// `%LOCALAPPDATA%` on Windows; in it `kalamos/mnist-1`.
  static FileCache ofUser() {
    return new FileCache(
        userFolder(System.getProperty("os.name"), System.getProperty("user.home"), System.getenv())
            .resolve("kalamos")
            .resolve(VERSION));
  }

  static Path userFolder(String os, String home, Map<String, String> environment) {
    if (os.startsWith("Windows")) {
      var local = environment.get("LOCALAPPDATA");
      return local == null ? Path.of(home, "AppData", "Local") : Path.of(local);
    }
    if (os.startsWith("Mac")) {
      return Path.of(home, "Library", "Caches");
    }
    var xdg = environment.get("XDG_CACHE_HOME");
    return xdg == null || !Path.of(xdg).isAbsolute() ? Path.of(home, ".cache") : Path.of(xdg);
  }

  /// The bytes of `file`, mapped; unpacked first where the folder has no right copy of it.
  MemorySegment map(MnistFile file) {
    var path = folder.resolve(file.fileName());
    try {
      if (Files.exists(path)) {
        var bytes = mapped(path);
        if (isRight(bytes, file)) {
          return bytes;
        }
      }
      unpack(file, path);
      return mapped(path);
    } catch (IOException _) {
      return inMemory(file);
    }
  }

  private static boolean isRight(MemorySegment bytes, MnistFile file) {
    if (bytes.byteSize() != file.bytes()) {
      return false;
    }
    var crc = new CRC32();
    crc.update(bytes.asByteBuffer());
    return crc.getValue() == file.crc32();
  }

  private static MemorySegment mapped(Path path) throws IOException {
    try (var channel = FileChannel.open(path, READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  private void unpack(MnistFile file, Path path) throws IOException {
    Files.createDirectories(folder);
    var beside = Files.createTempFile(folder, file.fileName(), ".part");
    try {
      try (var in = file.open()) {
        Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static MemorySegment inMemory(MnistFile file) {
    try (InputStream in = file.open()) {
      var bytes = Arena.ofAuto().allocate(file.bytes());
      bytes.copyFrom(MemorySegment.ofArray(in.readNBytes(file.bytes())));
      return bytes.asReadOnly();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
