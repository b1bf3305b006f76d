/// Contracts and golden values for layers and operations, the product's own and those of its users.
module io.kalamos.testkit {
  exports io.kalamos.testkit;
}
