/// Files of others: Keras's configurations.
module io.kalamos.saving {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.kalamos;

  exports io.kalamos.saving;
}
