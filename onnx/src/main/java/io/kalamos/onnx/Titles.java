package io.kalamos.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Names of layers from names in files, so that a layer can be found, and frozen, by the name that
/// it had before: `layer1.0.conv1` of a weight `layer1.0.conv1.weight` or of a node
/// `/layer1/layer1.0/conv1/Conv`.
final class Titles {
  /// What exporters put behind the name of a layer.
  private static final Set<String> ENDINGS =
      Set.of(
          "weight",
          "bias",
          "kernel",
          "gamma",
          "beta",
          "alpha",
          "embeddings",
          "running_mean",
          "readvariableop",
          "readvariableop:0",
          "conv2d",
          "convolution",
          "depthwise",
          "matmul",
          "biasadd",
          "lstm_cell",
          "gru_cell",
          "simple_rnn_cell",
          "add");

  private Titles() {}

  /// The name of a node's layer; empty where the file has none that says something.
  static String of(NodeProto node, List<String> weights) {
    for (String weight : weights) {
      String title = Names.plain(stripped(weight));
      if (!title.isEmpty()) {
        return title;
      }
    }
    return Names.plain(path(node.name()));
  }

  /// A weight's name without its last part, where that says which of a layer's weights it is.
  private static String stripped(String weight) {
    String name = weight;
    boolean ended = false;
    while (true) {
      int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
      String last = name.substring(end + 1).toLowerCase(Locale.ROOT);
      if (end < 0 || !ENDINGS.contains(last.replaceAll("_\\d+$", ""))) {
        return ended ? withoutScopes(name) : "";
      }
      ended = true;
      name = name.substring(0, end);
    }
  }

  /// TensorFlow's scopes, of which only the last part names the layer.
  private static String withoutScopes(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /// A node's path without the operator, and without parts that the next one repeats.
  private static String path(String node) {
    if (!node.startsWith("/")) {
      return "";
    }
    List<String> parts = new ArrayList<>(List.of(node.substring(1).split("/")));
    parts.removeLast();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      boolean repeated = i + 1 < parts.size() && parts.get(i + 1).startsWith(parts.get(i) + ".");
      if (!repeated) {
        kept.add(parts.get(i));
      }
    }
    return String.join(".", kept);
  }
}
