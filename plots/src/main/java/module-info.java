/// Pictures of data, models and training, as PNG and SVG files, each one call of `Plots`; curves
/// that grow while training.
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
