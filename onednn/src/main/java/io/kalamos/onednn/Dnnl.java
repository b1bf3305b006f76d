package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The loaded library: its functions, its engine, its version.
///
/// Functions are called by name through one shape of thirteen 64-bit integers: the supported
/// calling conventions let a caller pass more arguments than the callee reads, and widen small
/// integers. One shape means one generated call stub, and each stub costs milliseconds at start.
/// Only functions with float parameters (see `FloatCalls`) and the hot one (see `Execution`) have
/// shapes of their own.
final class Dnnl {
  private static final int WIDTH = 13;

  private final List<SymbolLookup> libraries;
  private final Map<String, MemorySegment> functions = new ConcurrentHashMap<>();
  private final long engine;

  private Dnnl(List<SymbolLookup> libraries) {
    this.libraries = libraries;
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      check("cpu", "dnnl_engine_create", out.address(), 1, 0);
      engine = out.get(JAVA_LONG, 0);
    }
  }

  /// The library of this process, loaded on first use, or the reason why there is none.
  static Availability availability() {
    return Shared.AVAILABILITY;
  }

  private static final class Wide {
    static final MethodHandle CALL = stub(longs(WIDTH));
  }

  private static final class Shared {
    static final Availability AVAILABILITY = load(Platform.here(), LibraryFolder.cacheHome());
  }

  /// Loads the library for a platform name out of a cache folder.
  @SuppressWarnings("restricted")
  static Availability load(String platformName, Path cacheHome) {
    try {
      MemorySegment.NULL.reinterpret(0); // asks for native access before any class relies on it
      var platform = Platform.named(platformName);
      if (platform.isEmpty()) {
        throw new Unavailable(
            "oneDNN for platform " + platformName,
            "expected one of " + Platform.names(),
            "received platform=" + platformName,
            "use the Java backend");
      }
      return new Availability.Loaded(open(LibraryFolder.in(cacheHome, platform.get()).unpacked()));
    } catch (Unavailable e) {
      return new Availability.Missing(e.getMessage());
    } catch (IllegalCallerException e) {
      return new Availability.Missing(
          "module io.kalamos.onednn: expected access to native code, received error="
              + e.getMessage()
              + "; start Java with --enable-native-access=io.kalamos.onednn (or =ALL-UNNAMED on the"
              + " class path).");
    }
  }

  @SuppressWarnings("restricted")
  private static Dnnl open(List<Path> files) throws Unavailable {
    OpenMp.sequential();
    var libraries = new ArrayList<SymbolLookup>();
    for (var file : files) {
      try {
        libraries.addFirst(SymbolLookup.libraryLookup(file, Arena.global()));
      } catch (IllegalArgumentException e) {
        throw new Unavailable(
            "native library " + file,
            "expected a library of this platform",
            "received error=" + loadingError(file),
            "delete the folder " + file.getParent() + " so that it is unpacked again");
      }
    }
    return new Dnnl(libraries);
  }

  /// The system's own words on why a library does not load, which a lookup does not pass on.
  @SuppressWarnings("restricted")
  private static String loadingError(Path file) {
    try {
      System.load(file.toString());
      return "unknown";
    } catch (UnsatisfiedLinkError e) {
      return e.getMessage();
    }
  }

  /// The process-wide CPU engine.
  long engine() {
    return engine;
  }

  /// A function's address; an unknown name is a programming error.
  MemorySegment function(String name) {
    var known = functions.get(name);
    if (known != null) {
      return known;
    }
    for (var library : libraries) {
      var found = library.find(name);
      if (found.isPresent()) {
        functions.put(name, found.get());
        return found.get();
      }
    }
    throw new IllegalStateException(
        "oneDNN "
            + Platform.VERSION
            + ": expected a function, received name="
            + name
            + "; use a name of its C header.");
  }

  /// Calls a function with up to thirteen integers or addresses; an `int` result is in the low
  /// half.
  long call(String name, long... arguments) {
    return call(function(name), arguments);
  }

  /// Calls any C function of integers and addresses.
  static long call(MemorySegment function, long... arguments) {
    var a = Arrays.copyOf(arguments, WIDTH);
    try {
      return (long)
          Wide.CALL.invokeExact(
              function, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11],
              a[12]);
    } catch (Throwable e) {
      throw new AssertionError("a call stub throws nothing", e);
    }
  }

  /// The same without arguments, and without an object made.
  static long call(MemorySegment function) {
    try {
      return (long)
          Wide.CALL.invokeExact(function, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw new AssertionError("a call stub throws nothing", e);
    }
  }

  /// Calls a function that answers with a status; `subject` is named if it fails.
  void check(Object subject, String name, long... arguments) {
    check(subject, name, (int) call(name, arguments));
  }

  static void check(Object subject, String name, int status) {
    if (status != 0) {
      throw new DnnlException(name, subject, status);
    }
  }

  /// The library's own version, such as `3.11.0`.
  @SuppressWarnings("restricted")
  String version() {
    var parts = MemorySegment.ofAddress(call("dnnl_version")).reinterpret(3 * 4);
    return parts.get(JAVA_INT, 0) + "." + parts.get(JAVA_INT, 4) + "." + parts.get(JAVA_INT, 8);
  }

  /// The instruction set the library generates code for on this machine.
  Isa isa() {
    return new Isa((int) call("dnnl_get_effective_cpu_isa"));
  }

  /// A call stub that takes the function's address as its first argument.
  @SuppressWarnings("restricted")
  static MethodHandle stub(FunctionDescriptor shape) {
    return Linker.nativeLinker().downcallHandle(shape);
  }

  private static FunctionDescriptor longs(int count) {
    var parameters = new MemoryLayout[count];
    Arrays.fill(parameters, JAVA_LONG);
    return FunctionDescriptor.of(JAVA_LONG, parameters);
  }
}
