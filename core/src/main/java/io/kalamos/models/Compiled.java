package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Program;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// The state of a compiled model beside its weights: the optimizer's slots, the number of steps
/// done, the programs.
final class Compiled implements AutoCloseable {
  private final Network network;
  private final Compilation compilation;
  private final Slots slots = new Slots();
  private final Programs programs;
  private LearningRateSchedule rate;
  private long iterations;
  private Samples bound;
  private Samples latestSamples;
  private int latestSize;
  private Programs.Compiled latest;
  private final List<Program> boundTo = new ArrayList<>();

  Compiled(Network network, Compilation compilation, Backend backend) {
    this.network = network;
    this.compilation = compilation;
    this.programs = new Programs(backend, compilation.execution());
    this.rate = compilation.optimizer().learningRate();
  }

  Compilation compilation() {
    return compilation;
  }

  Slots slots() {
    return slots;
  }

  long iterations() {
    return iterations;
  }

  void iterations(long value) {
    iterations = value;
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

  /// Does one training step over `order[from]` .. `order[from + size - 1]`; the program keeps the
  /// figures.
  Program step(Samples samples, int size, double rate, int[] order, int from) {
    if (samples != latestSamples || size != latestSize) {
      latest = training(Signature.of(size, samples));
      bind(latest.program(), samples);
      latestSamples = samples;
      latestSize = size;
    }
    Programs.Compiled compiled = latest;
    compiled.set(Descent.LEARNING_RATE, rate);
    compiled.set(Descent.ITERATION, iterations + 1);
    compiled.program().run(order, from, (int) iterations);
    iterations++;
    return compiled.program();
  }

  Programs.Compiled training(Signature signature) {
    return programs.get(
        Programs.Mode.TRAINING,
        signature,
        () -> new StepGraph(network, compilation, signature).training(slots));
  }

  /// The values of all layers in a training step, without training.
  Program layers(Samples samples, int size, int[] order, int from) {
    latestSamples = null;
    Signature signature = Signature.of(size, samples);
    Program program =
        programs
            .get(
                Programs.Mode.LAYERS,
                signature,
                () -> new StepGraph(network, compilation, signature).layers())
            .program();
    bindInputs(program, samples);
    program.run(order, from, (int) iterations);
    return program;
  }

  /// Loss and metrics over all samples, each name behind `prefix`.
  SequencedMap<String, Double> evaluate(Samples samples, int batchSize, String prefix) {
    latestSamples = null;
    Tally tally = new Tally(network, compilation);
    int[] order = new int[samples.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int batch = Math.min(batchSize, order.length);
    for (int from = 0; from < order.length; from += batch) {
      int size = Math.min(batch, order.length - from);
      Signature signature = Signature.of(size, samples);
      Program program =
          programs
              .get(
                  Programs.Mode.EVALUATION,
                  signature,
                  () -> new StepGraph(network, compilation, signature).evaluation())
              .program();
      bind(program, samples);
      program.run(order, from, 0);
      tally.add(program, size);
    }
    return tally.means(prefix);
  }

  /// Names the data once for each program and set of samples.
  private void bind(Program program, Samples samples) {
    if (bound != samples) {
      bound = samples;
      boundTo.clear();
    }
    for (Program known : boundTo) {
      if (known == program) {
        return;
      }
    }
    bindInputs(program, samples);
    for (int i = 0; i < samples.y().size(); i++) {
      program.bind(StepGraph.target(network, i), samples.y().get(i));
    }
    boundTo.add(program);
  }

  private void bindInputs(Program program, Samples samples) {
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
