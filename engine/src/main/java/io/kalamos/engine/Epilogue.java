package io.kalamos.engine;

import java.util.Optional;

/// What a product does to its result before it leaves the registers: adds a bias per channel (the
/// third input), applies a function. Written by the rewrites only, after gradients were taken.
public record Epilogue(boolean bias, Optional<Unary> activation) {
  public static final Epilogue NONE = new Epilogue(false, Optional.empty());

  Epilogue withBias() {
    return new Epilogue(true, activation);
  }

  Epilogue then(Unary function) {
    return new Epilogue(bias, Optional.of(function));
  }

  @Override
  public String toString() {
    return (bias ? "+bias" : "") + activation.map(f -> "+" + f.label()).orElse("");
  }
}
