package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Options that Keras writes and that have one possible value here.
///
/// They are written for Keras; a file that holds another value asks for what is not here, unless
/// the option changes nothing that a model computes.
final class Extras {
  private static final JsonNode NULL = NullNode.instance;
  private static final JsonNode FALSE = BooleanNode.FALSE;
  private static final JsonNode CHANNELS_LAST = TextNode.valueOf("channels_last");

  /// Options that may have any value: how they were drawn or laid out there is no matter here.
  private static final Set<String> HARMLESS =
      Set.of(
          "name",
          "trainable",
          "dtype",
          "seed",
          "batch_input_shape",
          "batch_shape",
          "input_length",
          "unroll",
          "implementation",
          "synchronized",
          "use_cudnn",
          "renorm_momentum",
          "flash_attention");

  private static final Set<String> PICTURES =
      Set.of(
          "Conv1D",
          "Conv2D",
          "Conv2DTranspose",
          "DepthwiseConv2D",
          "SeparableConv2D",
          "MaxPooling1D",
          "MaxPooling2D",
          "AveragePooling1D",
          "AveragePooling2D",
          "GlobalMaxPooling1D",
          "GlobalMaxPooling2D",
          "GlobalAveragePooling1D",
          "GlobalAveragePooling2D",
          "AdaptiveAveragePooling2D",
          "AdaptiveMaxPooling2D",
          "Flatten",
          "ZeroPadding2D",
          "Cropping2D",
          "UpSampling2D",
          "SpatialDropout2D",
          "Resizing",
          "CenterCrop");

  private static final Map<String, JsonNode> RECURRENT = Map.of("stateful", FALSE, "unroll", FALSE);

  private static final Map<String, Map<String, JsonNode>> BY_CLASS =
      Map.ofEntries(
          Map.entry("Dense", Map.of("quantization_config", NULL)),
          Map.entry("Embedding", Map.of("quantization_config", NULL)),
          Map.entry(
              "BatchNormalization",
              Map.of(
                  "synchronized",
                  FALSE,
                  "renorm",
                  FALSE,
                  "renorm_clipping",
                  NULL,
                  "renorm_momentum",
                  DoubleNode.valueOf(0.99))),
          Map.entry("LSTM", RECURRENT),
          Map.entry("GRU", RECURRENT),
          Map.entry("SimpleRNN", RECURRENT),
          Map.entry(
              "MultiHeadAttention",
              Map.of("attention_axes", NULL, "sliding_window", NULL, "use_gate", FALSE)),
          Map.entry(
              "Resizing", Map.of("fill_mode", TextNode.valueOf("constant"), "antialias", FALSE)),
          Map.entry("LayerNormalization", Map.of("rms_scaling", FALSE)),
          Map.entry("InputLayer", Map.of("sparse", FALSE, "ragged", FALSE, "optional", FALSE)));

  private static final Set<String> FANNED =
      Set.of(
          "VarianceScaling",
          "GlorotUniform",
          "GlorotNormal",
          "HeUniform",
          "HeNormal",
          "LecunUniform",
          "LecunNormal");

  private static final Set<String> SEEDED =
      Set.of("RandomNormal", "RandomUniform", "TruncatedNormal", "Orthogonal");

  /// Metrics whose figures Keras keeps as whole numbers.
  private static final Set<String> COUNTED =
      Set.of("BinaryIoU", "IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU");

  /// Layers without weights whose shapes Keras does not note.
  private static final Set<String> UNBUILT =
      Set.of(
          "Activation",
          "ActivityRegularization",
          "AlphaDropout",
          "AveragePooling1D",
          "AveragePooling2D",
          "Dropout",
          "ELU",
          "GaussianDropout",
          "GaussianNoise",
          "GlobalAveragePooling1D",
          "GlobalAveragePooling2D",
          "GlobalMaxPooling1D",
          "GlobalMaxPooling2D",
          "Identity",
          "LeakyReLU",
          "Masking",
          "MaxPooling1D",
          "MaxPooling2D",
          "ReLU",
          "Reshape",
          "Softmax",
          "SpatialDropout1D",
          "SpatialDropout2D");

  /// Layers that Keras cannot make of a configuration with `trainable` in it.
  private static final Set<String> NEVER_TRAINED = Set.of("SpatialDropout1D", "SpatialDropout2D");

  /// What Keras names the operations of a schedule where no name is given.
  private static final Map<String, String> SCHEDULES =
      Map.of(
          "CosineDecay", "CosineDecay",
          "CosineDecayRestarts", "SGDRDecay",
          "ExponentialDecay", "ExponentialDecay",
          "InverseTimeDecay", "InverseTimeDecay",
          "PiecewiseConstantDecay", "PiecewiseConstant",
          "PolynomialDecay", "PolynomialDecay");

  /// Options that Keras 3.15 takes and does not write. Here they are written where they differ from
  /// the defaults: Keras reads them.
  private static final Map<String, String> LOST =
      Map.of(
          "AUC", "thresholds",
          "CosineSimilarity", "axis",
          "Huber", "delta",
          "Identity", "gain",
          "SimpleRNN", "seed",
          "SparseCategoricalCrossentropy", "axis",
          "SparseTopKCategoricalAccuracy", "fromSortedIds");

  /// Options that stand elsewhere: in a model's calls of a layer, in a form of their own, or, of
  /// what is set up by a method in Keras, nowhere.
  private static final Set<String> BY_MODEL =
      Set.of("causal", "excludeFromWeightDecay", "statistics");

  private Extras() {}

  /// What Keras's configuration of a class holds beside our components.
  static Map<String, JsonNode> of(String kind) {
    Map<String, JsonNode> extras = new LinkedHashMap<>(BY_CLASS.getOrDefault(kind, Map.of()));
    if (PICTURES.contains(kind)) {
      extras.put("data_format", CHANNELS_LAST);
    }
    if (FANNED.contains(kind)) {
      List.of("seed", "input_axes", "output_axes").forEach(option -> extras.put(option, NULL));
    }
    if (SEEDED.contains(kind)) {
      extras.put("seed", NULL);
    }
    if (SCHEDULES.containsKey(kind)) {
      extras.put("name", TextNode.valueOf(SCHEDULES.get(kind)));
    }
    return extras;
  }

  /// Whether Keras leaves an option of this value out.
  ///
  /// @param usual the value of the class's example
  static boolean leftOut(String kind, String component, Object value, Object usual) {
    boolean absent = value.equals(Optional.empty());
    return kind.equals("Dense") && component.equals("activityRegularizer") && absent
        || LOST.getOrDefault(kind, "").equals(component) && value.equals(usual)
        || BY_MODEL.contains(component);
  }

  /// Whether a metric's figures are whole numbers in Keras.
  static boolean counted(String kind) {
    return COUNTED.contains(kind);
  }

  /// Whether Keras notes the shapes that layers of a class were built with.
  static boolean built(String kind) {
    return !UNBUILT.contains(kind);
  }

  /// Whether Keras's configuration of a layer says whether it trains.
  static boolean trained(String kind) {
    return !NEVER_TRAINED.contains(kind);
  }

  /// Whether any value of an option does.
  static boolean harmless(String option) {
    return HARMLESS.contains(option);
  }
}
