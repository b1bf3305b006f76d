package io.kalamos.onednn;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A platform oneDNN is carried for, with its native files in the order in which they are loaded.
///
/// Names are the classifiers of the carrier artifact. The byte counts let a start check an unpacked
/// file without opening the jar; a test compares them with the jar.
record Platform(String name, List<LibraryFile> files) {
  /// One native file: its name inside the jar and its exact size.
  record LibraryFile(String name, long bytes) {}

  /// The version of the carrier artifact that the table below describes.
  static final String VERSION = "3.11-1.5.13";

  private static final List<Platform> ALL =
      List.of(
          of("linux-x86_64", "libgomp.so.1", 298_776, "libdnnl.so.3", 89_662_848),
          of("linux-arm64", "libgomp.so.1", 277_896, "libdnnl.so.3", 60_692_064),
          of("macosx-arm64", "libomp.dylib", 743_200, "libdnnl.3.dylib", 22_748_016),
          of("macosx-x86_64", "libiomp5.dylib", 711_824, "libdnnl.3.dylib", 62_061_704),
          new Platform("windows-x86_64", List.of(new LibraryFile("dnnl.dll", 47_472_640))));

  private static Platform of(String name, String openMp, long bytes, String dnnl, long dnnlBytes) {
    return new Platform(
        name, List.of(new LibraryFile(openMp, bytes), new LibraryFile(dnnl, dnnlBytes)));
  }

  /// The platform with this classifier, if oneDNN is carried for it.
  static Optional<Platform> named(String name) {
    for (var platform : ALL) {
      if (platform.name.equals(name)) {
        return Optional.of(platform);
      }
    }
    return Optional.empty();
  }

  /// All classifiers, for messages.
  static String names() {
    return ALL.stream().map(Platform::name).collect(Collectors.joining(", "));
  }

  /// The classifier of the machine this runs on, carried or not.
  static String here() {
    return nameOf(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static String nameOf(String osName, String osArch) {
    var os = osName.toLowerCase(Locale.ROOT);
    var system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os;
    var arch = osArch.equals("amd64") ? "x86_64" : osArch.equals("aarch64") ? "arm64" : osArch;
    return system.concat("-").concat(arch);
  }

  /// The folder of the files inside the carrier jar.
  String resourceFolder() {
    return "org/bytedeco/dnnl/".concat(name).concat("/");
  }

  /// The file name of the carrier jar.
  String jarName() {
    return "dnnl-".concat(VERSION).concat("-").concat(name).concat(".jar");
  }
}
