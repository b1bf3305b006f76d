package io.kalamos.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Weights of classes as they are written on a command line: `0=1.0,1=2.5`.
final class ClassWeightOption {
  private static final Pattern PAIR = Pattern.compile("\\s*(\\d{1,9})\\s*=\\s*(\\S+)\\s*");

  private ClassWeightOption() {}

  static Map<Integer, Double> of(Option option, String text) {
    var weights = new LinkedHashMap<Integer, Double>();
    for (var part : text.split(",", -1)) {
      var pair = PAIR.matcher(part);
      if (!pair.matches()) {
        throw wrong(option, text, "");
      }
      double weight = weight(option, text, pair.group(2));
      if (weights.put(Integer.valueOf(pair.group(1)), weight) != null) {
        throw wrong(option, text, ", which names class " + pair.group(1) + " twice");
      }
    }
    return weights;
  }

  private static double weight(Option option, String text, String number) {
    try {
      double weight = Double.parseDouble(number);
      if (weight >= 0 && Double.isFinite(weight)) {
        return weight;
      }
    } catch (NumberFormatException _) {
      // Told below, as other wrong weights are.
    }
    throw wrong(option, text, "");
  }

  private static UsageException wrong(Option option, String text, String more) {
    return new UsageException(
        option.name()
            + ": expected classes from 0 on with weights of 0 or more, such as 0=1.0,1=2.5, received "
            + option.name()
            + "="
            + text
            + more
            + ". Classes that are left out count 1.");
  }
}
