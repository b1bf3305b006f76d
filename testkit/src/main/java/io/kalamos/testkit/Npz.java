package io.kalamos.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Reads `.npz` files: zips of `.npy` arrays, as `numpy.savez` and `numpy.savez_compressed` write
/// them.
public final class Npz {
  private static final int MOST_BYTES = 256 << 20;

  private Npz() {}

  /// All arrays by name, in the order of the file; at most 256 MiB of them.
  public static Map<String, Npy> read(InputStream file) throws IOException {
    var arrays = new LinkedHashMap<String, Npy>();
    var left = MOST_BYTES;
    try (var zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw bad("entries called NAME.npy", "entry=" + name);
        }
        var bytes = zip.readNBytes(left + 1);
        if (bytes.length > left) {
          throw bad("at most " + MOST_BYTES + " bytes of arrays", "more at entry=" + name);
        }
        left -= bytes.length;
        var key = name.substring(0, name.length() - ".npy".length());
        if (arrays.put(key, Npy.read(name, bytes)) != null) {
          throw bad("each name once", "entry=" + name + " twice");
        }
      }
    }
    if (arrays.isEmpty()) {
      throw bad("a zip with arrays", "none");
    }
    return Collections.unmodifiableMap(arrays);
  }

  private static IllegalArgumentException bad(String expected, String received) {
    return new IllegalArgumentException(
        "npz: expected "
            + expected
            + ", received "
            + received
            + ". Write the file again with numpy.savez.");
  }
}
