/// The four files of the MNIST database as resources, and as mapped files. See `NOTICE` for source
/// and licence of the data.
module io.kalamos.mnist.data {
  exports io.kalamos.mnist.data;

  opens io.kalamos.mnist.data;
}
