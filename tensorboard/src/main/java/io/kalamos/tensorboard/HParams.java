package io.kalamos.tensorboard;

import io.kalamos.options.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The messages of TensorBoard's table of hyperparameters: `HParamsPluginData` of version 0.
final class HParams {
  private HParams() {}

  /// `DataType` of a hyperparameter, in the order of its numbers.
  enum Kind {
    UNSET,
    STRING,
    BOOL,
    FLOAT64
  }

  static Kind kind(Object value) {
    return switch (value) {
      case String _ -> Kind.STRING;
      case Boolean _ -> Kind.BOOL;
      case Number _ -> Kind.FLOAT64;
      case Object other ->
          throw Refusal.of(
              "hparams", "a text, a number or a boolean", "value", other, "Write it as a text.");
    };
  }

  static void name(String where, String option, String value) {
    if (value.isBlank()) {
      throw Refusal.of(
          where, "a " + option + " that is not blank", option, '"' + value + '"', "Name it.");
    }
  }

  static Message experiment(List<HParam> hparams, List<HParamMetric> metrics) {
    Message experiment = new Message().real(3, seconds());
    hparams.forEach(hparam -> experiment.message(4, info(hparam)));
    metrics.forEach(metric -> experiment.message(5, info(metric)));
    return new Message().message(2, experiment);
  }

  private static Message info(HParam hparam) {
    Message info =
        new Message()
            .text(1, hparam.name())
            .text(2, hparam.displayName())
            .text(3, hparam.description());
    hparam
        .domain()
        .ifPresent(
            domain -> {
              switch (domain) {
                case HParam.Discrete(List<Object> values) -> {
                  Message list = new Message();
                  values.forEach(value -> list.message(1, value(value)));
                  info.whole(4, kind(values.getFirst()).ordinal()).message(5, list);
                }
                case HParam.Interval(double min, double max) ->
                    info.whole(4, Kind.FLOAT64.ordinal())
                        .message(6, new Message().real(1, min).real(2, max));
              }
            });
    return info;
  }

  private static Message info(HParamMetric metric) {
    return new Message()
        .message(1, new Message().text(1, metric.group()).text(2, metric.tag()))
        .text(3, metric.displayName())
        .text(4, metric.description());
  }

  /// `google.protobuf.Value`.
  private static Message value(Object value) {
    return switch (value) {
      case String text -> new Message().bytes(3, text.getBytes(StandardCharsets.UTF_8));
      case Boolean flag -> new Message().flag(4, flag);
      case Number number -> new Message().real(2, number.doubleValue());
      case Object other -> throw new IllegalStateException("of no kind: " + other);
    };
  }

  static Message start(Map<String, ?> values, String trial) {
    Message start = new Message();
    new TreeMap<>(values)
        .forEach(
            (name, value) -> {
              name("hparams", "name", name);
              kind(value);
              start.message(1, new Message().text(1, name).message(2, value(value)));
            });
    start.text(4, trial).real(5, seconds());
    return new Message().message(3, start);
  }

  /// A name that equal hyperparameters share.
  static String trial(Map<String, ?> values) {
    try {
      byte[] text = new TreeMap<>(values).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Message end(SessionStatus status) {
    Message end = new Message().whole(1, status.number()).real(2, seconds());
    return new Message().message(4, end);
  }

  private static double seconds() {
    return System.currentTimeMillis() / 1e3;
  }
}
