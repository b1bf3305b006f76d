package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A machine without a font, made by a JVM that is told to look for them in an empty folder.
@EnabledOnOs(OS.LINUX)
class FontlessTest {
  /// Draws a chart and images without words; says what became of it.
  static final class Program {
    public static void main(String[] arguments) {
      var history = new LinkedHashMap<String, List<Double>>();
      history.put("loss", List.of(0.5, 0.4));
      attempt(() -> Plots.learningCurves(history).save(arguments[0] + "/curves.png"));
      attempt(() -> Plots.confusionMatrix(Tensor.of(new int[2], 2), Tensor.of(new int[2], 2)));
      attempt(
          () ->
              Plots.images(Tensor.of(new float[] {0, 1, 1, 0}, 1, 2, 2), List.of())
                  .save(arguments[0] + "/images.png"));
      attempt(() -> LiveCurves.to(arguments[0] + "/live.png"));
    }

    private static void attempt(Runnable drawing) {
      try {
        drawing.run();
        IO.println("drawn");
      } catch (IllegalStateException e) {
        IO.println(e.getMessage());
      }
    }
  }

  @TempDir Path folder;

  @Test
  void saysWhichFontToInstall() throws IOException, InterruptedException {
    var fonts =
        Files.writeString(
            folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    var classes =
        Stream.of(
                "target/test-classes",
                "target/classes",
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path", ""))
            .filter(path -> !path.isEmpty())
            .toList();
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Dsun.java2d.fontpath=" + folder.resolve("none"),
                "-Duser.home=" + folder, // where Java remembers fonts
                "-cp",
                String.join(System.getProperty("path.separator"), classes),
                Program.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    builder.environment().put("FONTCONFIG_FILE", fonts.toString());
    int code = builder.start().waitFor();
    var toDo =
        ": expected at least one font to write labels with, received fonts=none. Install one, on"
            + " Debian and Ubuntu with apt-get install fontconfig fonts-dejavu-core.\n";
    assertEquals(
        "Picture.save" + toDo + "Plots.confusionMatrix" + toDo + "drawn\ndrawn\n",
        Files.readString(folder.resolve("out")));
    assertEquals(0, code);
  }
}
