package io.kalamos.onednn;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/// The folder that holds the unpacked native files of one platform.
///
/// A file is unpacked once, under a name of its own, and then renamed, so that a second process
/// sees either nothing or the whole file. A file of the wrong size is replaced.
record LibraryFolder(Path path, Platform platform) {

  /// The versioned folder for `platform` below the user's cache folder.
  static LibraryFolder in(Path cacheHome, Platform platform) {
    var folder = "onednn-".concat(Platform.VERSION).concat("-").concat(platform.name());
    return new LibraryFolder(cacheHome.resolve("kalamos").resolve(folder), platform);
  }

  /// The user's cache folder: XDG_CACHE_HOME or ~/.cache, and its equals on macOS and Windows.
  static Path cacheHome() {
    var home = Path.of(System.getProperty("user.home"));
    var os = System.getProperty("os.name");
    if (os.startsWith("Mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    if (os.startsWith("Windows")) {
      var local = System.getenv("LOCALAPPDATA");
      return local != null ? Path.of(local) : home.resolve("AppData").resolve("Local");
    }
    var xdg = System.getenv("XDG_CACHE_HOME");
    return xdg != null && xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache");
  }

  /// The native files in loading order, unpacked where they were missing.
  List<Path> unpacked() throws Unavailable {
    var paths = new ArrayList<Path>();
    for (var file : platform.files()) {
      var target = path.resolve(file.name());
      if (target.toFile().length() != file.bytes()) {
        unpack(file, target);
      }
      paths.add(target);
    }
    return paths;
  }

  private void unpack(Platform.LibraryFile file, Path target) throws Unavailable {
    try (var source = open(file)) {
      Files.createDirectories(path);
      var partial = Files.createTempFile(path, file.name(), ".part");
      try {
        long bytes = Files.copy(source, partial, StandardCopyOption.REPLACE_EXISTING);
        if (bytes != file.bytes()) {
          throw new Unavailable(
              "file " + file.name() + " of " + platform.jarName(),
              "expected " + file.bytes() + " bytes",
              "received bytes=" + bytes,
              "use exactly version " + Platform.VERSION + " of org.bytedeco:dnnl");
        }
        Files.move(
            partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new Unavailable(
          "cache folder " + path,
          "expected a folder to write " + file.name() + " (" + file.bytes() + " bytes) to",
          "received error=" + e.getClass().getSimpleName() + ": " + e.getMessage(),
          "make the folder writable, free disk space, or name another with XDG_CACHE_HOME");
    }
  }

  /// The file inside the carrier jar, from the class path or else from a jar of the module path.
  ///
  /// Nothing requires the carrier's module, so on the module path no class loader sees it.
  private InputStream open(Platform.LibraryFile file) throws IOException, Unavailable {
    var resource = platform.resourceFolder().concat(file.name());
    var loader = LibraryFolder.class.getClassLoader();
    var found = loader.getResourceAsStream(resource);
    if (found != null) {
      return found;
    }
    var modulePath = System.getProperty("jdk.module.path", "");
    for (var place : modulePath.split(File.pathSeparator)) {
      var jar = place.endsWith(platform.jarName()) ? new File(place) : jarIn(place);
      if (jar.isFile()) {
        return new JarEntryStream(new ZipFile(jar), resource);
      }
    }
    throw new Unavailable(
        "oneDNN for platform " + platform.name(),
        "expected " + platform.jarName() + " on the class path or the module path",
        "received module path=" + modulePath + ", class path without " + resource,
        "add org.bytedeco:dnnl:"
            + Platform.VERSION
            + " with classifier "
            + platform.name()
            + ", or build with -Dkalamos.platform="
            + platform.name());
  }

  private File jarIn(String folder) {
    return new File(folder, platform.jarName());
  }

  /// An entry that closes its jar.
  private static final class JarEntryStream extends java.io.FilterInputStream {
    private final ZipFile jar;

    JarEntryStream(ZipFile jar, String entry) throws IOException {
      super(jar.getInputStream(jar.getEntry(entry)));
      this.jar = jar;
    }

    @Override
    public void close() throws IOException {
      jar.close();
    }
  }
}
