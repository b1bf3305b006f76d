/// The fast backend: oneDNN's C library reached through the foreign function interface for products
/// and pooling, fused kernels for everything else.
module io.kalamos.onednn {
  requires io.kalamos.engine;
  requires io.kalamos.kernels;

  provides io.kalamos.engine.Backend with
      io.kalamos.onednn.OneDnnBackend;
}
