package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// The state of a compiled model beside its weights: the optimizer's slots, the number of steps
/// done, the programs.
final class Compiled implements AutoCloseable {
  private final Network network;
  private final Compilation compilation;
  private final Goals goals;
  private final Slots slots = new Slots();
  private final Averages averages;
  private final Programs programs;
  private final DType type;
  private LearningRateSchedule rate;
  private long iterations;
  private long written;
  private Samples bound;
  private Samples latestSamples;
  private int latestSize;
  private Programs.Compiled latest;
  private final List<Programs.Compiled> boundTo = new ArrayList<>();

  Compiled(Network network, Compilation compilation, Backend backend) {
    this.network = network;
    this.compilation = compilation;
    this.goals = Goals.of(network, compilation);
    this.programs = new Programs(backend, compilation.execution());
    this.rate = compilation.optimizer().learningRate();
    this.averages = new Averages(network, slots, compilation.optimizer().options().useEma());
    this.type = network.precision().variableType();
    this.written = network.changes();
  }

  /// Forgets the programs where layers were frozen since they were written, here or in an inner
  /// model.
  void settle(String where) {
    if (network.precision().variableType() != type) {
      throw Refusal.of(
          where,
          "weights in " + type + " as compiled",
          "weights",
          network.precision().variableType(),
          "Another model with these weights was compiled in that type: compile this one again.");
    }
    if (network.changes() != written) {
      forgetPrograms();
      written = network.changes();
    }
  }

  Compilation compilation() {
    return compilation;
  }

  Goals goals() {
    return goals;
  }

  Slots slots() {
    return slots;
  }

  Averages averages() {
    return averages;
  }

  long iterations() {
    return iterations;
  }

  void iterations(long value) {
    iterations = value;
  }

  /// How far training has come.
  OptimizerState state() {
    return new OptimizerState(iterations, rate, slots.copies());
  }

  /// Goes on from there.
  void restore(OptimizerState state) {
    state
        .slots()
        .forEach(
            (path, value) -> {
              int end = path.lastIndexOf('/');
              String weight = path.substring(0, Math.max(end, 0));
              Weights.fits("optimizerState", network.weights().get(weight), value.shape());
            });
    slots.restore(state.slots());
    iterations = state.iterations();
    rate = state.learningRate();
  }

  LearningRateSchedule rate() {
    return rate;
  }

  void rate(LearningRateSchedule schedule) {
    rate = schedule;
  }

  long seed() {
    return compilation.execution().seed();
  }

  Consumer<String> log() {
    return compilation.execution().log();
  }

  /// Does one training step over a batch; the program keeps the figures.
  Programs.Compiled step(Batches batch, double rate) {
    Samples samples = batch.samples();
    int size = batch.size();
    if (samples != latestSamples || size != latestSize) {
      latest = training(Signature.of(size, samples));
      bind(latest, samples);
      latestSamples = samples;
      latestSize = size;
    }
    Programs.Compiled compiled = latest;
    compiled.set(Descent.LEARNING_RATE, rate);
    slots.tell(compiled, iterations);
    compiled.program().run(batch.rows(), batch.from(), (int) iterations);
    iterations++;
    return compiled;
  }

  /// One training step over all of these samples.
  Scores trainOnce(Samples samples) {
    RowBatches batch = new RowBatches(samples, samples.size());
    batch.open(0, 0);
    batch.next();
    Tally tally = new Tally(network, compilation);
    tally.add(step(batch, rate.at(iterations)), batch.size());
    return tally.scores();
  }

  Programs.Compiled training(Signature signature) {
    return programs.get(
        Programs.Mode.TRAINING,
        signature,
        () -> new StepGraph(network, compilation, signature).training(slots));
  }

  /// The values of all layers in a training step, without training.
  Program layers(Batches batch) {
    latestSamples = null;
    Samples samples = batch.samples();
    Signature signature = Signature.of(batch.size(), samples);
    Programs.Compiled layers =
        programs.get(
            Programs.Mode.LAYERS,
            signature,
            () -> new StepGraph(network, compilation, signature).layers());
    bindInputs(layers, samples);
    layers.program().run(batch.rows(), batch.from(), (int) iterations);
    return layers.program();
  }

  /// The gradients of the loss over the batch of the step just done, for the weights of now, by the
  /// weights' paths.
  SequencedMap<String, Tensor> gradients(Batches batch) {
    latestSamples = null;
    Samples samples = batch.samples();
    Signature signature = Signature.of(batch.size(), samples);
    Programs.Compiled gradients =
        programs.get(
            Programs.Mode.GRADIENTS,
            signature,
            () -> new StepGraph(network, compilation, signature).gradients());
    bind(gradients, samples);
    gradients.program().run(batch.rows(), batch.from(), (int) iterations - 1);
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    for (String path : network.weights().paths()) {
      if (gradients.graph().outputs().containsKey(path)) {
        results.put(path, gradients.program().output(path).copy());
      }
    }
    return results;
  }

  /// Loss and metrics over the first `steps` batches of a pass.
  Tally evaluate(Batches batches, int steps) {
    latestSamples = null;
    Tally tally = new Tally(network, compilation);
    batches.open(0, 0);
    int done = batches instanceof RowBatches rows ? apart(rows, steps, tally) : 0;
    for (int step = done; step < steps && batches.next(); step++) {
      Signature signature = Signature.of(batches.size(), batches.samples());
      Programs.Compiled evaluation =
          programs.get(
              Programs.Mode.EVALUATION,
              signature,
              () -> new StepGraph(network, compilation, signature).evaluation());
      bind(evaluation, batches.samples());
      evaluation.program().run(batches.rows(), batches.from(), 0);
      tally.add(evaluation, batches.size());
    }
    return tally;
  }

  /// Takes the batches of full size, where they are enough to give each thread some of its own;
  /// returns how many there were.
  private int apart(RowBatches batches, int steps, Tally tally) {
    int full = Math.min(steps, batches.full());
    if (programs.threads() == 1 || full < BatchesApart.FEWEST) {
      return 0;
    }
    Samples samples = batches.samples();
    Signature signature = Signature.of(batches.fullSize(), samples);
    List<Programs.Compiled> alone =
        programs.alone(
            Programs.Mode.EVALUATION_ALONE,
            signature,
            () -> new StepGraph(network, compilation, signature).evaluation());
    alone.forEach(program -> bindAll(program, samples));
    new BatchesApart(alone, batches, full).addTo(tally);
    batches.skip(full);
    return full;
  }

  /// Names the data once for each program and set of samples.
  private void bind(Programs.Compiled program, Samples samples) {
    if (bound != samples) {
      bound = samples;
      boundTo.clear();
    }
    for (Programs.Compiled known : boundTo) {
      if (known == program) {
        return;
      }
    }
    bindAll(program, samples);
    boundTo.add(program);
  }

  private void bindAll(Programs.Compiled program, Samples samples) {
    bindInputs(program, samples);
    for (int i = 0; i < samples.y().size(); i++) {
      String output = goals.target(i);
      program.bind(StepGraph.target(output), samples.y().get(i));
      if (!samples.weights().isEmpty()) {
        samples.weights().get(i).ifPresent(w -> program.bind(StepGraph.weight(output), w));
      }
    }
  }

  private void bindInputs(Programs.Compiled program, Samples samples) {
    for (int i = 0; i < samples.x().size(); i++) {
      program.bind(StepGraph.input(network, i), samples.x().get(i));
    }
  }

  /// Forgets the programs: variables were replaced, or a layer was frozen.
  void forgetPrograms() {
    bound = null;
    latestSamples = null;
    boundTo.clear();
    programs.close();
  }

  @Override
  public void close() {
    forgetPrograms();
  }
}
