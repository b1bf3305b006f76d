package io.kalamos.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;

/// Settings of the OpenMP runtime, which reads them once, when it is loaded.
///
/// Parallelism is ours: each Java thread runs its own sequential primitives on its share of the
/// batch, which is measured to be up to twice as fast as threads inside each primitive.
final class OpenMp {
  private OpenMp() {}

  /// Makes every thread of the process run primitives without helpers; to be called before loading.
  static void sequential() {
    set("OMP_NUM_THREADS", "1");
    set("OMP_DYNAMIC", "false");
  }

  @SuppressWarnings("restricted")
  private static void set(String name, String value) {
    var setenv = Linker.nativeLinker().defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return; // Windows has none: there the variables must be set before Java starts
    }
    try (var arena = Arena.ofConfined()) {
      var nameText = arena.allocateFrom(name);
      var valueText = arena.allocateFrom(value);
      var status = (int) Dnnl.call(setenv.get(), nameText.address(), valueText.address(), 1);
      if (status != 0) {
        throw new IllegalStateException(
            "setenv "
                + name
                + ": expected status=0, received status="
                + status
                + "; set "
                + name
                + "="
                + value
                + " before starting Java.");
      }
    }
  }
}
