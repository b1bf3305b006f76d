/// The reference backend: plain Java loops for every operation. It is the oracle that other
/// backends are tested against, and what runs where no native library loads.
module io.kalamos.javacpu {
  requires io.kalamos.engine;

  provides io.kalamos.engine.Backend with
      io.kalamos.javacpu.JavaBackend;
}
