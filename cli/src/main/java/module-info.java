/// The command line: `./kalamos fit`, `evaluate`, `predict` and others over files of models, `lab`,
/// `bench`, `doctor`.
///
/// Each command stands in a class with its options; what it trains is in classes of its own, so
/// that one command loads nothing of another.
module io.kalamos.cli {
  requires io.kalamos;
  requires io.kalamos.datasets;
  requires io.kalamos.engine;
  requires io.kalamos.labs;
  requires io.kalamos.onnx;
  requires io.kalamos.plots;
  requires io.kalamos.saving;
  requires io.kalamos.tensorboard;
  requires java.management;
  requires jdk.management;

  uses io.kalamos.engine.Backend;
}
