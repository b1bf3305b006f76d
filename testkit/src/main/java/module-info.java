/// Contracts and golden values for layers and operations, the product's own and those of its users.
module io.kalamos.testkit {
  requires transitive io.kalamos;
  requires io.kalamos.javacpu;
  requires static io.kalamos.onednn;

  exports io.kalamos.testkit;
}
