/// Pictures of training and of data, as PNG and SVG files: learning curves, grids of images.
///
/// XChart draws the charts and Batik writes the SVG; neither is part of the exported types.
@SuppressWarnings("requires-automatic") // both libraries name their module in the manifest only
module io.kalamos.plots {
  requires transitive io.kalamos;
  requires java.desktop;
  requires java.xml;
  requires org.apache.xmlgraphics.batik.svggen;
  requires org.knowm.xchart;

  exports io.kalamos.plots;
}
