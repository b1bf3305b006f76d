package io.kalamos.plots;

import io.kalamos.options.Refusal;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;

/// How a drawing becomes the bytes of a file.
enum PictureFormat {
  PNG {
    @Override
    byte[] encode(int width, int height, int dpi, Consumer<Graphics2D> drawing) {
      double scale = dpi / POINTS_PER_INCH;
      double pixels = width * scale * height * scale;
      if (pixels > MOST_PIXELS) {
        throw Refusal.of(
            "Picture.save",
            "at most %,d pixels".formatted(MOST_PIXELS),
            "dpi",
            "%d, which are %,.0f pixels".formatted(dpi, pixels),
            "Save it as .svg, or ask for fewer with dpi.");
      }
      var image =
          new BufferedImage(
              (int) Math.ceil(width * scale),
              (int) Math.ceil(height * scale),
              BufferedImage.TYPE_INT_RGB);
      var graphics = image.createGraphics();
      graphics.scale(scale, scale);
      draw(graphics, width, height, drawing);
      graphics.dispose();
      var bytes = new ByteArrayOutputStream();
      try (var stream = new MemoryCacheImageOutputStream(bytes)) {
        ImageIO.write(image, "png", stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }
  },

  /// Text becomes outlines, so that the picture looks the same whatever fonts its reader has.
  SVG {
    @Override
    byte[] encode(int width, int height, int dpi, Consumer<Graphics2D> drawing) {
      var graphics = new SVGGraphics2D(context(), true);
      graphics.setSVGCanvasSize(new Dimension(width, height));
      draw(graphics, width, height, drawing);
      var root = graphics.getRoot();
      root.setAttribute("viewBox", "0 0 " + width + " " + height);
      var bytes = new ByteArrayOutputStream();
      try {
        TransformerFactory.newDefaultInstance()
            .newTransformer()
            .transform(new DOMSource(root), new StreamResult(bytes));
      } catch (TransformerException e) {
        throw new IllegalStateException(e);
      }
      return bytes.toByteArray();
    }

    private SVGGeneratorContext context() {
      try {
        var document =
            DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .getDOMImplementation()
                .createDocument("http://www.w3.org/2000/svg", "svg", null);
        var context = SVGGeneratorContext.createDefault(document);
        context.setComment(null);
        return context;
      } catch (ParserConfigurationException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final double POINTS_PER_INCH = 72;

  /// 400 MB while the file is made.
  private static final int MOST_PIXELS = 100_000_000;

  /// The bytes of a file.
  ///
  /// @param dpi pixels per inch, where there are pixels
  abstract byte[] encode(int width, int height, int dpi, Consumer<Graphics2D> drawing);

  String extension() {
    return "." + name().toLowerCase(Locale.ROOT);
  }

  static void draw(Graphics2D graphics, int width, int height, Consumer<Graphics2D> drawing) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    drawing.accept(graphics);
  }
}
