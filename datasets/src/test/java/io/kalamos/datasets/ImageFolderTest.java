package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Dataset;
import io.kalamos.data.DatasetException;
import io.kalamos.data.Element;
import io.kalamos.engine.DType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Folders of pictures drawn here: every pixel of picture i of class c has the grey 20 * c + i.
class ImageFolderTest {
  @TempDir Path folder;

  @BeforeEach
  void draw() throws IOException {
    String[] classes = {"1", "10", "2"};
    for (int c = 0; c < classes.length; c++) {
      for (int i = 0; i < 8; i++) {
        String format = List.of("png", "bmp").get(i % 2);
        picture(classes[c] + "/" + i + "." + format, format, 4, 4, 20 * c + i);
      }
    }
    Files.createDirectories(folder.resolve(".hidden"));
    Files.writeString(folder.resolve("1/notes.txt"), "no picture");
  }

  private Path picture(String name, String format, int width, int height, int grey)
      throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, grey);
      }
    }
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return file;
  }

  private ImageFolder small() {
    return ImageFolder.of(folder).imageSize(4, 4).colorMode(ColorMode.GRAYSCALE).batchSize(5);
  }

  /// The grey of each picture.
  private static List<Integer> greys(Dataset dataset) {
    List<Integer> greys = new ArrayList<>();
    for (Element batch : dataset) {
      int rows = batch.input().shape().dim(0);
      for (int row = 0; row < rows; row++) {
        int grey = (int) batch.input().get(row * batch.input().shape().rowSize());
        assertEquals(grey / 20, batch.target().get(row));
        greys.add(grey);
      }
    }
    return greys;
  }

  @Test
  void labelsAreTheFoldersInTheirOrder() {
    assertEquals(List.of("1", "10", "2"), small().classNames());
    assertEquals("{1=8, 10=8, 2=8}", small().counts().toString());
    assertEquals(List.of("1", "2", "10"), small().naturalOrder().classNames());
    List<Integer> inOrder = greys(small().shuffle(false).dataset());
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 20), inOrder.subList(0, 9));
    Element batch = small().shuffle(false).dataset().elements().next();
    assertEquals("x=[float32(5, 4, 4, 1)] y=[int32(5,)]", batch.toString());
    Element natural = small().naturalOrder().classNames(List.of("2")).dataset().elements().next();
    assertArrayEquals(new double[5], natural.target().toDoubles());
    assertTrue(natural.input().get(0) >= 40);
  }

  @Test
  void numbersInNamesAreCompared() {
    List<String> names = new ArrayList<>(List.of("a10", "a2", "b1", "a02", "a", "10", "9", "a2b"));
    Collections.reverse(names);
    names.sort(ImageFolder::natural);
    assertEquals(List.of("9", "10", "a", "a02", "a2", "a2b", "a10", "b1"), names);
  }

  @Test
  void theDivisionIsThatOfTheSeed() {
    ImageFolder divided = small().validationSplit(0.25).seed(3);
    List<Integer> training = greys(divided.training());
    List<Integer> validation = greys(divided.validation());
    assertEquals(6, validation.size());
    List<Integer> all = new ArrayList<>(training);
    all.addAll(validation);
    Collections.sort(all);
    List<Integer> wanted = greys(small().shuffle(false).dataset());
    assertEquals(wanted, all);
    assertEquals(validation, greys(small().validationSplit(0.25).seed(3).validation()));
    assertNotEquals(validation, greys(divided.seed(4).validation()));
    assertEquals(training, greys(divided.training()));
    assertEquals(training, greys(divided.cached().training()));
    assertEquals(List.of(42, 43, 44, 45, 46, 47), greys(divided.shuffle(false).validation()));
  }

  @Test
  void coloursAndSizesAreWhatIsAskedFor() throws IOException {
    var image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(0, 1, 0x0000ff);
    image.setRGB(1, 1, 0x102030);
    Path other = Files.createDirectories(folder.resolve("colours/only"));
    ImageIO.write(image, "png", other.resolve("a.png").toFile());
    ImageFolder colours = ImageFolder.of(other.getParent()).imageSize(2, 2);
    assertArrayEquals(
        new double[] {255, 0, 0, 0, 255, 0, 0, 0, 255, 16, 32, 48},
        colours.dataset().elements().next().input().toDoubles());
    ImageFolder grey = colours.colorMode(ColorMode.GRAYSCALE).dtype(DType.UINT8);
    Element element = grey.dataset().elements().next();
    assertEquals("x=[uint8(1, 2, 2, 1)] y=[int32(1,)]", element.toString());
    assertArrayEquals(new double[] {76, 150, 29, 29}, element.input().toDoubles());
    assertEquals(
        "float32(1, 7, 3, 3)",
        colours.imageSize(7, 3).dataset().elements().next().input().toString());
  }

  /// The numbers of `tf.image.resize` and `jax.image.resize` without antialiasing.
  @Test
  void picturesAreResizedAsByKeras() {
    float[] ramp = {0, 10, 20, 30};
    assertArrayEquals(new float[] {5, 25}, Resampling.BILINEAR.resize(ramp, 1, 4, 1, 1, 2), 1e-5f);
    assertArrayEquals(
        new float[] {0, 2.5f, 7.5f, 12.5f, 17.5f, 22.5f, 27.5f, 30},
        Resampling.BILINEAR.resize(ramp, 4, 1, 1, 8, 1),
        1e-5f);
    assertArrayEquals(new float[] {0, 20, 30}, Resampling.NEAREST.resize(ramp, 1, 4, 1, 1, 3), 0);
    assertArrayEquals(
        new float[] {2.5f, 15, 27.5f}, Resampling.AREA.resize(ramp, 4, 1, 1, 3, 1), 1e-4f);
    for (Resampling how : Resampling.values()) {
      float[] even = new float[5 * 6 * 3];
      Arrays.fill(even, 7);
      for (float value : how.resize(even, 5, 6, 3, 4, 9)) {
        assertEquals(7, value, 1e-4, how.toString());
      }
    }
  }

  @Test
  void aBrokenPictureIsNamed() throws IOException {
    Path whole = folder.resolve("1/0.png");
    Path cut = folder.resolve("2/cut.png");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Path text = Files.writeString(folder.resolve("2/text.png"), "this is text");
    var problem =
        assertThrows(DatasetException.class, () -> small().shuffle(false).dataset().toList());
    assertTrue(
        problem
            .getCause()
            .getMessage()
            .startsWith(cut + ": expected a whole PNG, JPEG, BMP or GIF picture, received "),
        problem.getMessage());
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    List<Integer> left = greys(small().skipBroken(log::add).dataset());
    assertEquals(24, left.size());
    assertEquals(2, log.size());
    Collections.sort(log);
    assertEquals(
        "warning: left out "
            + text
            + ": expected a PNG, JPEG, BMP or GIF picture, received other bytes. Remove or replace"
            + " the file, or use skipBroken().",
        log.get(1));
    Path giant = folder.resolve("2/text.png");
    byte[] header = bytes.clone();
    header[16] = 0;
    header[17] = 1;
    header[20] = 0;
    header[21] = 1;
    Files.write(giant, withChecksum(header));
    Files.delete(cut);
    var tooLarge =
        assertThrows(DatasetException.class, () -> small().shuffle(false).dataset().toList());
    assertEquals(
        giant
            + ": expected at most 67108864 pixels, received size=65540x65540. Remove or replace the"
            + " file, or use skipBroken().",
        tooLarge.getCause().getMessage());
  }

  @Test
  void aFewBytesAreNoLargePicture() throws IOException {
    Path file = folder.resolve("empty.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    byte[] header = Files.readAllBytes(file);
    header[18] = 16; // 4096 pixels wide and high
    header[19] = 0;
    header[22] = 16;
    header[23] = 0;
    Files.write(file, withChecksum(header));
    assertEquals(
        file
            + ": expected at most 1000 pixels for each byte of so large a picture, received"
            + " size=4096x4096 in "
            + header.length
            + " bytes. Replace the file, or leave it out.",
        assertThrows(
                MalformedDataException.class,
                () -> ImageFile.load(file, ColorMode.RGB, 8, 8, Resampling.BILINEAR))
            .getMessage());
  }

  /// The checksum of a PNG's first chunk, made anew.
  private static byte[] withChecksum(byte[] png) {
    var crc = new java.util.zip.CRC32();
    crc.update(png, 12, 17);
    java.nio.ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    return png;
  }

  @Test
  void singlePicturesAreLoadedInASize() throws IOException {
    Path file = picture("large.bmp", "bmp", 8, 2, 77);
    var grey = ImageFile.load(file, ColorMode.GRAYSCALE, 2, 4, Resampling.AREA);
    assertEquals("float32(2, 4, 1)", grey.toString());
    assertArrayEquals(new double[] {77, 77, 77, 77, 77, 77, 77, 77}, grey.toDoubles());
    var rgb = ImageFile.load(file, ColorMode.RGB, 1, 1, Resampling.BILINEAR);
    assertEquals("float32(1, 1, 3)", rgb.toString());
    assertEquals(
        List.of("2/0.png", "2/1.bmp", "10/0.png"),
        ImageFile.in(folder).stream()
            .map(found -> folder.relativize(found).toString())
            .filter(List.of("2/0.png", "2/1.bmp", "10/0.png")::contains)
            .toList());
    assertEquals(25, ImageFile.in(folder).size());
    Path text = Files.writeString(folder.resolve("text.png"), "text");
    assertEquals(
        text
            + ": expected a PNG, JPEG, BMP or GIF picture, received other bytes. Replace the file, or"
            + " leave it out.",
        assertThrows(
                MalformedDataException.class,
                () -> ImageFile.load(text, ColorMode.RGB, 1, 1, Resampling.AREA))
            .getMessage());
  }

  @Test
  void wrongOptionsAreRefused() throws IOException {
    refused("height of 1 or more, received height=0. Give pixels.", () -> small().imageSize(0, 1));
    refused("width of 1 or more, received width=0. Give pixels.", () -> small().imageSize(1, 0));
    refused(
        "batchSize of 1 or more, received batchSize=0. Keras's default is 32.",
        () -> small().batchSize(0));
    refused(
        "validationSplit above 0 and below 1, received validationSplit=1.0. Give a fraction, such"
            + " as 0.1.",
        () -> small().validationSplit(1));
    refused(
        "pictures to train and to validate with out of 24, received validationSplit=0.0. Set"
            + " validationSplit, or give more pictures.",
        () -> small().validation());
    refused(
        "float32 or uint8, received dtype=int32. Cast it in a map.",
        () -> small().dtype(DType.INT32));
    refused(
        "classNames among the folders [1, 10, 2], received classNames=[3]. Use the folders'"
            + " names.",
        () -> small().classNames(List.of("3")));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    refused(
        "pictures [.bmp, .gif, .jpeg, .jpg, .png] in a folder for each class, received directory="
            + empty
            + ". Put the pictures into folders named like their classes.",
        () -> ImageFolder.of(empty));
    assertFalse(Files.exists(folder.resolve("none")));
  }

  private static void refused(String what, Executable wrong) {
    assertEquals(
        "ImageFolder: expected " + what,
        assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
