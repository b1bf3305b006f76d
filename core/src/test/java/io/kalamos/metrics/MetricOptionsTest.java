package io.kalamos.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each wrong option of a metric is answered, word by word.
class MetricOptionsTest {
  record Wrong(String message, Executable call) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static final Tensor FOUR = Tensor.of(new float[8], 2, 4);
  private static final Tensor CUBE = Tensor.of(new float[8], 2, 2, 2);

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(
            "AUC: expected numThresholds of 2 or more, received numThresholds=1. Keras's default is"
                + " 200.",
            () -> AUC.of().numThresholds(1)),
        new Wrong(
            "AUC: expected thresholds from 0 to 1, received thresholds=[0.5, 1.5]. Keras's default"
                + " is 0.5.",
            () -> AUC.of().thresholds(0.5, 1.5)),
        new Wrong(
            "AUC: expected numLabels together with multiLabel only, received numLabels=3. Add"
                + " multiLabel(true), or leave it out.",
            () -> AUC.of().numLabels(3)),
        new Wrong(
            "AUC: expected a finite labelWeights of 0 or more, received labelWeights=-1.0. Use 1"
                + " for each label.",
            () -> AUC.of().labelWeights(1, -1)),
        new Wrong(
            "auc: expected a weight for each of the 4 labels, received labelWeights=[1.0, 2.0]."
                + " Give as many as there are labels.",
            () -> AUC.of().labelWeights(1, 2).compute(FOUR, FOUR)),
        new Wrong(
            "auc: expected predictions of shape (None, 3) for multiLabel, received shape=(2, 4)."
                + " Change numLabels or the last layer's units.",
            () -> AUC.of().multiLabel(true).numLabels(3).compute(FOUR, FOUR)),
        new Wrong(
            "Precision: expected thresholds from 0 to 1, received thresholds=[-0.1]. Keras's"
                + " default is 0.5.",
            () -> Precision.of().thresholds(-0.1)),
        new Wrong(
            "Precision: expected topK of 1 or more, received topK=0. Leave it out for all.",
            () -> Precision.of().topK(0)),
        new Wrong(
            "Recall: expected a threshold, received thresholds=[]. Keras's default is 0.5.",
            () ->
                new Recall(
                    "recall", Optional.of(List.of()), OptionalInt.empty(), OptionalInt.empty())),
        new Wrong(
            "Recall: expected classId of 0 or more, received classId=-1. Count from 0.",
            () -> Recall.of().classId(-1)),
        new Wrong(
            "recall: expected classId below the 4 classes, received classId=4. Count from 0.",
            () -> Recall.of().classId(4).compute(FOUR, FOUR)),
        new Wrong(
            "TruePositives: expected thresholds from 0 to 1, received thresholds=[NaN]. Keras's"
                + " default is 0.5.",
            () -> TruePositives.of().thresholds(Double.NaN)),
        new Wrong(
            "TrueNegatives: expected thresholds from 0 to 1, received thresholds=[2.0]. Keras's"
                + " default is 0.5.",
            () -> TrueNegatives.of().thresholds(2)),
        new Wrong(
            "FalsePositives: expected thresholds from 0 to 1, received thresholds=[2.0]. Keras's"
                + " default is 0.5.",
            () -> FalsePositives.of().thresholds(2)),
        new Wrong(
            "FalseNegatives: expected thresholds from 0 to 1, received thresholds=[2.0]. Keras's"
                + " default is 0.5.",
            () -> FalseNegatives.of().thresholds(2)),
        new Wrong(
            "PrecisionAtRecall: expected recall from 0 to 1, received recall=1.1. Use 0.9, say.",
            () -> PrecisionAtRecall.of(1.1)),
        new Wrong(
            "RecallAtPrecision: expected precision from 0 to 1, received precision=-1.0. Use 0.9,"
                + " say.",
            () -> RecallAtPrecision.of(-1)),
        new Wrong(
            "SensitivityAtSpecificity: expected specificity from 0 to 1, received specificity=NaN."
                + " Use 0.9, say.",
            () -> SensitivityAtSpecificity.of(Double.NaN)),
        new Wrong(
            "SpecificityAtSensitivity: expected numThresholds of 1 or more, received"
                + " numThresholds=0. Keras's default is 200.",
            () -> SpecificityAtSensitivity.of(0.5).numThresholds(0)),
        new Wrong(
            "F1Score: expected threshold above 0, at most 1, received threshold=0.0. Leave it out"
                + " where the greatest prediction is the answer.",
            () -> F1Score.of().threshold(0)),
        new Wrong(
            "FBetaScore: expected a finite beta above 0, received beta=0.0. Keras's default is 1.",
            () -> FBetaScore.of().beta(0)),
        new Wrong(
            "f1_score: expected predictions of shape (batch, classes), received shape=(2, 2, 2)."
                + " Use Precision and Recall for other shapes.",
            () -> F1Score.of().compute(CUBE, CUBE)),
        new Wrong(
            "IoU: expected class indices from 0 to 3, received targetClassIds=[0, 4]. Name at least"
                + " one of the 4 classes.",
            () -> IoU.of(4, 0, 4)),
        new Wrong(
            "OneHotIoU: expected class indices from 0 to 3, received targetClassIds=[]. Name at"
                + " least one of the 4 classes.",
            () -> OneHotIoU.of(4)),
        new Wrong(
            "MeanIoU: expected numClasses of 1 or more, received numClasses=0. Count all classes.",
            () -> MeanIoU.of(0)),
        new Wrong(
            "OneHotMeanIoU: expected numClasses of 1 or more, received numClasses=-1. Count all"
                + " classes.",
            () -> OneHotMeanIoU.of(-1)),
        new Wrong(
            "mean_io_u: expected a target for each of the predictions of shape (2, 2, 2), received"
                + " shape=(2, 4). Say whether targets and predictions are indices: sparseYTrue,"
                + " sparseYPred.",
            () -> MeanIoU.of(4).sparseYPred(false).compute(FOUR, CUBE)),
        new Wrong(
            "BinaryIoU: expected class indices from 0 to 1, received targetClassIds=[2]. Name at"
                + " least one of the 2 classes.",
            () -> BinaryIoU.of().targetClassIds(2)),
        new Wrong(
            "BinaryIoU: expected a finite threshold, received threshold=NaN. Keras's default is"
                + " 0.5.",
            () -> BinaryIoU.of().threshold(Double.NaN)),
        new Wrong(
            "ConfusionMatrix: expected numClasses of 2 or more, received numClasses=1. Count all"
                + " classes.",
            () -> ConfusionMatrix.of(1)),
        new Wrong(
            "confusion_matrix: expected scores of 5 classes, received shape=(2, 4). Change"
                + " numClasses or the last layer's units.",
            () -> ConfusionMatrix.of(5).compute(FOUR, FOUR)),
        new Wrong(
            "ClassReport: expected a matrix of shape (3, 3) for 3 names, received shape=(2, 4)."
                + " Take the result of ConfusionMatrix, and one name for each class.",
            () -> ClassReport.of(FOUR, List.of("a", "b", "c"))),
        new Wrong(
            "R2Score: expected numRegressors of 0 or more, received numRegressors=-1. Keras's"
                + " default is 0.",
            () -> R2Score.of().numRegressors(-1)),
        new Wrong(
            "r2_score: expected predictions of shape (batch, outputs), received shape=(2, 2, 2)."
                + " Reshape the last layer's result.",
            () -> R2Score.of().compute(CUBE, CUBE)),
        new Wrong(
            "TopKCategoricalAccuracy: expected k of 1 or more, received k=0. Keras's default is 5.",
            () -> TopKCategoricalAccuracy.of().k(0)),
        new Wrong(
            "SparseTopKCategoricalAccuracy: expected k of 1 or more, received k=-2. Keras's default"
                + " is 5.",
            () -> SparseTopKCategoricalAccuracy.of().k(-2)),
        new Wrong(
            "mean: expected predictions with an axis of samples, received shape=(). Use"
                + " prediction.reshape(1).",
            () -> MetricState.of(Mean.of()).update(Results.number(1))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isRefused(Wrong wrong) {
    assertEquals(
        wrong.message, assertThrows(IllegalArgumentException.class, wrong.call).getMessage());
  }
}
