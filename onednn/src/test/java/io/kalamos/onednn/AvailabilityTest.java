package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.onednn.Platform.LibraryFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The ways in which oneDNN can be missing, each with the words the user reads.
class AvailabilityTest {
  @TempDir Path cache;

  private static final Platform HERE = Platform.named(Platform.here()).orElseThrow();
  private static final LibraryFile SMALL = HERE.files().getFirst();

  private String reason(String platform) {
    return switch (Dnnl.load(platform, cache)) {
      case Availability.Loaded _ -> throw new AssertionError("loaded");
      case Availability.Missing(var reason) -> reason;
    };
  }

  @Test
  void unknownPlatform() {
    assertEquals(
        "oneDNN for platform plan9-mips: expected one of linux-x86_64, linux-arm64, macosx-arm64,"
            + " macosx-x86_64, windows-x86_64, received platform=plan9-mips; use the Java backend.",
        reason("plan9-mips"));
  }

  @Test
  void carrierOfThePlatformIsNotThere() {
    var other = HERE.name().equals("linux-arm64") ? "macosx-arm64" : "linux-arm64";
    var reason = reason(other);
    assertTrue(
        reason.startsWith(
            "oneDNN for platform "
                + other
                + ": expected dnnl-3.11-1.5.13-"
                + other
                + ".jar on the class path or the module path, received module path="),
        reason);
    assertTrue(
        reason.endsWith(
            "; add org.bytedeco:dnnl:3.11-1.5.13 with classifier "
                + other
                + ", or build with -Dkalamos.platform="
                + other
                + "."),
        reason);
  }

  @Test
  void cacheFolderCannotBeWritten() throws IOException {
    Files.writeString(cache.resolve("kalamos"), "a file where the folder should be");
    var folder = cache.resolve("kalamos").resolve("onednn-3.11-1.5.13-" + HERE.name());
    var reason = reason(HERE.name());
    assertTrue(
        reason.startsWith(
            "cache folder "
                + folder
                + ": expected a folder to write "
                + SMALL.name()
                + " ("
                + SMALL.bytes()
                + " bytes) to, received error=File"),
        reason);
    assertTrue(
        reason.endsWith(
            "; make the folder writable, free disk space, or name another with XDG_CACHE_HOME."),
        reason);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void libraryIsCorrupt() throws Exception {
    var folder = LibraryFolder.in(cache, HERE).path();
    Files.createDirectories(folder);
    new LibraryFolder(folder, new Platform(HERE.name(), List.of(SMALL))).unpacked();
    try (var small = new RandomAccessFile(folder.resolve(SMALL.name()).toFile(), "rw")) {
      small.seek(18); // the machine in an ELF header
      small.write(8);
    }
    var last = HERE.files().getLast();
    try (var large = new RandomAccessFile(folder.resolve(last.name()).toFile(), "rw")) {
      large.setLength(last.bytes());
    }
    var reason = reason(HERE.name());
    var path = folder.resolve(SMALL.name());
    assertTrue(
        reason.startsWith(
            "native library "
                + path
                + ": expected a library of this platform, received error="
                + path),
        reason);
    assertTrue(
        reason.endsWith("; delete the folder " + folder + " so that it is unpacked again."),
        reason);
  }

  @Test
  void truncatedFileIsReplacedAndGoodOneKept() throws Exception {
    var folder = new LibraryFolder(cache, new Platform(HERE.name(), List.of(SMALL)));
    var file = cache.resolve(SMALL.name());
    Files.writeString(file, "half");
    folder.unpacked();
    assertEquals(SMALL.bytes(), Files.size(file));
    var written = Files.getLastModifiedTime(file);
    folder.unpacked();
    assertEquals(written, Files.getLastModifiedTime(file));
  }

  @Test
  void carrierOfAnotherVersionIsRefused() {
    var wrong = new LibraryFile(SMALL.name(), 5);
    var folder = new LibraryFolder(cache, new Platform(HERE.name(), List.of(wrong)));
    var e = assertThrows(Unavailable.class, folder::unpacked);
    assertEquals(
        "file "
            + SMALL.name()
            + " of dnnl-3.11-1.5.13-"
            + HERE.name()
            + ".jar: expected 5 bytes, received bytes="
            + SMALL.bytes()
            + "; use exactly version 3.11-1.5.13 of org.bytedeco:dnnl.",
        e.getMessage());
    assertTrue(isEmpty(cache), "no partial file is left");
  }

  @Test
  void unpackingTwiceAtOnceIsSafe() throws Exception {
    var folder = new LibraryFolder(cache, new Platform(HERE.name(), List.of(SMALL)));
    Callable<List<Path>> work = folder::unpacked;
    try (var pool = Executors.newFixedThreadPool(8)) {
      for (var future : pool.invokeAll(java.util.Collections.nCopies(8, work))) {
        assertEquals(SMALL.bytes(), Files.size(future.get().getFirst()));
      }
    }
    try (var left = Files.list(cache)) {
      assertEquals(List.of(cache.resolve(SMALL.name())), left.toList());
    }
  }

  @Test
  void platformNamesAreTheClassifiersOfTheCarrier() {
    assertEquals("linux-x86_64", Platform.nameOf("Linux", "amd64"));
    assertEquals("linux-arm64", Platform.nameOf("Linux", "aarch64"));
    assertEquals("macosx-arm64", Platform.nameOf("Mac OS X", "aarch64"));
    assertEquals("macosx-x86_64", Platform.nameOf("Mac OS X", "x86_64"));
    assertEquals("windows-x86_64", Platform.nameOf("Windows 11", "amd64"));
  }

  private static boolean isEmpty(Path folder) {
    return folder.toFile().list().length == 0;
  }
}
