/// Fused element-wise kernels over native memory: described as data, compiled to machine code where
/// the processor allows it and to loops over heap arrays everywhere else.
module io.kalamos.kernels {
  requires transitive io.kalamos.engine;

  exports io.kalamos.kernels;
}
