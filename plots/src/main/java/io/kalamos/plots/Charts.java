package io.kalamos.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.XYChart;

/// What all charts have in common.
final class Charts {
  private Charts() {}

  /// White, with horizontal lines alone, and without legend and title.
  static void style(XYChart chart) {
    var style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setChartFontColor(Look.TEXT);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(Look.GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setPlotGridVerticalLinesVisible(false);
    style.setPlotMargin(4);
    style.setChartPadding(12);
    style.setAxisTitleFont(Look.LABEL);
    style.setAxisTickLabelsFont(Look.TICK);
    style.setAxisTickLabelsColor(Look.TEXT);
    style.setMarkerSize(8);
    style.setLocale(Locale.ROOT);
    style.setLegendVisible(false);
    style.setChartTitleVisible(false);
    style.setToolTipsEnabled(false);
    style.setAntiAlias(true);
  }

  /// As many decimals as neighbouring ticks need to differ.
  static String pattern(double least, double most) {
    double tick = (most - least) / 6;
    int decimals = tick > 0 ? Math.clamp((int) Math.ceil(-Math.log10(tick)), 0, 6) : 3;
    return decimals == 0 ? "#,##0" : "0." + "0".repeat(decimals);
  }
}
