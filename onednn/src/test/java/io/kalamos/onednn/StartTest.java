package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Fresh processes with an empty cache find the native files on the class path and on the module
/// path.
@EnabledOnOs(value = OS.LINUX, disabledReason = "the cache folder is named by XDG_CACHE_HOME")
class StartTest {
  @TempDir Path cache;

  private static final String NAME = Platform.named(Platform.here()).orElseThrow().jarName();

  private static Path carrier() throws IOException, URISyntaxException {
    var platform = Platform.named(Platform.here()).orElseThrow();
    var resource = platform.resourceFolder() + platform.files().getFirst().name();
    var url = Dnnl.class.getClassLoader().getResource(resource);
    return Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
  }

  private String run(String... options) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(options));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().put("XDG_CACHE_HOME", cache.toString());
    var running = process.start();
    var output = new String(running.getInputStream().readAllBytes());
    assertEquals(0, running.waitFor(), output);
    return output;
  }

  private static Path classes() {
    return Path.of("target", "classes").toAbsolutePath();
  }

  private static Path testClasses() {
    return Path.of("target", "test-classes").toAbsolutePath();
  }

  @Test
  void onTheClassPath() throws Exception {
    var path = classes() + File.pathSeparator + testClasses() + File.pathSeparator + carrier();
    var output = run("--enable-native-access=ALL-UNNAMED", "-cp", path, "io.kalamos.onednn.Start");
    assertTrue(output.startsWith("ok 64.0, module null, load "), output);
    var folder = cache.resolve("kalamos").resolve("onednn-3.11-1.5.13-" + Platform.here());
    assertEquals(2, folder.toFile().list().length);
  }

  @Test
  void onTheModulePathFromAFolderOfJars() throws Exception {
    var app = Files.createDirectory(cache.resolve("app"));
    Files.copy(carrier(), app.resolve(NAME));
    var modules = System.getProperty("jdk.module.path", classes().toString());
    var output =
        run(
            "--enable-native-access=io.kalamos.onednn",
            "-p",
            modules + File.pathSeparator + app,
            "--patch-module",
            "io.kalamos.onednn=" + testClasses(),
            "-m",
            "io.kalamos.onednn/io.kalamos.onednn.Start");
    assertTrue(output.startsWith("ok 64.0, module io.kalamos.onednn, load "), output);
  }

  @Test
  void withoutAccessToNativeCode() throws Exception {
    var path = classes() + File.pathSeparator + testClasses() + File.pathSeparator + carrier();
    var output = run("--illegal-native-access=deny", "-cp", path, "io.kalamos.onednn.Start");
    assertTrue(
        output.startsWith(
            "missing: module io.kalamos.onednn: expected access to native code, received error="),
        output);
    assertTrue(
        output
            .strip()
            .endsWith(
                "; start Java with --enable-native-access=io.kalamos.onednn (or =ALL-UNNAMED on the"
                    + " class path)."),
        output);
  }
}
