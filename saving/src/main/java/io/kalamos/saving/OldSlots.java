package io.kalamos.saving;

import io.kalamos.engine.Tensor;
import io.kalamos.optimizers.Adamax;
import io.kalamos.optimizers.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// An optimizer's variables as TensorFlow's Keras had them up to 2.10: first the number of steps,
/// then slot by slot the values of all weights, named `Adam/dense/kernel/m:0`.
///
/// @param slots by today's names, values in the order of the weights
record OldSlots(long iterations, SequencedMap<String, List<Tensor>> slots) {
  private static final Map<String, String> NAMES =
      Map.of(
          "m", "momentum",
          "v", "velocity",
          "vhat", "velocity_hat",
          "rms", "velocity",
          "mg", "average_gradient",
          "momentum", "momentum",
          "accumulator", "accumulator",
          "accum_grad", "accumulated_grad",
          "accum_var", "accumulated_delta_var");

  /// Whether names are of this form.
  static boolean are(List<String> names) {
    return !names.isEmpty() && last(names.getFirst()).equals("iter");
  }

  static OldSlots of(Optimizer optimizer, List<String> names, List<Tensor> values) {
    SequencedMap<String, List<Tensor>> slots = new LinkedHashMap<>();
    for (int i = 1; i < Math.min(names.size(), values.size()); i++) {
      String old = last(names.get(i));
      String slot = optimizer instanceof Adamax && old.equals("v") ? "norm" : NAMES.get(old);
      if (slot != null) {
        slots.computeIfAbsent(slot, s -> new ArrayList<>()).add(values.get(i));
      }
    }
    return new OldSlots((long) values.getFirst().get(0), slots);
  }

  /// `m` of `Adam/dense/kernel/m:0`.
  private static String last(String name) {
    String path = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
