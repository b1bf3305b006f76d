package io.kalamos.layers;

/// A further result of a layer that gives several.
///
/// @param index from 1 on; the application itself stands for the first
public record Output(Application application, int index) implements Symbol {}
