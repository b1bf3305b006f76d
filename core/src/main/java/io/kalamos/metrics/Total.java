package io.kalamos.metrics;

import io.kalamos.engine.Node;

/// A metric over one batch: two single numbers, whose sums over all batches are divided.
public record Total(Node sum, Node count) {}
