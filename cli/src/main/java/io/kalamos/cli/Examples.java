package io.kalamos.cli;

import static java.util.function.Predicate.not;

import io.kalamos.data.Preprocessing;
import io.kalamos.data.Samples;
import io.kalamos.datasets.Npz;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Loss;
import io.kalamos.losses.TargetKind;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data that `--input` and `--target` name, in the form that a model takes.
///
/// A model with one input takes the array `x` of a `.npz`, or the array of the input's name, or the
/// only one; a model with several takes those of the inputs' names. Targets likewise, by `y` and
/// the outputs' names. MNIST's images get the model's shape where they have as many pixels, and
/// class indices become one-hot where the loss compares with one-hot rows.
final class Examples {
  private static final String ARRAYS = "x.npy, data.npz, data.npz:NAME, mnist:train or mnist:test";

  private final Model model;
  private final Console console;

  Examples(Model model, Console console) {
    this.model = model;
    this.console = console;
  }

  /// Inputs and targets for a compiled model.
  Samples samples(Arguments arguments) {
    var input = source(Option.INPUT, arguments.needed(Option.INPUT));
    var target = arguments.text(Option.TARGET).map(text -> source(Option.TARGET, text));
    var x = inputs(input);
    var y = targets(target.orElseGet(() -> withInput(input)));
    return new Samples(x, y, List.of(), List.of(), y.size() == 1 ? List.of() : outputsWithGoals());
  }

  /// Inputs alone.
  List<Tensor> inputs(Source source) {
    var names = model.inputNames();
    return switch (source) {
      case Source.Digits digits -> List.of(shaped(digits.tensor(Source.Role.INPUT)));
      case Source.Array array -> List.of(array.tensor());
      case Source.Member member -> List.of(member.tensor());
      case Source.Arrays arrays -> zipped(arrays, Option.INPUT, Source.Role.INPUT, names);
      case Source.Pictures pictures -> throw noPictures(Option.INPUT, pictures);
    };
  }

  private static Source source(Option option, String text) {
    return switch (Source.of(option, text, ARRAYS)) {
      case Source.Pictures pictures -> throw noPictures(option, pictures);
      case Source source -> source;
    };
  }

  private static UsageException noPictures(Option option, Source.Pictures pictures) {
    return new UsageException(
        option.name()
            + ": expected "
            + ARRAYS
            + ", received "
            + option.name()
            + "="
            + pictures.path()
            + ", pictures. Only predict takes pictures; save arrays with numpy.save.");
  }

  /// Where targets are that nobody named.
  private static Source withInput(Source input) {
    return switch (input) {
      case Source.Digits digits -> digits;
      case Source.Arrays arrays -> arrays;
      case Source.Array _, Source.Member _, Source.Pictures _ ->
          throw new UsageException(
              "--target: expected what the inputs shall become, received none. Write --target"
                  + " y.npy.");
    };
  }

  private List<Tensor> targets(Source source) {
    var names = outputsWithGoals();
    var given =
        switch (source) {
          case Source.Digits digits -> List.of(digits.tensor(Source.Role.TARGET));
          case Source.Array array -> List.of(array.tensor());
          case Source.Member member -> List.of(member.tensor());
          case Source.Arrays arrays -> zipped(arrays, Option.TARGET, Source.Role.TARGET, names);
          case Source.Pictures pictures -> throw noPictures(Option.TARGET, pictures);
        };
    var fitting = new ArrayList<Tensor>();
    for (int i = 0; i < given.size(); i++) {
      fitting.add(given.size() == names.size() ? oneHot(names.get(i), given.get(i)) : given.get(i));
    }
    return fitting;
  }

  private List<Tensor> zipped(
      Source.Arrays arrays, Option option, Source.Role role, List<String> names) {
    var there = Npz.names(arrays.file());
    if (names.size() == 1) {
      var wanted = List.of(role.key(), names.getFirst());
      var name =
          (option == Option.INPUT ? Source.name(there, wanted) : exactly(there, wanted))
              .orElseThrow(
                  () ->
                      new UsageException(
                          option.name()
                              + ": expected an array "
                              + role.key()
                              + " in "
                              + arrays.file()
                              + ", received arrays="
                              + there
                              + ". Name one: "
                              + option.name()
                              + " "
                              + arrays.file()
                              + ":"
                              + there.getLast()
                              + "."));
      return List.of(Npz.read(arrays.file(), name));
    }
    var missing = names.stream().filter(not(there::contains)).toList();
    if (!missing.isEmpty()) {
      throw new UsageException(
          option.name()
              + ": expected arrays "
              + names
              + " in "
              + arrays.file()
              + ", one for each "
              + (role == Source.Role.INPUT ? "input" : "output")
              + " of the model, received arrays="
              + there
              + ". Save them under these names with numpy.savez.");
    }
    return List.copyOf(Npz.read(arrays.file(), names).values());
  }

  private static Optional<String> exactly(List<String> there, List<String> wanted) {
    return wanted.stream().filter(there::contains).findFirst();
  }

  /// MNIST's images in the shape of the model's input, where they have as many pixels.
  private Tensor shaped(Tensor images) {
    Shape wanted = shape(model, model.inputNames().getFirst());
    return wanted.size() == images.shape().rowSize()
        ? images.reshape(wanted.prepend(images.shape().dim(0)).toArray())
        : images;
  }

  /// The shape of one sample of an input.
  static Shape shape(Model model, String input) {
    return switch (model.layer(input)) {
      case Input layer -> layer.shape();
      case Layer other -> throw new IllegalStateException("not an input: " + other);
    };
  }

  private Tensor oneHot(String output, Tensor y) {
    Shape shape = outputShape(output);
    int classes = shape.dim(-1);
    boolean indices =
        classes > 1
            && y.shape().rank() > 0
            && y.shape().rowSize() * classes == shape.rowSize()
            && loss(output).map(Loss::target).filter(TargetKind.ONE_HOT::equals).isPresent();
    if (!indices) {
      return y;
    }
    console
        .err()
        .println(
            "Class indices become one-hot rows of "
                + classes
                + ", which "
                + loss(output).orElseThrow().name()
                + " compares with.");
    return Preprocessing.toCategorical(y, classes);
  }

  private Shape outputShape(String output) {
    var graph = model.graph();
    int place = graph.outputs().get(model.outputNames().indexOf(output));
    return graph.nodes().get(place).shape();
  }

  private Optional<Loss> loss(String output) {
    return model
        .compilation()
        .flatMap(compilation -> losses(compilation).get(model.outputNames().indexOf(output)));
  }

  private List<Optional<Loss>> losses(Compilation compilation) {
    return compilation.loss().of("compile", "losses", model.outputNames());
  }

  /// The outputs that have a loss, which are those that need targets.
  private List<String> outputsWithGoals() {
    return model.outputNames().stream().filter(output -> loss(output).isPresent()).toList();
  }
}
