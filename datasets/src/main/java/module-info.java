/// Loaders of data sets, which give tensors over the bytes as they lie on disk.
module io.kalamos.datasets {
  requires transitive io.kalamos;
  requires io.kalamos.mnist.data;
  requires java.desktop;

  exports io.kalamos.datasets;
}
