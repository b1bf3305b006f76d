package io.kalamos.models;

import io.kalamos.callbacks.History;
import io.kalamos.data.Dataset;
import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Symbol;
import io.kalamos.losses.Loss;
import io.kalamos.metrics.Metric;
import io.kalamos.models.spi.ModelFiles;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Layers with weights, which can be trained, evaluated, asked and saved.
///
/// A model is a layer too: in another model, `Sequential.of(Input.of(8), base, Dense.of(1))` or
/// `base.on(x)`, it brings its very own weights, there under `base/dense/kernel`. Training one of
/// the two changes both; so does [#trainable(boolean)]. Applied several times, or in several
/// models, it is always the same. `base.named("encoder")` is the same model under another name.
///
/// Any number of threads may predict at once, as long as none trains or sets weights; everything
/// else is for one thread at a time.
public final class Model implements Layer, AutoCloseable {
  private final Optional<String> name;
  private final Network network;
  private Execution execution = Execution.DEFAULTS;
  private ModelExtras extras = ModelExtras.NONE;
  private Compiled compiled;
  private volatile Predictors predictors;
  private volatile Single single;

  Model(Topology topology) {
    this(Optional.empty(), new Network(topology, 0));
  }

  private Model(Optional<String> name, Network network) {
    this.name = name;
    this.network = network;
  }

  /// The functional model that leads from an input to an output.
  public static Model of(Symbol input, Symbol output) {
    return of(List.of(input), List.of(output));
  }

  /// The functional model that leads from inputs to outputs. The same layer instance, or the same
  /// explicit name on equal layers, applied several times shares its weights.
  public static Model of(List<? extends Symbol> inputs, List<? extends Symbol> outputs) {
    return new Model(Topology.between(inputs, outputs));
  }

  /// The name that was given.
  @Override
  public Optional<String> name() {
    return name;
  }

  /// The same layers and weights under a name of their own; compilations are not shared.
  @Override
  public Model named(String name) {
    return new Model(Optional.of(Names.checked("Model", name)), network);
  }

  /// The name in summaries: the given one, else Keras's, such as `sequential`.
  public String title() {
    return name.orElseGet(() -> network.topology().title());
  }

  /// `Sequential` or `Functional`.
  @Override
  public String kind() {
    return network.topology().kind();
  }

  @Override
  public boolean takesSeveral() {
    return network.topology().inputs().size() > 1;
  }

  /// Writes this model's layers as a part of another model, whose trace calls this.
  @Override
  public Node call(Call call, Node x) {
    return switch (call) {
      case Trace.Site site -> site.model(network);
      case Call other ->
          throw new IllegalStateException(
              other.path() + ": expected a call from a model, received call=" + other.getClass());
    };
  }

  Network network() {
    return network;
  }

  /// The layers by name, in the summary's order.
  public SequencedMap<String, Layer> layers() {
    return Collections.unmodifiableSequencedMap(network.topology().layers());
  }

  /// The names of the inputs, in the order of the data.
  public List<String> inputNames() {
    return IntStream.range(0, network.topology().inputs().size())
        .mapToObj(network::inputName)
        .toList();
  }

  /// The names of the outputs, in the order of the targets: those of the layers that give them,
  /// numbered where one gives several.
  public List<String> outputNames() {
    return IntStream.range(0, network.topology().outputs().size())
        .mapToObj(network::outputName)
        .toList();
  }

  /// The layer of this name, `base/dense` for one in an inner model.
  public Layer layer(String path) {
    return network.layer(path);
  }

  /// A model of the same layers with weights of its own, drawn anew with seed 0; inner models are
  /// cloned too, once each.
  public Model cloneModel() {
    return cloned(new IdentityHashMap<>());
  }

  Model cloned(Map<Object, Layer> copies) {
    return new Model(name, new Network(network.topology().copy(copies), 0));
  }

  /// Which layer is applied to what.
  public ModelGraph graph() {
    return ModelGraph.of(title(), network);
  }

  /// The operations of a prediction for so many samples, as the layers write them: what exports
  /// translate. Inputs have the names of [#inputNames]; the results stand in the order of
  /// [#outputNames].
  ///
  /// @param leftOut layers that are not written, unless time steps are masked there
  public PredictionGraph predictionGraph(int batch, Predicate<Layer> leftOut) {
    Checks.batchSize("predictionGraph", batch);
    Signature signature = Explanation.signature(network, batch);
    return StepGraph.predictionAsWritten(network, signature, leftOut);
  }

  /// Names what training makes small, how, and what it watches; forgets an earlier compilation.
  public void compile(Optimizer optimizer, Loss loss, Metric... metrics) {
    compile(Compilation.of(optimizer, loss, metrics));
  }

  /// The same with options: `Compilation.of(...).running(run -> run.seed(7).backend("java"))`.
  public synchronized void compile(Compilation compilation) {
    Goals.of(network, compilation);
    Backend backend = Backends.choose(compilation.execution());
    close();
    execution = compilation.execution();
    network.precision(Backends.precision(execution, backend));
    compiled = new Compiled(network, compilation, backend);
    predictors = new Predictors(network, backend, execution);
    Checks.logits(network, compilation);
  }

  /// In which types the model computes: what was asked for, or float32 where the processor has no
  /// products of that type.
  public Precision precision() {
    return network.precision();
  }

  /// Trains with the options' defaults.
  public History fit(Samples samples) {
    return fit(samples, fit -> fit);
  }

  public History fit(Tensor x, Tensor y, UnaryOperator<Fit> options) {
    return fit(Samples.of(x, y), options);
  }

  /// Trains: `model.fit(data, fit -> fit.batchSize(128).epochs(5).validationSplit(0.1))`.
  public synchronized History fit(Samples samples, UnaryOperator<Fit> options) {
    Compiled state = compiled("fit");
    return new FitCall(this, state, samples, options.apply(Fit.DEFAULTS)).run();
  }

  /// Trains with the batches of a dataset; an epoch is a pass over it, or `stepsPerEpoch` batches,
  /// which one without an end needs.
  public synchronized History fit(Dataset dataset, UnaryOperator<Fit> options) {
    Compiled state = compiled("fit");
    return new FitCall(this, state, dataset, options.apply(Fit.DEFAULTS)).run();
  }

  /// Loss and metrics over these samples, 32 at a time.
  public Scores evaluate(Samples samples) {
    return evaluate(samples, 32);
  }

  public Scores evaluate(Tensor x, Tensor y) {
    return evaluate(Samples.of(x, y), 32);
  }

  public synchronized Scores evaluate(Samples samples, int batchSize) {
    Compiled state = compiled("evaluate");
    Checks.batchSize("evaluate", batchSize);
    Samples fitting = Checks.samples("evaluate", network, state.compilation(), samples);
    Batches batches = new RowBatches(fitting, batchSize);
    return state.evaluate(batches, Integer.MAX_VALUE).scores();
  }

  /// Loss and metrics over the batches of a dataset.
  public synchronized Scores evaluate(Dataset dataset) {
    Compiled state = compiled("evaluate");
    FitCall.endless("evaluate", "take", dataset, false);
    try (Batches batches = new DatasetBatches("evaluate", network, state.compilation(), dataset)) {
      return state.evaluate(batches, Integer.MAX_VALUE).scores();
    }
  }

  /// Does one training step over all of these samples; their loss and metrics before the step.
  public Scores trainOnBatch(Samples batch) {
    return trainOnBatch(batch, Map.of());
  }

  public Scores trainOnBatch(Tensor x, Tensor y) {
    return trainOnBatch(Samples.of(x, y));
  }

  /// The same where samples count by their classes, for a model with one target.
  public synchronized Scores trainOnBatch(Samples batch, Map<Integer, Double> classWeight) {
    Compiled state = compiled("trainOnBatch");
    Samples fitting = Checks.samples("trainOnBatch", network, state.compilation(), batch);
    if (!classWeight.isEmpty()) {
      PerOutput<Map<Integer, Double>> option = new PerOutput.All<>(classWeight);
      ClassWeights.check(option);
      fitting = ClassWeights.of(state.goals(), option).orElseThrow().weighted(fitting);
    }
    return state.trainOnce(fitting);
  }

  /// Loss and metrics of all of these samples in one step.
  public Scores testOnBatch(Samples batch) {
    return evaluate(batch, Math.max(1, batch.size()));
  }

  public Scores testOnBatch(Tensor x, Tensor y) {
    return testOnBatch(Samples.of(x, y));
  }

  /// The first output for all of these samples in one step.
  public Tensor predictOnBatch(Tensor x) {
    int samples = x.shape().rank() == 0 ? 1 : Math.max(1, x.shape().dim(0));
    return predict(List.of(x), samples).getFirst();
  }

  /// The first output for all batches of a dataset, behind each other; targets do not matter.
  public Tensor predict(Dataset dataset) {
    return Prediction.of(network, predictors(), dataset).getFirst();
  }

  /// The first output for each of the samples x, shape (samples, ...), float32 or float64.
  public Tensor predict(Tensor x) {
    return predict(List.of(x), 32).getFirst();
  }

  /// All outputs for samples of all inputs, `batchSize` at a time.
  public List<Tensor> predict(List<Tensor> x, int batchSize) {
    Checks.batchSize("predict", batchSize);
    return Prediction.of(network, predictors(), Checks.inputs("predict", network, x), batchSize);
  }

  /// The first output for a single sample, row-major, into `result`: no garbage, and safe from any
  /// number of threads.
  public void predict(float[] sample, float[] result) {
    Single known = single;
    if (known == null || !known.current()) {
      known = single = new Single(network, predictors());
    }
    known.predict(sample, result);
  }

  /// Backend and threads of the predictions of a model that is not compiled, such as one from an
  /// ONNX file: `model.running(run -> run.threads(1))`. A compiled one runs as its compilation
  /// says.
  public synchronized Model running(UnaryOperator<Execution> options) {
    if (compiled != null) {
      throw new IllegalStateException(
          "running: expected a model that is not compiled, received model="
              + title()
              + ". Compile it with Compilation.of(...).running(...).");
    }
    execution = options.apply(execution);
    forgetPredictors();
    return this;
  }

  /// The state of training.
  Compiled compiled(String what) {
    if (compiled == null) {
      throw new IllegalStateException(
          what
              + ": expected a compiled model, received model="
              + title()
              + ". Call model.compile(optimizer, loss, metrics) first.");
    }
    network.checkInner(what);
    compiled.settle(what);
    return compiled;
  }

  private Predictors predictors() {
    Predictors known = predictors;
    if (known != null && known.current("predict")) {
      return known;
    }
    synchronized (this) {
      if (predictors == null || !predictors.current("predict")) {
        forgetPredictors();
        predictors = new Predictors(network, Backends.choose(execution), execution);
      }
      return predictors;
    }
  }

  /// The weights by path, such as `dense/kernel`, in Keras's order; the tensors are the memory that
  /// the model works with.
  public SequencedMap<String, Tensor> weights() {
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    network.weights().all().forEach(variable -> weights.put(variable.path(), variable.value()));
    return weights;
  }

  /// A copy of the weight of this path.
  public Tensor weight(String path) {
    return network.weights().get(path).value().copy();
  }

  /// Copies of all weights, in Keras's order.
  public List<Tensor> getWeights() {
    return network.weights().copies();
  }

  /// Copies of the weights of a layer, `base/dense` for one in an inner model.
  public List<Tensor> getWeights(String layer) {
    return network.layerWeights(layer).stream().map(v -> v.value().copy()).toList();
  }

  /// Gives the weights of a layer these values, in its order.
  public void setWeights(String layer, List<Tensor> values) {
    Weights.assign(network.layerWeights(layer), values);
  }

  /// Gives all weights these values, in Keras's order.
  public void setWeights(List<Tensor> values) {
    network.weights().assign(values);
  }

  /// Gives the weight of this path these values.
  public void setWeight(String path, Tensor value) {
    Variable variable = network.weights().get(path);
    Weights.fits("setWeight", variable, value.shape());
    variable.value().copyFrom(value);
  }

  /// Draws all weights anew; the same seed gives the same weights.
  public Model initialize(long seed) {
    network.weights().fill(seed);
    return this;
  }

  /// The number of weights, trainable or not.
  public long countParams() {
    return network.weights().all().stream().mapToLong(v -> v.value().size()).sum();
  }

  /// Whether training changes the weight of this path.
  public boolean trainable(String path) {
    return network.trainable(network.weights().get(path));
  }

  /// Whether training shall change a layer, `base/dense` for one in an inner model; a frozen batch
  /// normalisation uses its moving statistics.
  public synchronized void trainable(String layer, boolean trainable) {
    network.freeze(layer, !trainable);
    if (compiled != null) {
      compiled.forgetPrograms();
    }
  }

  /// Whether training shall change any layer; sets it for each of them.
  public synchronized void trainable(boolean trainable) {
    trainable("", trainable);
  }

  /// Whether training changes layers at all.
  public boolean trainable() {
    return !network.frozen("");
  }

  /// What files hold of this model beside what Keras knows: names of classes, and where it comes
  /// from.
  public ModelExtras extras() {
    return extras;
  }

  public synchronized Model extras(ModelExtras extras) {
    this.extras = extras;
    return this;
  }

  /// Writes the model as Keras reads it: layers, weights and, where it is compiled, how and how far
  /// it trained. `best.keras` becomes Keras 3's format, `best.h5` the one before. The file is there
  /// whole or not at all, and it was read back and compared.
  ///
  /// Needs the module `io.kalamos.saving`.
  public void save(String file) throws IOException {
    save(Path.of(file));
  }

  public void save(Path file) throws IOException {
    save(file, save -> save);
  }

  /// The same with options: `model.save(file, save -> save.format(ModelFormat.H5))`.
  public synchronized void save(Path file, UnaryOperator<SaveOptions> options) throws IOException {
    SaveOptions chosen = options.apply(SaveOptions.DEFAULTS);
    chosen.format(file);
    ModelFiles.find("save").save(this, file, chosen);
  }

  /// Reads a model that [#save] or Keras wrote, whatever its name; it goes on training where it
  /// stopped.
  public static Model load(String file) throws IOException {
    return load(Path.of(file));
  }

  public static Model load(Path file) throws IOException {
    return load(file, load -> load);
  }

  /// The same with options: `Model.load(file, load -> load.compile(false))`.
  public static Model load(Path file, UnaryOperator<LoadOptions> options) throws IOException {
    return ModelFiles.find("load").load(file, options.apply(LoadOptions.DEFAULTS));
  }

  public void saveWeights(String file) throws IOException {
    saveWeights(Path.of(file));
  }

  /// Writes the weights to a file, which is there whole or not at all: `.weights.h5` as Keras 3
  /// does, the optimizer's state included; any other `.h5` or `.hdf5` as Keras did before; else in
  /// a format of our own.
  public void saveWeights(Path file) throws IOException {
    if (ModelFormat.hdf5(file)) {
      ModelFiles.find("saveWeights").saveWeights(this, file);
      return;
    }
    if (ModelFormat.of(file).isPresent()) {
      throw Refusal.of(
          "saveWeights",
          "a file name such as best.weights.h5 or best.weights",
          "file",
          file,
          "A file of this name holds a whole model: call model.save(file).");
    }
    WeightsFile.write(file, network.weights());
  }

  public void loadWeights(String file) throws IOException {
    loadWeights(Path.of(file));
  }

  /// Reads weights that [#saveWeights], [#save] or Keras wrote, from a model with the same layers.
  public void loadWeights(Path file) throws IOException {
    if (WeightsFile.foreign(file)) {
      ModelFiles.find("loadWeights").loadWeights(this, file);
    } else {
      WeightsFile.read(file, network.weights());
    }
  }

  /// How the model was compiled, if it was.
  public Optional<Compilation> compilation() {
    return Optional.ofNullable(compiled).map(Compiled::compilation);
  }

  /// How far training has come, as copies.
  public synchronized OptimizerState optimizerState() {
    return compiled("optimizerState").state();
  }

  /// Goes on from another state: slots that it lacks begin anew.
  public synchronized void optimizerState(OptimizerState state) {
    compiled("optimizerState").restore(state);
  }

  /// Layers, shapes and numbers of weights, as Keras prints it.
  public String summary() {
    return summary(summary -> summary);
  }

  /// The same with options: `model.summary(summary -> summary.expandNested(true))`.
  public String summary(UnaryOperator<SummaryOptions> options) {
    return new Summary(options.apply(SummaryOptions.DEFAULTS), network).of(title(), compiled);
  }

  /// The graph of a training step (of a prediction, where the model is not compiled) over batches
  /// of 32, and what the backend makes of it.
  public String explain() {
    return explain(32, 0);
  }

  /// The same for a batch size, with the least time of each kernel in `runs` steps on random
  /// numbers; the weights stay as they are.
  public synchronized String explain(int batch, int runs) {
    return Explanation.of(network, compiled, Backends.choose(execution), execution, batch, runs);
  }

  /// Frees the programs; the weights stay, and programs are made anew when needed.
  @Override
  public synchronized void close() {
    if (compiled != null) {
      compiled.forgetPrograms();
    }
    forgetPredictors();
  }

  private void forgetPredictors() {
    Predictors old = predictors;
    predictors = null;
    single = null;
    if (old != null) {
      old.close();
    }
  }

  /// `Sequential base`, with the number of weights.
  @Override
  public String toString() {
    return kind()
        + " "
        + title()
        + " of "
        + layers().size()
        + " layers, "
        + countParams()
        + " weights";
  }
}
