package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {
  @TempDir Path folder;

  static SequencedMap<String, List<Double>> history(int epochs) {
    var history = new LinkedHashMap<String, List<Double>>();
    history.put("loss", values(epochs, e -> 0.08 + 0.45 / e));
    history.put("accuracy", values(epochs, e -> 0.985 - 0.13 / e));
    history.put("val_loss", values(epochs, e -> 0.12 + 0.3 / e + 0.004 * Math.max(0, e - 9)));
    history.put("val_accuracy", values(epochs, e -> 0.972 - 0.06 / e));
    return history;
  }

  static List<Double> values(int epochs, IntToDoubleFunction value) {
    return IntStream.rangeClosed(1, epochs).mapToDouble(value).boxed().toList();
  }

  @Test
  void curvesAreDrawnAsPngAndSvg() throws Exception {
    var picture = Plots.learningCurves("mlp", history(20));
    picture.save(folder.resolve("new/curves.png"));
    picture.save(folder.resolve("new/curves.svg").toString());
    var png = ImageIO.read(folder.resolve("new/curves.png").toFile());
    assertEquals(2400, png.getWidth());
    assertEquals(2 * (400 + 38 + 34 + 26), png.getHeight());
    assertTrue(count(png, Look.TRAIN.getRGB()) > 500, "a blue curve");
    assertTrue(count(png, Look.VALIDATION.getRGB()) > 500, "a vermilion curve");
    var svg =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("new/curves.svg").toFile());
    assertEquals("1200", svg.getDocumentElement().getAttribute("width"));
    assertEquals(2, entries(folder.resolve("new")), "nothing beside the two pictures");
  }

  @Test
  void oneEpochIsSeenAndLossesThatAreNoNumbersAreLeftOut() throws IOException {
    Plots.learningCurves(history(1)).save(folder.resolve("one.png"));
    var png = ImageIO.read(folder.resolve("one.png").toFile());
    assertTrue(count(png, Look.TRAIN.getRGB()) > 50, "a blue dot");
    var broken = new LinkedHashMap<String, List<Double>>();
    broken.put("loss", List.of(Double.NaN, Double.POSITIVE_INFINITY));
    broken.put("accuracy", List.of(0.1, Double.NaN));
    Plots.learningCurves(broken).save(folder.resolve("nan.png"));
    assertTrue(Files.size(folder.resolve("nan.png")) > 0);
  }

  @Test
  void imagesKeepTheirPixels() throws IOException {
    var pixels = new byte[2 * 28 * 28];
    pixels[0] = (byte) 200;
    pixels[28 * 28 + 27] = (byte) 100;
    Plots.images(Tensor.of(pixels, 2, 28, 28), List.of("5", "0")).save(folder.resolve("i.png"));
    var png = ImageIO.read(folder.resolve("i.png").toFile());
    assertEquals(0xffffffff, png.getRGB(2 * (16 + 4), 2 * (16 + 4)), "brightest pixel");
    assertEquals(0xff000000, png.getRGB(2 * (16 + 12), 2 * (16 + 4)), "its neighbour");
    assertEquals(0xffffffff, png.getRGB(2 * (16 + 240 + 220), 2 * (16 + 4)), "second image");
  }

  @Test
  void messages() throws IOException {
    var picture = Plots.learningCurves(history(2));
    assertEquals(
        "Picture.save: expected a file name that ends in .png or .svg, received file=curves.gif."
            + " Take .png for screens, .svg for print.",
        assertThrows(IllegalArgumentException.class, () -> picture.save("curves.gif"))
            .getMessage());
    var file = Files.createFile(folder.resolve("file"));
    assertEquals(
        "Picture.save: expected a folder that can be written, received file="
            + file
            + "/a.png (FileAlreadyExistsException). Choose another folder, or make room on the"
            + " disk.",
        assertThrows(UncheckedIOException.class, () -> picture.save(file.resolve("a.png")))
            .getMessage());
    assertFalse(Files.exists(folder.resolve("file/a.png")));
  }

  private static long entries(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.count();
    }
  }

  static long count(BufferedImage image, int rgb) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(p -> p == rgb)
        .count();
  }
}
