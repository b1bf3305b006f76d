package io.kalamos.layers;

/// A value of a functional model before there are numbers: an input, or what a layer makes of
/// others. Inputs and applications are compared by identity.
public sealed interface Symbol permits Input, Application, Output {}
