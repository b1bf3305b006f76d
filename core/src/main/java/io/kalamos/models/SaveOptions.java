package io.kalamos.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a model is written: `model.save(file, save -> save.format(ModelFormat.H5))`.
///
/// @param format else the file's name tells
/// @param optimizer whether the optimizer's state is written too, so that training goes on from it
/// @param parts own records among the model's parts, one of each class
public record SaveOptions(Optional<ModelFormat> format, boolean optimizer, List<Record> parts) {
  public static final SaveOptions DEFAULTS = new SaveOptions(Optional.empty(), true, List.of());

  public SaveOptions {
    parts = List.copyOf(parts);
  }

  public SaveOptions format(ModelFormat format) {
    return new SaveOptions(Optional.of(format), optimizer, parts);
  }

  /// Without it, training that goes on begins with fresh moments.
  public SaveOptions optimizer(boolean optimizer) {
    return new SaveOptions(format, optimizer, parts);
  }

  /// A layer, loss or other part of an own class that the model has; whoever loads the file names
  /// it too ([LoadOptions#part]).
  public SaveOptions part(Record example) {
    List<Record> all = new ArrayList<>(parts);
    all.add(example);
    return new SaveOptions(format, optimizer, all);
  }

  /// The format of a file.
  public ModelFormat format(Path file) {
    return ModelFormat.chosen(format, file);
  }
}
