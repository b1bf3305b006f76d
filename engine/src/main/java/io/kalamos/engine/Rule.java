package io.kalamos.engine;

import java.util.function.ToIntFunction;

/// One row of a rewrite table: a replacement of a node by an equal, cheaper one.
///
/// @param name for listings and tests
/// @param algebra the identity in words
/// @param step the replacement, or `null` where the rule does not apply
public record Rule(String name, String algebra, Step step) {
  /// Gets a node whose inputs are rewritten already, and how often a node is used.
  public interface Step {
    Node apply(Node node, ToIntFunction<Node> uses);
  }
}
