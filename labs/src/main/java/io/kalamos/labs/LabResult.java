package io.kalamos.labs;

import io.kalamos.callbacks.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What a step of a lab reached.
///
/// @param epochs that were trained to their end
/// @param planned how many epochs there should be at most
/// @param complete whether nobody interrupted it
/// @param figures by name
/// @param folder where pictures and weights are
/// @param bestFile the best weights
public record LabResult(
    String lab,
    LabStep step,
    long parameters,
    int epochs,
    int planned,
    boolean complete,
    double seconds,
    SequencedMap<String, Object> figures,
    Path folder,
    Path bestFile) {
  public LabResult {
    figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
  }

  /// What a training came to, as yet without figures and files.
  static LabResult of(String lab, LabStep step, long parameters, History history, int planned) {
    boolean complete = !history.stopped().equals(Optional.of(LabRun.Stop.REASON));
    var none = Path.of("");
    return new LabResult(
        lab,
        step,
        parameters,
        history.epochs().size(),
        planned,
        complete,
        0,
        new LinkedHashMap<>(),
        none,
        none);
  }

  LabResult seconds(double seconds) {
    return new LabResult(
        lab, step, parameters, epochs, planned, complete, seconds, figures, folder, bestFile);
  }

  LabResult figures(SequencedMap<String, Object> figures) {
    return new LabResult(
        lab, step, parameters, epochs, planned, complete, seconds, figures, folder, bestFile);
  }

  LabResult files(Path folder, Path bestFile) {
    return new LabResult(
        lab, step, parameters, epochs, planned, complete, seconds, figures, folder, bestFile);
  }

  /// The figure of this name, NaN where there is none.
  public double figure(String name) {
    return figures.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /// `yes`, `no`, or `-` where the original gave no figure.
  public String reached() {
    if (step.floor().isEmpty()) {
      return "-";
    }
    return figure(step.floored()) >= step.floor().getAsDouble() ? "yes" : "no";
  }

  /// All of it by name, for JSON.
  public Map<String, Object> asMap() {
    var map = new LinkedHashMap<String, Object>();
    map.put("lab", lab);
    map.put("step", step.name());
    map.put("params", parameters);
    map.put("epochs", epochs);
    map.put("seconds", Math.round(seconds * 1e3) / 1e3);
    map.putAll(figures);
    step.original().forEach((name, value) -> map.put("original_" + name, value));
    map.put("floor", step.floor().orElse(Double.NaN));
    map.put("reached", reached());
    map.put("folder", folder);
    map.put("best_file", bestFile);
    return map;
  }

  /// The medians of all figures over trainings with several seeds, whose own floored figures are
  /// kept in `each`; folder and file are the last one's.
  static LabResult median(List<LabResult> results) {
    var last = results.getLast();
    if (results.size() == 1) {
      return last;
    }
    var figures = new LinkedHashMap<String, Object>();
    last.figures()
        .forEach(
            (name, value) ->
                figures.put(
                    name,
                    value instanceof Number
                        ? Statistics.median(results.stream().map(r -> r.figure(name)).toList())
                        : value));
    figures.put("seeds", results.size());
    var name = last.step().floored();
    var each = new ArrayList<Double>();
    if (!name.isEmpty()) {
      results.forEach(result -> each.add(result.figure(name)));
      figures.put("each", List.copyOf(each));
    }
    return new LabResult(
        last.lab(),
        last.step(),
        last.parameters(),
        last.epochs(),
        last.planned(),
        results.stream().allMatch(LabResult::complete),
        Statistics.median(results.stream().map(LabResult::seconds).toList()),
        figures,
        last.folder(),
        last.bestFile());
  }
}
