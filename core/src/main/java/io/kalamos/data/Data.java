package io.kalamos.data;

/// What a model can be trained and evaluated with.
public sealed interface Data permits Samples {}
