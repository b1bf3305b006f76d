package io.kalamos.saving;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a configuration names a class: with its module or, in files before Keras 3, without.
///
/// @param module empty where none is named
/// @param kind the class's name, or Keras's short one such as `glorot_uniform`
/// @param registered the name of a class that is not Keras's own, such as `Custom>MyLayer`; else
///   empty
record ClassName(String module, String kind, String registered, Optional<String> function) {
  /// Where Keras and its earlier generations have their classes.
  private static final Set<String> ROOTS = Set.of("keras", "tf_keras", "tensorflow", "builtins");

  static ClassName of(JsonNode node) {
    if (node.isTextual()) {
      return new ClassName("", node.asText(), "", Optional.of(node.asText()));
    }
    String kind = node.path("class_name").asText("");
    String module = node.path("module").asText("");
    String registered = node.path("registered_name").asText("");
    JsonNode config = node.path("config");
    boolean function = kind.equals("function") && config.isTextual();
    if (kind.contains(">")) {
      registered = kind;
      kind = kind.substring(kind.lastIndexOf('>') + 1);
    }
    return new ClassName(
        node.path("module").isNull() ? "" : module,
        kind,
        node.path("registered_name").isNull() ? "" : registered,
        function ? Optional.of(config.asText()) : Optional.empty());
  }

  /// Operations of Keras that a merging layer here is.
  private static final Set<String> OPERATORS =
      Set.of("Add", "Subtract", "Multiply", "Maximum", "Minimum");

  /// Whether what a functional model wrote for `x + y` and the like is meant.
  boolean isOperator() {
    return module.startsWith("keras.src.ops.numpy") && OPERATORS.contains(kind);
  }

  /// Whether Keras's own class of this name is meant, and no class of a user. Its operations have
  /// classes too, some by the names of layers that compute something else.
  boolean isKeras() {
    if (List.of(module.split("\\.")).contains("ops")) {
      return false;
    }
    String root = module.contains(".") ? module.substring(0, module.indexOf('.')) : module;
    String plain = registered.startsWith("Custom>") && module.isEmpty() ? kind : registered;
    return (module.isEmpty() || ROOTS.contains(root)) && (plain.isEmpty() || plain.equals(kind));
  }

  /// Whether a class of ours that Keras does not have is meant.
  boolean isOurs() {
    return registered.equals(Parts.OURS + ">" + kind);
  }

  /// What messages show.
  String told() {
    if (function.isPresent() && kind.equals("function")) {
      return "function " + function.get();
    }
    return module.isEmpty() ? kind : kind + " of " + module;
  }
}
