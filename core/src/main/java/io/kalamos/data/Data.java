package io.kalamos.data;

/// What a model can be trained and evaluated with: rows in memory, or a pipeline that makes them.
public sealed interface Data permits Samples, Dataset {}
