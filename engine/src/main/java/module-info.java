/// The compiler below the layers: symbolic operations, gradients, rewrites, and the interface that
/// backends implement. Depends on nothing.
module io.kalamos.engine {
  exports io.kalamos.engine;

  uses io.kalamos.engine.Backend;
}
