package io.kalamos.mnist.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MnistFileTest {
  private static final ValueLayout.OfInt BIG_ENDIAN =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

  @ParameterizedTest
  @CsvSource({
    "TRAIN_IMAGES, 6bbc9ace898e44ae57da46a324031adb, 0x803, 60000",
    "TRAIN_LABELS, a25bea736e30d166cdddb491f175f624, 0x801, 60000",
    "TEST_IMAGES,  2646ac647ad5339dbf082846283269ea, 0x803, 10000",
    "TEST_LABELS,  27ae3e4e09519cfbb04c329615203637, 0x801, 10000",
  })
  void theFilesAreTheOriginals(MnistFile file, String md5, String magic, int count)
      throws Exception {
    try (var in = file.open()) {
      var bytes = in.readAllBytes();
      assertEquals(md5, md5(bytes));
      assertEquals(file.bytes(), bytes.length);
      assertEquals(Integer.decode(magic), MemorySegment.ofArray(bytes).get(BIG_ENDIAN, 0));
      assertEquals(count, MemorySegment.ofArray(bytes).get(BIG_ENDIAN, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void unpacksOnceAndMaps(MnistFile file, @TempDir Path folder) throws Exception {
    var cache = new FileCache(folder.resolve("new"));
    var expected = md5(all(file));
    assertEquals(expected, md5(cache.map(file)));
    var path = cache.folder().resolve(file.fileName());
    var written = Files.getLastModifiedTime(path);
    var again = cache.map(file);
    assertEquals(expected, md5(again));
    assertTrue(again.isMapped() && again.isReadOnly());
    assertEquals(written, Files.getLastModifiedTime(path));
    try (var files = Files.list(cache.folder())) {
      assertEquals(1, files.count(), "no part file stays");
    }
  }

  @Test
  void repairsADamagedCopy(@TempDir Path folder) throws Exception {
    var cache = new FileCache(folder);
    var path = folder.resolve(MnistFile.TEST_LABELS.fileName());
    var bytes = all(MnistFile.TEST_LABELS);
    bytes[5000]++;
    Files.write(path, bytes);
    assertEquals("27ae3e4e09519cfbb04c329615203637", md5(cache.map(MnistFile.TEST_LABELS)));
    Files.write(path, new byte[] {1, 2, 3});
    assertEquals("27ae3e4e09519cfbb04c329615203637", md5(cache.map(MnistFile.TEST_LABELS)));
    Files.write(path, new byte[0]);
    assertEquals("27ae3e4e09519cfbb04c329615203637", md5(cache.map(MnistFile.TEST_LABELS)));
  }

  @Test
  void keepsThemInMemoryWhereNothingCanBeWritten(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("a file, not a folder"), "");
    var bytes = new FileCache(file).map(MnistFile.TEST_LABELS);
    assertEquals("27ae3e4e09519cfbb04c329615203637", md5(bytes));
    assertTrue(bytes.isNative() && !bytes.isMapped());
    assertThrows(
        IllegalArgumentException.class, () -> bytes.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
  }

  @Test
  void usesTheCacheFolderOfEachSystem() {
    assertEquals(Path.of("/h/.cache"), FileCache.userFolder("Linux", "/h", Map.of()));
    assertEquals(
        Path.of("/c"), FileCache.userFolder("Linux", "/h", Map.of("XDG_CACHE_HOME", "/c")));
    assertEquals(
        Path.of("/h/.cache"), FileCache.userFolder("Linux", "/h", Map.of("XDG_CACHE_HOME", "")));
    assertEquals(Path.of("/h/Library/Caches"), FileCache.userFolder("Mac OS X", "/h", Map.of()));
    assertEquals(
        Path.of("/l"), FileCache.userFolder("Windows 11", "/h", Map.of("LOCALAPPDATA", "/l")));
  }

  private static byte[] all(MnistFile file) throws IOException {
    try (var in = file.open()) {
      return in.readAllBytes();
    }
  }

  private static String md5(MemorySegment bytes) throws Exception {
    var digest = MessageDigest.getInstance("MD5");
    digest.update(bytes.asByteBuffer());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String md5(byte[] bytes) throws Exception {
    return md5(MemorySegment.ofArray(bytes));
  }
}
