package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kalamos.activations.Activations;
import io.kalamos.constraints.*;
import io.kalamos.initializers.*;
import io.kalamos.layers.*;
import io.kalamos.layers.Average;
import io.kalamos.losses.*;
import io.kalamos.metrics.*;
import io.kalamos.optimizers.*;
import io.kalamos.regularizers.*;
import io.kalamos.schedules.*;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
  static final String ACTIVATIONS = "keras.activations";

  /// Where parts of ours stand that Keras does not have.
  static final String OURS = "kalamos";

  /// Names of classes that whole models need, which no record here is an example of.
  private static final Set<String> OF_MODELS =
      Set.of(
          "Sequential", "Functional", "Model", "InputLayer", "Lambda", "DTypePolicy", "function");

  private static final Map<String, List<Record>> EXAMPLES =
      Map.of(
          LAYERS,
          List.of(
              Activation.of(Activations.LINEAR),
              ActivityRegularization.of(),
              AdaptiveAveragePooling2D.of(1),
              AdaptiveMaxPooling2D.of(1),
              Add.of(),
              AlphaDropout.of(0),
              Attention.of(),
              Average.of(),
              AveragePooling1D.of(2),
              AveragePooling2D.of(2),
              BatchNormalization.of(),
              Bidirectional.of(LSTM.of(1)),
              CategoryEncoding.of(1),
              CenterCrop.of(1, 1),
              Concatenate.of(),
              Conv1D.of(1, 1),
              Conv2D.of(1, 1),
              Conv2DTranspose.of(1, 1),
              Cropping2D.of(),
              Dense.of(1),
              DepthwiseConv2D.of(1),
              Dot.of(1),
              Dropout.of(0),
              ELU.of(),
              Embedding.of(1, 1),
              Flatten.of(),
              GRU.of(1),
              GaussianDropout.of(0),
              GaussianNoise.of(0),
              GlobalAveragePooling1D.of(),
              GlobalAveragePooling2D.of(),
              GlobalMaxPooling1D.of(),
              GlobalMaxPooling2D.of(),
              GroupNormalization.of(),
              io.kalamos.layers.Identity.of(),
              LSTM.of(1),
              LayerNormalization.of(),
              LeakyReLU.of(),
              Masking.of(),
              MaxPooling1D.of(),
              MaxPooling2D.of(2),
              Maximum.of(),
              Minimum.of(),
              MultiHeadAttention.of(1, 1),
              Multiply.of(),
              Normalization.of(),
              PReLU.of(),
              Permute.of(1),
              ReLU.of(),
              RepeatVector.of(1),
              Rescaling.of(1),
              Reshape.of(1),
              Resizing.of(1, 1),
              SeparableConv2D.of(1, 1),
              SimpleRNN.of(1),
              Softmax.of(),
              SpatialDropout1D.of(0),
              SpatialDropout2D.of(0),
              Subtract.of(),
              TimeDistributed.of(Dense.of(1)),
              UpSampling2D.of(),
              ZeroPadding2D.of()),
          INITIALIZERS,
          List.of(
              Constant.of(0),
              GlorotNormal.of(),
              GlorotUniform.of(),
              HeNormal.of(),
              HeUniform.of(),
              io.kalamos.initializers.Identity.of(),
              LecunNormal.of(),
              LecunUniform.of(),
              Ones.of(),
              Orthogonal.of(),
              RandomNormal.of(),
              RandomUniform.of(),
              TruncatedNormal.of(),
              VarianceScaling.of(),
              Zeros.of()),
          REGULARIZERS,
          List.of(L1.of(), L2.of(), L1L2.of(), OrthogonalRegularizer.of()),
          CONSTRAINTS,
          List.of(MaxNorm.of(), MinMaxNorm.of(), NonNeg.of(), UnitNorm.of()),
          OPTIMIZERS,
          List.of(
              Adadelta.of(),
              Adagrad.of(),
              Adam.of(),
              AdamW.of(),
              Adamax.of(),
              Lamb.of(),
              Lion.of(),
              Nadam.of(),
              RMSprop.of(),
              SGD.of()),
          LOSSES,
          List.of(
              BinaryCrossentropy.of(),
              BinaryFocalCrossentropy.of(),
              CategoricalCrossentropy.of(),
              CategoricalFocalCrossentropy.of(),
              CategoricalGeneralizedCrossEntropy.of(),
              CategoricalHinge.of(),
              Circle.of(),
              CosineSimilarity.of(),
              CTC.of(),
              Dice.of(),
              Hinge.of(),
              Huber.of(),
              KLDivergence.of(),
              LogCosh.of(),
              MeanAbsoluteError.of(),
              MeanAbsolutePercentageError.of(),
              MeanSquaredError.of(),
              MeanSquaredLogarithmicError.of(),
              Poisson.of(),
              SparseCategoricalCrossentropy.of(),
              SquaredHinge.of(),
              Tversky.of()),
          METRICS,
          List.of(
              AUC.of(),
              Accuracy.of(),
              BinaryAccuracy.of(),
              BinaryIoU.of(),
              CategoricalAccuracy.of(),
              ConcordanceCorrelation.of(),
              CosineProximity.of(),
              F1Score.of(),
              FBetaScore.of(),
              FalseNegatives.of(),
              FalsePositives.of(),
              IoU.of(2, 0),
              io.kalamos.metrics.Mean.of(),
              MeanIoU.of(2),
              OneHotIoU.of(2, 0),
              OneHotMeanIoU.of(2),
              PearsonCorrelation.of(),
              Precision.of(),
              PrecisionAtRecall.of(0.5),
              R2Score.of(),
              Recall.of(),
              RecallAtPrecision.of(0.5),
              RootMeanSquaredError.of(),
              SensitivityAtSpecificity.of(0.5),
              SparseCategoricalAccuracy.of(),
              SparseTopKCategoricalAccuracy.of(),
              SpecificityAtSensitivity.of(0.5),
              Sum.of(),
              TopKCategoricalAccuracy.of(),
              TrueNegatives.of(),
              TruePositives.of(),
              ConfusionMatrix.of(2)),
          SCHEDULES,
          List.of(
              OneCycle.of(1, 2),
              Warmup.of(LearningRateSchedule.constant(1), 1),
              CosineDecay.of(1, 1),
              CosineDecayRestarts.of(1, 1),
              ExponentialDecay.of(1, 1, 1),
              InverseTimeDecay.of(1, 1, 1),
              PiecewiseConstantDecay.of(List.of(1L), List.of(1.0, 1.0)),
              PolynomialDecay.of(1, 1)));

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
    return switch (part) {
      case Layer layer -> layer.kind();
      case CosineProximity _ -> "CosineSimilarity";
      default -> part.getClass().getSimpleName();
    };
  }

  /// The module where Keras has a part's class; empty for classes of users.
  static Optional<String> module(Object part) {
    return Optional.ofNullable(MODULES.get(part.getClass()));
  }

  /// Whether a part is ours alone: what Keras has nothing like.
  static boolean ours(Object part) {
    return part instanceof OneCycle || part instanceof Warmup || part instanceof ConfusionMatrix;
  }

  /// A part of this class, or of this short name in Keras, with the defaults.
  static Optional<Record> example(String module, String kind) {
    Map<String, Record> classes = BY_NAME.getOrDefault(module, Map.of());
    Record exact = classes.get(OldOptions.kind(kind));
    if (exact != null) {
      return Optional.of(exact);
    }
    String plain = kind.replace("_", "");
    return classes.entrySet().stream()
        .filter(entry -> kind.equals(kind.toLowerCase(Locale.ROOT)))
        .filter(entry -> entry.getKey().equalsIgnoreCase(plain))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// The names of all classes of a module.
  static Set<String> kinds(String module) {
    return BY_NAME.getOrDefault(module, Map.of()).keySet();
  }

  /// Whether a class name has a meaning of its own already.
  static boolean taken(String kind) {
    return OF_MODELS.contains(kind)
        || MetricConfig.OF_LOSSES.containsKey(kind)
        || BY_NAME.values().stream().anyMatch(classes -> classes.containsKey(kind));
  }

  /// The module whose kind of part a class of ours is; empty where there is no such class.
  static String moduleOf(JsonNode node) {
    String kind = ClassName.of(node).kind();
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getValue().containsKey(kind))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  static Set<String> modules() {
    return BY_NAME.keySet();
  }
}
