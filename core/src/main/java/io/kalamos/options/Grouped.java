package io.kalamos.options;

/// A record whose components are options of the one that holds it: Keras's configuration has them
/// side by side.
public interface Grouped {}
