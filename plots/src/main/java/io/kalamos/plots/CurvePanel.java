package io.kalamos.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// One quantity by epoch, for training and validation; epochs count from 1, as people do.
///
/// @param best the epoch to mark, 0 for none
record CurvePanel(String name, List<Double> train, List<Double> validation, int best) {
  static final BasicStroke SOLID =
      new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  static final BasicStroke DASHED =
      new BasicStroke(
          2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {7, 5}, 0);

  /// Fewer epochs than this are marked by dots: a line of one point is not seen.
  private static final int FEW = 12;

  XYChart chart(int width, int height) {
    var chart = new XYChart(width, height, ChartTheme.XChart);
    chart.setXAxisTitle("epoch");
    style(chart);
    add(chart, "training", train, Look.TRAIN, DASHED);
    add(chart, "validation", validation, Look.VALIDATION, SOLID);
    markBest(chart);
    return chart;
  }

  /// `Loss: 0.1122 at epoch 9`.
  String heading() {
    var words = name.replace('_', ' ');
    var title = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    if (marked().isEmpty()) {
      return title;
    }
    double value = marked().getAsDouble();
    var figure =
        Math.abs(value) < 0.01 ? Axis.number(value) : String.format(Locale.ROOT, "%.4f", value);
    return title + ": " + figure + " at epoch " + best;
  }

  /// The value at the best epoch.
  private OptionalDouble marked() {
    var values = validation.isEmpty() ? train : validation;
    return best >= 1 && best <= values.size() && Double.isFinite(values.get(best - 1))
        ? OptionalDouble.of(values.get(best - 1))
        : OptionalDouble.empty();
  }

  private static double[] epochs(int count) {
    return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
  }

  private static void add(
      XYChart chart, String label, List<Double> values, Color color, BasicStroke stroke) {
    var finite = values.stream().mapToDouble(v -> Double.isFinite(v) ? v : Double.NaN).toArray();
    if (DoubleStream.of(finite).allMatch(Double::isNaN)) {
      return;
    }
    var series = chart.addSeries(label, epochs(finite.length), finite);
    series.setLineColor(color);
    series.setLineStyle(stroke);
    series.setMarkerColor(color);
    series.setMarker(values.size() < FEW ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
  }

  private void markBest(XYChart chart) {
    if (marked().isPresent()) {
      var series =
          chart.addSeries("best", new double[] {best}, new double[] {marked().getAsDouble()});
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      series.setMarker(SeriesMarkers.DIAMOND);
      series.setMarkerColor(Look.BEST);
    }
  }

  /// As many decimals as neighbouring ticks need to differ.
  private String tickPattern() {
    var range =
        Stream.concat(train.stream(), validation.stream())
            .mapToDouble(v -> v)
            .filter(Double::isFinite)
            .summaryStatistics();
    return Charts.pattern(range.getMin(), range.getMax());
  }

  private void style(XYChart chart) {
    Charts.style(chart);
    var style = chart.getStyler();
    int epochs = Math.max(train.size(), validation.size());
    style.setXAxisMin(epochs == 1 ? 0.0 : 1.0);
    style.setXAxisMax((double) Math.max(2, epochs));
    style.setXAxisDecimalPattern("0");
    style.setYAxisDecimalPattern(tickPattern());
  }
}
