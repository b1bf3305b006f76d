package io.kalamos.datasets;

import io.kalamos.testkit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;

/// The files that NumPy wrote (`testkit/golden/arrays.py`), and wrong ones made here.
final class NpyFiles {
  private NpyFiles() {}

  static byte[] resource(String name) {
    try (var in = NpyFiles.class.getResourceAsStream("arrays/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The whole `.npy` files by name.
  static Map<String, byte[]> all() {
    var files = new LinkedHashMap<String, byte[]>();
    try (var zip = new ZipInputStream(NpyFiles.class.getResourceAsStream("arrays/files.zip"))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName().replace(".npy", ""), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Collections.unmodifiableMap(files);
  }

  /// What is in those that hold numbers: name, dtype, shape, values.
  static List<Json> known() {
    return Json.parse(new String(resource("values.json"), StandardCharsets.UTF_8)).items();
  }

  /// A file of version 1.0 with this header and these elements.
  static byte[] npy(String header, int... bytes) {
    var text = header.getBytes(StandardCharsets.ISO_8859_1);
    var file =
        ByteBuffer.allocate(10 + text.length + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
            .putShort((short) text.length)
            .put(text);
    for (int b : bytes) {
      file.put((byte) b);
    }
    return file.array();
  }

  static String header(String descr, String shape) {
    return "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
  }
}
