package io.kalamos.cli;

import java.nio.file.Path;

/// Where unpacked data and libraries lie: `kalamos` in the user's cache folder.
final class CacheFolder {
  private CacheFolder() {}

  static Path ofUser() {
    var os = System.getProperty("os.name");
    var home = Path.of(System.getProperty("user.home"));
    if (os.startsWith("Windows")) {
      var local = System.getenv("LOCALAPPDATA");
      return (local == null ? home.resolve("AppData", "Local") : Path.of(local)).resolve("kalamos");
    }
    if (os.startsWith("Mac")) {
      return home.resolve("Library", "Caches", "kalamos");
    }
    var xdg = System.getenv("XDG_CACHE_HOME");
    return (xdg == null || !Path.of(xdg).isAbsolute() ? home.resolve(".cache") : Path.of(xdg))
        .resolve("kalamos");
  }
}
