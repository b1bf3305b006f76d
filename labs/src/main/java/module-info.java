/// The labs: what the product lets a user do, each a row of small trainings whose figures stand
/// beside the original's.
module io.kalamos.labs {
  requires transitive io.kalamos;
  requires transitive io.kalamos.datasets;
  requires io.kalamos.mnist.data;
  requires io.kalamos.plots;
  requires io.kalamos.tensorboard;

  exports io.kalamos.labs;
}
