package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The shell scripts `kalamos` and `build`, copied into a folder with a JDK and a Maven of straw:
/// the java prints its arguments, the build makes an empty jar.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final String FIRST_USE = "Building Kalamos (first use)...\n";

  @TempDir Path folder;

  private Path root;
  private Path app;
  private Path jdk;

  record Run(int code, String out, String err) {}

  @BeforeEach
  void copyTheScripts() throws IOException {
    root = Files.createDirectories(folder.resolve("a root")).toRealPath();
    app = root.resolve("cli/target/app");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("cli/src/main"));
    for (var name : List.of("kalamos", "bin/find-jdk.sh", "bin/build-app.sh")) {
      Files.copy(REPOSITORY.resolve(name), root.resolve(name));
    }
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve("cli/pom.xml"), "");
    script(
        root.resolve("build"),
        """
        echo "$@" >>"${0%/*}/builds"
        mkdir -p "${0%/*}/cli/target/app"
        : >"${0%/*}/cli/target/app/kalamos.jar"
        """);
    script(folder.resolve("tools/mvn"), "echo mvn \"$@\"");
    jdk = folder.resolve("jdk");
    jdk("25.0.9");
  }

  private void jdk(String version) throws IOException {
    script(
        jdk.resolve("bin/java"),
        """
        for argument; do
          case $argument in
            -XX:AOTCacheOutput=*)
              echo "$@" >>"$RECORDS"
              echo cache >"${argument#*=}"
              exit ;;
          esac
        done
        printf '[%s]' "$@"
        exit 7
        """);
    script(jdk.resolve("bin/javac"), "");
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
  }

  @Test
  void buildsAndRecordsOnFirstUseOnly() throws Exception {
    var first = kalamos("bench", "two  words", "*", "");
    assertEquals(FIRST_USE, first.err());
    assertEquals(7, first.code());
    assertTrue(
        first.out().endsWith("[-m][io.kalamos.cli/io.kalamos.cli.Main][bench][two  words][*][]"),
        first.out());
    assertTrue(first.out().startsWith("[-XX:AOTCache=" + app.resolve("jdk-25.0.9.aot") + "]"));
    assertEquals(new Run(7, first.out(), ""), kalamos("bench", "two  words", "*", ""));
    assertEquals(
        List.of("-q -pl cli -am -Dmaven.test.skip=true package"), lines(root.resolve("builds")));
    assertEquals(1, lines(folder.resolve("records")).size());
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    kalamos();
    var later = FileTime.from(Instant.now().plusSeconds(5));
    var source = Files.writeString(root.resolve("cli/src/main/Main.java"), "");
    Files.setLastModifiedTime(source, later);
    assertEquals("Building Kalamos (a source has changed)...\n", kalamos().err());
  }

  @Test
  void recordsAgainWhenAJarIsNewerOrTheJdkIsAnother() throws Exception {
    kalamos();
    var preparing = "Preparing Kalamos to start fast (once after a build)...\n";
    jdk("26");
    assertEquals(preparing, kalamos().err());
    var past = FileTime.from(Instant.now().minusSeconds(5));
    Files.setLastModifiedTime(app.resolve("jdk-26.aot"), past);
    assertEquals(preparing, kalamos().err());
    assertEquals("", kalamos().err());
  }

  @Test
  void handsJavaOptionsToTheJvm() throws Exception {
    var run = kalamos("--java-option=-Xmx1g", "--java-option=-Da=b c", "fit", "--java-option=x");
    assertTrue(run.out().contains("[-Xmx1g][-Da=b c][-p]"), run.out());
    assertTrue(run.out().endsWith("[fit][--java-option=x]"), run.out());
  }

  @Test
  void runsThroughALinkFromAnywhere() throws Exception {
    var link = Files.createSymbolicLink(folder.resolve("k"), root.resolve("kalamos"));
    assertEquals(7, run(Map.of(), link.toString()).code());
    assertTrue(Files.exists(app));
  }

  @Test
  void showsTheEndOfTheLogWhenTheBuildFails() throws Exception {
    script(root.resolve("build"), "echo '[ERROR] something is wrong'; exit 1");
    var log = root.resolve("cli/target/build.log");
    var expected =
        FIRST_USE
            + """
            kalamos: the build failed
              where       %s
              expected    ./build -pl cli -am package to succeed
              received    exit code 1; the end of %s:
                          [ERROR] something is wrong
              to do       read the whole log; ./build verify runs the tests as well
            """
                .formatted(root, log);
    assertEquals(new Run(1, "", expected), kalamos());
    assertEquals(new Run(1, "", expected), kalamos(), "it tries again");
  }

  @Test
  void waitsForABuildThatRunsButNotForOneThatDied() throws Exception {
    Files.createDirectories(app);
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createSymbolicLink(
        root.resolve("cli/target/app.built.lock"), Path.of(Long.toString(dead.pid())));
    script(root.resolve("build"), "sleep 0.5\n" + Files.readString(root.resolve("build")));
    var one = process(Map.of(), root.resolve("kalamos").toString());
    var two = process(Map.of(), root.resolve("kalamos").toString());
    assertEquals(7, one.waitFor());
    assertEquals(7, two.waitFor());
    assertEquals(1, lines(root.resolve("builds")).size());
    assertFalse(Files.isSymbolicLink(root.resolve("cli/target/app.built.lock")));
  }

  @Test
  void explainsThatThereIsNoMaven() throws Exception {
    Files.delete(folder.resolve("tools/mvn"));
    Files.copy(REPOSITORY.resolve("build"), root.resolve("the build"));
    for (var tool : List.of("cat", "find", "dirname", "readlink")) {
      script(folder.resolve("tools").resolve(tool), "exec " + which(tool) + " \"$@\"");
    }
    var path = folder.resolve("tools").toString();
    var expected =
        """
        %s
          looked in   PATH
          expected    the command mvn, version 3.8 or newer
          received    PATH=%s
          to do       install Maven and put its folder bin on the PATH
        """;
    assertEquals(
        new Run(1, "", expected.formatted("kalamos: no Maven to build the app with", path)),
        run(Map.of("PATH", path), root.resolve("kalamos").toString()));
    assertEquals(
        new Run(1, "", expected.formatted("build: no Maven", path)),
        run(Map.of("PATH", path), root.resolve("the build").toString()));
  }

  @Test
  void runsMavenWithTheJdkFound() throws Exception {
    var build = Files.copy(REPOSITORY.resolve("build"), root.resolve("the build")).toString();
    assertEquals("mvn -B -ntp -Dstyle.color=never verify\n", run(Map.of(), build).out());
    assertEquals(
        "mvn -B -ntp -Dstyle.color=never -q spotless:apply\n",
        run(Map.of(), build, "format").out());
  }

  @Test
  void explainsThatThereIsNoJdk() throws Exception {
    var run =
        run(
            Map.of("PATH", "/nowhere", "HOME", folder.toString()),
            "/bin/sh",
            "-c",
            ". '"
                + root
                + "/bin/find-jdk.sh'; jdk_wanted=9999; cat() { while IFS= read -r l; do"
                + " echo \"$l\"; done; }; find_jdk kalamos");
    assertEquals(1, run.code());
    var lines = run.err().lines().toList();
    assertEquals("kalamos: no JDK 9999 or newer", lines.get(0));
    assertEquals(
        "  looked in   JAVA_HOME, PATH, /usr/lib/jvm, /usr/java, /usr/local, /opt,"
            + " ~/.sdkman/candidates/java,",
        lines.get(1));
    assertEquals(
        "              ~/.jdks, /Library/Java/JavaVirtualMachines, Homebrew, ~/.m2/toolchains.xml",
        lines.get(2));
    assertEquals(
        "  expected    a folder with bin/java, bin/javac and a file `release` with JAVA_VERSION 9999"
            + " or newer",
        lines.get(3));
    assertEquals("  received    JAVA_HOME=" + jdk, lines.get(4));
    assertEquals("              " + jdk + " (25.0.9)", lines.get(5));
    assertEquals(
        "  to do       install a JDK 9999 of any vendor and set JAVA_HOME to its folder",
        lines.getLast());
  }

  @Test
  void findsTheJdkOfTheToolchainsAndPassesOverOthers() throws Exception {
    var other = Files.move(jdk, folder.resolve("other"));
    jdk("17.0.1");
    Files.writeString(other.resolve("release"), "JAVA_VERSION=\"9999\"\n");
    Files.createDirectories(folder.resolve(".m2"));
    Files.writeString(
        folder.resolve(".m2/toolchains.xml"),
        """
        <jdkHome>%s</jdkHome>
          <jdkHome>%s</jdkHome>
        """
            .formatted(jdk, other));
    var run =
        run(
            Map.of("HOME", folder.toString()),
            "/bin/sh",
            "-c",
            ". '"
                + root
                + "/bin/find-jdk.sh'; jdk_wanted=9999; find_jdk x && echo $JDK"
                + " $JDK_VERSION");
    assertEquals(new Run(0, other + " 9999\n", ""), run);
  }

  private Run kalamos(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(arguments));
    command.addFirst(root.resolve("kalamos").toString());
    return run(Map.of(), command.toArray(String[]::new));
  }

  private Run run(Map<String, String> environment, String... command) throws Exception {
    var process = process(environment, command);
    try (var out = process.inputReader();
        var err = process.errorReader()) {
      return new Run(process.waitFor(), out.readAllAsString(), err.readAllAsString());
    }
  }

  private Process process(Map<String, String> environment, String... command) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", folder.resolve("tools") + ":" + System.getenv("PATH"));
    builder.environment().put("RECORDS", folder.resolve("records").toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Path which(String tool) {
    return List.of("/bin", "/usr/bin").stream()
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
