package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kalamos.engine.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FontCharactersTest {
  /// Asks for digits where no font is.
  static final class Program {
    public static void main(String[] arguments) {
      IO.println(FontCharacters.installedFonts());
      try {
        FontCharacters.digits();
      } catch (IllegalStateException e) {
        IO.println(e.getMessage());
      }
    }
  }

  @TempDir Path folder;

  @Test
  void digitsLookLikeMnist() {
    assumeFalse(FontCharacters.installedFonts().isEmpty(), "no font is installed");
    var digits = FontCharacters.digits();
    var images = digits.samples().images();
    int count = digits.samples().count();
    assertEquals(Shape.of(count, 28, 28), images.shape());
    assertEquals(count, digits.fonts().size());
    assertEquals("7", digits.characters().get((int) digits.samples().labels().get(7)));
    for (int i = 0; i < count; i++) {
      double mass = 0;
      double brightest = 0;
      double x = 0;
      double y = 0;
      int left = 28;
      int right = 0;
      int top = 28;
      int bottom = 0;
      for (int p = 0; p < 784; p++) {
        double grey = images.get(784L * i + p);
        mass += grey;
        brightest = Math.max(brightest, grey);
        x += grey * (p % 28 + 0.5);
        y += grey * (p / 28 + 0.5);
        if (grey > 0) { // a hairline never fills a pixel
          left = Math.min(left, p % 28);
          right = Math.max(right, p % 28 + 1);
          top = Math.min(top, p / 28);
          bottom = Math.max(bottom, p / 28 + 1);
        }
      }
      assertEquals(20, Math.max(right - left, bottom - top), 1, "the box of image " + i);
      // Strokes thinner than a pixel weigh more or less by where they lie on the raster.
      double tolerance = brightest > 200 ? 0.25 : 1.5;
      assertEquals(14, x / mass, tolerance, "the middle of image " + i);
      assertEquals(14, y / mass, tolerance, "the middle of image " + i);
    }
  }

  @Test
  void someFontsAndOtherCharacters() {
    var installed = FontCharacters.installedFonts();
    assumeFalse(installed.isEmpty(), "no font is installed");
    var font = FontCharacters.of("A").fonts().getFirst();
    var letters = FontCharacters.of("BA", List.of(font));
    assertEquals(2, letters.samples().count());
    assertEquals(List.of("B", "A"), letters.characters());
    assertEquals(List.of(font, font), letters.fonts());
    assertEquals(1, letters.samples().labels().get(1));
    assertEquals(
        "FontCharacters: expected installed fonts that have 7, received font=None Such. Choose among"
            + " FontCharacters.installedFonts().",
        assertThrows(
                IllegalArgumentException.class, () -> FontCharacters.of("7", List.of("None Such")))
            .getMessage());
    assertEquals(
        "FontCharacters: expected one font or more, received fonts=[]. Leave them out for all.",
        assertThrows(IllegalArgumentException.class, () -> FontCharacters.of("7", List.of()))
            .getMessage());
    var unassigned = Character.toString(0x10FFFD);
    assertEquals(
        "FontCharacters: expected a font that has "
            + unassigned
            + ", received fonts="
            + installed.size()
            + ". Install one, on Debian and Ubuntu with apt-get install fontconfig"
            + " fonts-dejavu-core.",
        assertThrows(IllegalStateException.class, () -> FontCharacters.of(unassigned))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1 2", "11"})
  void charactersMustBeSeen(String characters) {
    assertEquals(
        "FontCharacters: expected characters that can be seen, each once, received characters=\""
            + characters
            + "\". Such as \"0123456789\".",
        assertThrows(IllegalArgumentException.class, () -> FontCharacters.of(characters))
            .getMessage());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutAnyFontItSaysWhatToInstall() throws IOException, InterruptedException {
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
                Program.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    builder.environment().put("FONTCONFIG_FILE", fonts.toString());
    builder.start().waitFor();
    assertEquals(
        "[]\nFontCharacters: expected a font that has 0123456789, received fonts=0. Install one, on"
            + " Debian and Ubuntu with apt-get install fontconfig fonts-dejavu-core.\n",
        Files.readString(folder.resolve("out")));
  }
}
