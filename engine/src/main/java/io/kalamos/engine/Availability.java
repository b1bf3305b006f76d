package io.kalamos.engine;

/// Whether a backend can work here, and what it found or misses, in words for the user.
public record Availability(boolean usable, String details) {}
