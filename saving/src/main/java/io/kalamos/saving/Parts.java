package io.kalamos.saving;

import io.kalamos.activations.Activations;
import io.kalamos.initializers.*;
import io.kalamos.layers.*;
import io.kalamos.optimizers.*;
import io.kalamos.regularizers.*;
import io.kalamos.schedules.*;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The classes that a file may name: a closed list of examples, so that no name from a file is ever
/// looked up among classes.
///
/// An example has the defaults of all options; those that must be given have any value here.
final class Parts {
  static final String LAYERS = "keras.layers";
  static final String INITIALIZERS = "keras.initializers";
  static final String REGULARIZERS = "keras.regularizers";
  static final String CONSTRAINTS = "keras.constraints";
  static final String OPTIMIZERS = "keras.optimizers";
  static final String SCHEDULES = "keras.optimizers.schedules";
  static final String LOSSES = "keras.losses";
  static final String METRICS = "keras.metrics";

  private static final Map<String, List<Record>> EXAMPLES =
      Map.of(
          LAYERS,
          List.of(
              Activation.of(Activations.LINEAR),
              AveragePooling2D.of(2),
              BatchNormalization.of(),
              Conv2D.of(1, 1),
              Dense.of(1),
              Dropout.of(0),
              Flatten.of(),
              GlobalAveragePooling2D.of(),
              MaxPooling2D.of(2),
              Rescaling.of(1)),
          INITIALIZERS,
          List.of(
              Constant.of(0),
              GlorotNormal.of(),
              GlorotUniform.of(),
              HeNormal.of(),
              HeUniform.of(),
              LecunNormal.of(),
              LecunUniform.of(),
              Ones.of(),
              RandomNormal.of(),
              RandomUniform.of(),
              TruncatedNormal.of(),
              VarianceScaling.of(),
              Zeros.of()),
          REGULARIZERS,
          List.of(L1.of(), L2.of(), L1L2.of()),
          OPTIMIZERS,
          List.of(Adam.of(), RMSprop.of(), SGD.of()),
          SCHEDULES,
          List.of(
              ExponentialDecay.of(1, 1, 1),
              CosineDecay.of(1, 1),
              PiecewiseConstantDecay.of(List.of(1L), List.of(1.0, 1.0))));

  /// An example by module and class name.
  private static final Map<String, Map<String, Record>> BY_NAME = new LinkedHashMap<>();

  private static final Map<Class<?>, String> MODULES = new LinkedHashMap<>();

  static {
    EXAMPLES.forEach(
        (module, examples) ->
            examples.forEach(
                example -> {
                  BY_NAME
                      .computeIfAbsent(module, key -> new LinkedHashMap<>())
                      .put(kind(example), example);
                  MODULES.put(example.getClass(), module);
                }));
  }

  private Parts() {}

  /// Keras's class name of a part.
  static String kind(Object part) {
    return part instanceof Layer layer ? layer.kind() : part.getClass().getSimpleName();
  }

  /// The module where Keras has a part's class; empty for classes of users.
  static Optional<String> module(Object part) {
    return Optional.ofNullable(MODULES.get(part.getClass()));
  }

  /// A part of this class with the defaults.
  static Optional<Record> example(String module, String kind) {
    return Optional.ofNullable(BY_NAME.getOrDefault(module, Map.of()).get(kind));
  }

  /// The names of all classes of a module.
  static Set<String> kinds(String module) {
    return BY_NAME.getOrDefault(module, Map.of()).keySet();
  }

  static Set<String> modules() {
    return BY_NAME.keySet();
  }
}
