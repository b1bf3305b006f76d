/// Files of others: Keras's models, weights and configurations.
module io.kalamos.saving {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.kalamos;

  exports io.kalamos.saving;

  provides io.kalamos.models.spi.ModelFiles with
      io.kalamos.saving.KerasFiles;
}
