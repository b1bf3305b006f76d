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

  /// Options that Keras 3.15 takes and does not write.
  private static final Map<String, String> LOST =
      Map.of(
          "CosineSimilarity", "axis",
          "Huber", "delta",
          "Identity", "gain",
          "SimpleRNN", "seed",
          "SparseCategoricalCrossentropy", "axis");

  /// Options that Keras takes when a layer is called or an optimizer is set up, and never writes.
  private static final Set<String> OWN = Set.of("causal", "excludeFromWeightDecay");

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
    return extras;
  }

  /// Whether Keras leaves an option of this value out.
  static boolean leftOut(String kind, String component, Object value) {
    boolean absent = value.equals(Optional.empty());
    return kind.equals("Dense") && component.equals("activityRegularizer") && absent
        || LOST.getOrDefault(kind, "").equals(component)
        || OWN.contains(component);
  }

  /// Whether any value of an option does.
  static boolean harmless(String option) {
    return HARMLESS.contains(option);
  }
}
