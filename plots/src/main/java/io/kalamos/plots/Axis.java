package io.kalamos.plots;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An axis from `least` to `most`, linear or logarithmic. The charts' library labels a logarithmic
/// axis at powers of ten alone, of which a narrow range has none; hence these.
record Axis(String title, boolean logarithmic, double least, double most) {
  /// Up to so many decades are labelled at 1, 2 and 5.
  private static final double FEW_DECADES = 3.2;

  static Axis linear(String title, double least, double most) {
    return least < most
        ? new Axis(title, false, least, most)
        : new Axis(title, false, least - 0.5, least + 0.5);
  }

  /// From numbers above 0.
  static Axis logarithmic(String title, double least, double most) {
    return least < most
        ? new Axis(title, true, least, most)
        : new Axis(title, true, least / 2, least * 2);
  }

  /// Where a value stands, 0 at the begin and 1 at the end.
  double place(double value) {
    return logarithmic
        ? Math.log(value / least) / Math.log(most / least)
        : (value - least) / (most - least);
  }

  /// What is labelled, about so many at most.
  List<Double> ticks(int about) {
    double decades = logarithmic ? Math.log10(most / least) : 0;
    if (!logarithmic || decades < 0.7) {
      return linearTicks(about);
    }
    var ticks = new ArrayList<Double>();
    int every = (int) Math.max(1, Math.ceil(decades / about));
    int[] digits = decades <= FEW_DECADES ? new int[] {1, 2, 5} : new int[] {1};
    int first = (int) Math.floor(Math.log10(least));
    for (int power = Math.floorDiv(first, every) * every;
        Math.pow(10, power) <= most;
        power += every) {
      for (int digit : digits) {
        add(ticks, BigDecimal.valueOf(digit).scaleByPowerOfTen(power).doubleValue());
      }
    }
    return ticks;
  }

  /// How a tick is written among so many: on a linear axis with as many decimals as its neighbours.
  String label(double tick, int about) {
    if (logarithmic) {
      return number(tick);
    }
    int decimals = Math.max(0, step(about).stripTrailingZeros().scale());
    return decimals > 4 && tick != 0
        ? number(tick)
        : String.format(Locale.ROOT, "%,." + (tick == 0 ? 0 : decimals) + "f", tick);
  }

  private BigDecimal step(int about) {
    double rough = (most - least) / about;
    int power = (int) Math.floor(Math.log10(rough));
    double unit = rough / Math.pow(10, power);
    int digit = unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10;
    return BigDecimal.valueOf(digit).scaleByPowerOfTen(power);
  }

  private List<Double> linearTicks(int about) {
    var step = step(about);
    var ticks = new ArrayList<Double>();
    long first = (long) Math.ceil(least / step.doubleValue() - 1e-9);
    for (long i = first; ; i++) {
      double tick = step.multiply(BigDecimal.valueOf(i)).doubleValue();
      if (tick > most + 1e-9 * (most - least)) {
        return ticks;
      }
      ticks.add(tick);
    }
  }

  private void add(List<Double> ticks, double tick) {
    if (tick >= least * (1 - 1e-9) && tick <= most * (1 + 1e-9)) {
      ticks.add(tick);
    }
  }

  /// A number with four digits at most as people write it: `0.001`, `5e-6`, `25`, `10,000`.
  static String number(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 0.9999e-4 || size >= 1e7)) {
      return String.format(Locale.ROOT, "%.2e", value)
          .replaceFirst("\\.?0+e", "e")
          .replaceFirst("e([+-])0*", "e$1")
          .replace("e+", "e");
    }
    var digits = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    return size >= 1000
        ? String.format(Locale.ROOT, "%,d", digits.longValue())
        : digits.toPlainString();
  }
}
