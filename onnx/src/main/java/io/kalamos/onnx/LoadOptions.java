package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How an ONNX file becomes a model.
///
/// @param channelsLast whether inputs with four axes, pictures (batch, channels, height, width) in
///   the file, are (batch, height, width, channels) in the model, and outputs with four axes too
/// @param inputs shapes of one sample by the input's name, where the file leaves them open
/// @param outputs names of the values that the model gives; the file's outputs where it is empty
public record LoadOptions(boolean channelsLast, Map<String, Shape> inputs, List<String> outputs) {
  static final LoadOptions DEFAULTS = new LoadOptions(false, Map.of(), List.of());

  public LoadOptions {
    inputs = Map.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// Takes and gives pictures with their channels last, as Keras does, whatever the file says.
  public LoadOptions channelsLast(boolean channelsLast) {
    return Vary.of(this, "channelsLast", channelsLast);
  }

  /// The sizes of one sample of an input, as the file orders them, where the file leaves some open.
  public LoadOptions input(String name, int... sizes) {
    Shape shape = Shape.of(sizes);
    for (int size : sizes) {
      if (size < 1) {
        throw Refusal.of(
            "Onnx.load",
            "sizes of 1 or more, without the batch",
            "input",
            name + shape,
            "Name the sizes of one sample, such as input(\"image\", 3, 224, 224).");
      }
    }
    Map<String, Shape> more = new LinkedHashMap<>(inputs);
    more.put(name, shape);
    return Vary.of(this, "inputs", more);
  }

  /// Ends the model at other values of the file, such as the one before its last layer.
  public LoadOptions outputs(String... names) {
    return Vary.of(this, "outputs", new ArrayList<>(List.of(names)));
  }
}
