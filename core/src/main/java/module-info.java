/// Layers, models and training: what a user writes programs with.
module io.kalamos {
  requires transitive io.kalamos.engine;

  exports io.kalamos.activations;
  exports io.kalamos.callbacks;
  exports io.kalamos.constraints;
  exports io.kalamos.data;
  exports io.kalamos.initializers;
  exports io.kalamos.layers;
  exports io.kalamos.losses;
  exports io.kalamos.metrics;
  exports io.kalamos.models;
  exports io.kalamos.models.spi;
  exports io.kalamos.optimizers;
  exports io.kalamos.options;
  exports io.kalamos.regularizers;
  exports io.kalamos.schedules;

  uses io.kalamos.models.spi.ModelFiles;
}
