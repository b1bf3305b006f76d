package io.kalamos.datasets;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Characters of fonts as MNIST shows digits: uint8 (n, 28, 28), white (255) on black (0), as large
/// as a box of 20x20 pixels allows, the centre of mass in the middle. What a network learned from
/// handwriting can be asked about print.
///
/// @param samples the images, font by font; labels are places in `characters`
/// @param characters what was drawn
/// @param fonts the font of each image
public record FontCharacters(LabeledImages samples, List<String> characters, List<String> fonts) {
  private static final int SIDE = 28;
  private static final double BOX = 20;
  private static final FontRenderContext FINE = new FontRenderContext(null, true, true);

  /// Java's own names, behind which stands one of the installed fonts.
  private static final Set<String> LOGICAL =
      Set.of("Dialog", "DialogInput", "Monospaced", "SansSerif", "Serif");

  public FontCharacters {
    characters = List.copyOf(characters);
    fonts = List.copyOf(fonts);
  }

  /// The digits 0 to 9 in all installed fonts.
  public static FontCharacters digits() {
    return of("0123456789");
  }

  /// These characters in all installed fonts that have all of them.
  ///
  /// @throws IllegalStateException where no font is installed that has them
  public static FontCharacters of(String characters) {
    var drawn = split(characters);
    var fonts = installed().stream().filter(font -> has(font, drawn)).toList();
    if (fonts.isEmpty()) {
      throw new IllegalStateException(
          "FontCharacters: expected a font that has "
              + characters
              + ", received fonts="
              + installedFonts().size()
              + ". Install one, on Debian and Ubuntu with apt-get install fontconfig"
              + " fonts-dejavu-core.");
    }
    return draw(drawn, fonts);
  }

  /// These characters in these fonts, named as [#installedFonts] does.
  public static FontCharacters of(String characters, List<String> fonts) {
    var drawn = split(characters);
    var known = installed();
    var chosen = new ArrayList<Font>();
    for (var name : fonts) {
      var font = known.stream().filter(one -> one.getFontName().equals(name)).findFirst();
      if (font.isEmpty() || !has(font.get(), drawn)) {
        throw Refusal.of(
            "FontCharacters",
            "installed fonts that have " + characters,
            "font",
            name,
            "Choose among FontCharacters.installedFonts().");
      }
      chosen.add(font.get());
    }
    if (chosen.isEmpty()) {
      throw Refusal.of(
          "FontCharacters", "one font or more", "fonts", fonts, "Leave them out for all.");
    }
    return draw(drawn, chosen);
  }

  /// The names of all fonts that Java finds here; none where there are none.
  public static List<String> installedFonts() {
    return installed().stream().map(Font::getFontName).toList();
  }

  private static List<Font> installed() {
    try {
      return Stream.of(GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts())
          .filter(font -> !LOGICAL.contains(font.getFamily()))
          .toList();
    } catch (RuntimeException | Error problem) { // so Java says that there is no font
      return List.of();
    }
  }

  private static List<String> split(String characters) {
    var drawn = characters.codePoints().mapToObj(Character::toString).toList();
    if (drawn.isEmpty()
        || characters.codePoints().anyMatch(c -> Character.isWhitespace(c))
        || Set.copyOf(drawn).size() != drawn.size()) {
      throw Refusal.of(
          "FontCharacters",
          "characters that can be seen, each once",
          "characters",
          '"' + characters + '"',
          "Such as \"0123456789\".");
    }
    return drawn;
  }

  private static boolean has(Font font, List<String> characters) {
    return characters.stream()
        .allMatch(
            character ->
                font.canDisplayUpTo(character) < 0
                    && !outline(font, character).getBounds2D().isEmpty());
  }

  private static Shape outline(Font font, String character) {
    return font.deriveFont(100f).createGlyphVector(FINE, character).getOutline();
  }

  private static FontCharacters draw(List<String> characters, List<Font> fonts) {
    int count = fonts.size() * characters.size();
    var pixels = new byte[count * SIDE * SIDE];
    var labels = new byte[count];
    var names = new ArrayList<String>();
    int image = 0;
    for (var font : fonts) {
      for (int label = 0; label < characters.size(); label++) {
        byte[] raster = raster(outline(font, characters.get(label)));
        System.arraycopy(raster, 0, pixels, image * raster.length, raster.length);
        labels[image++] = (byte) label;
        names.add(font.getFontName());
      }
    }
    return new FontCharacters(
        new LabeledImages(Tensor.of(pixels, count, SIDE, SIDE), Tensor.of(labels, count)),
        characters,
        names);
  }

  /// Fits the outline into the box, and moves it by where its mass turns out to be.
  private static byte[] raster(Shape outline) {
    var bounds = outline.getBounds2D();
    double scale = BOX / Math.max(bounds.getWidth(), bounds.getHeight());
    var fitting = AffineTransform.getScaleInstance(scale, scale);
    fitting.translate(-bounds.getCenterX(), -bounds.getCenterY());
    byte[] first = paint(fitting.createTransformedShape(outline), SIDE / 2.0, SIDE / 2.0);
    double mass = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < first.length; i++) {
      int grey = Byte.toUnsignedInt(first[i]);
      mass += grey;
      x += grey * (i % SIDE + 0.5);
      y += grey * (i / SIDE + 0.5);
    }
    double mostX = (SIDE - bounds.getWidth() * scale) / 2;
    double mostY = (SIDE - bounds.getHeight() * scale) / 2;
    double moveX = Math.clamp(SIDE / 2.0 - x / mass, -mostX, mostX);
    double moveY = Math.clamp(SIDE / 2.0 - y / mass, -mostY, mostY);
    return paint(fitting.createTransformedShape(outline), SIDE / 2.0 + moveX, SIDE / 2.0 + moveY);
  }

  private static byte[] paint(Shape shape, double x, double y) {
    var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    var graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.translate(x, y);
    graphics.fill(shape);
    graphics.dispose();
    int[] samples = image.getRaster().getSamples(0, 0, SIDE, SIDE, 0, (int[]) null);
    var bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    return bytes;
  }
}
