package io.kalamos.saving;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.OptimizerState;
import io.kalamos.optimizers.Adadelta;
import io.kalamos.optimizers.Adagrad;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.AdamW;
import io.kalamos.optimizers.Adamax;
import io.kalamos.optimizers.Lamb;
import io.kalamos.optimizers.Lion;
import io.kalamos.optimizers.Nadam;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.OptimizerOptions;
import io.kalamos.optimizers.RMSprop;
import io.kalamos.optimizers.SGD;
import io.kalamos.schedules.ConstantRate;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The variables of an optimizer in Keras's order: the number of steps, the learning rate unless a
/// schedule gives it, then what is kept for each weight.
public final class OptimizerVariables {
  /// A variable.
  ///
  /// @param name in the older files, such as `adam/dense_kernel_momentum`
  /// @param whole whether it is a whole number
  public record Variable(String name, Tensor value, boolean whole) {}

  /// A place in Keras's order.
  private sealed interface Place {
    /// The number of steps.
    record Iteration() implements Place {}

    record LearningRate() implements Place {}

    /// What is kept for a weight.
    ///
    /// @param path of the slot here
    record Slot(String weight, String name, double initial) implements Place {
      String path() {
        return weight + "/" + name;
      }
    }

    /// Nadam's product of momentums, which follows from the number of steps.
    record Product(double beta1) implements Place {}
  }

  private final Model model;
  private final Optimizer optimizer;

  private OptimizerVariables(Model model, Compilation compilation) {
    this.model = model;
    this.optimizer = compilation.optimizer();
  }

  /// Copies of the variables of a compiled model's optimizer; before the first step there are the
  /// first ones only, as in Keras. None for a model that is not compiled.
  public static List<Variable> of(Model model) {
    return model
        .compilation()
        .map(compilation -> new OptimizerVariables(model, compilation).variables())
        .orElse(List.of());
  }

  /// Gives the optimizer of a compiled model the values of Keras's variables, of any generation.
  ///
  /// @param names of the variables in older files, such as `Adam/dense/kernel/m:0`; empty where
  ///   they have none
  /// @return whether they fit the optimizer and the model's weights; if not, it stays as it was
  public static boolean restore(Model model, List<String> names, List<Tensor> values) {
    if (model.compilation().isEmpty()) {
      return false;
    }
    OptimizerVariables variables = new OptimizerVariables(model, model.compilation().get());
    return OldSlots.are(names) ? variables.old(names, values) : variables.accept(values);
  }

  private List<Variable> variables() {
    OptimizerState state = model.optimizerState();
    List<Variable> variables = new ArrayList<>();
    for (Place place : places()) {
      switch (place) {
        case Place.Iteration _ ->
            variables.add(new Variable("iteration", number(state.iterations()), true));
        case Place.LearningRate _ -> {
          double rate = state.learningRate().at(state.iterations());
          variables.add(new Variable("learning_rate", number(rate), false));
        }
        case Place.Slot slot -> {
          if (!state.slots().isEmpty()) {
            variables.add(new Variable(named(slot), value(slot, state), false));
          }
        }
        case Place.Product(double beta1) -> {
          if (!state.slots().isEmpty()) {
            double product = product(beta1, state.iterations());
            variables.add(new Variable("u_product", number(product), false));
          }
        }
      }
    }
    String name = optimizer.name();
    return variables.stream()
        .map(v -> new Variable(name + "/" + v.name(), v.value(), v.whole()))
        .toList();
  }

  private static String named(Place.Slot slot) {
    return slot.weight().replace('/', '_') + "_" + slot.name();
  }

  private Tensor value(Place.Slot slot, OptimizerState state) {
    Tensor known = state.slots().get(slot.path());
    if (known != null) {
      return known;
    }
    Tensor initial = Tensor.zeros(DType.FLOAT32, shape(slot));
    initial.fill(i -> slot.initial());
    return initial;
  }

  private Shape shape(Place.Slot slot) {
    return model.weights().get(slot.weight()).shape();
  }

  private static Tensor number(double value) {
    Tensor number = Tensor.zeros(DType.FLOAT64, Shape.SCALAR);
    number.set(0, value);
    return number;
  }

  /// Without a learning rate, and without Nadam's product, before Keras 3; nothing but the first
  /// ones where no step was done.
  private boolean accept(List<Tensor> values) {
    List<Place> places = new ArrayList<>(places());
    if (values.size() < places.size()) {
      places.removeIf(Place.Product.class::isInstance);
    }
    boolean unbuilt =
        places.stream().filter(p -> !(p instanceof Place.Slot)).count() == values.size();
    if (unbuilt) {
      places.removeIf(Place.Slot.class::isInstance);
    } else if (values.size() == places.size() - 1 || values.size() == 1) {
      places.removeIf(Place.LearningRate.class::isInstance);
    }
    if (values.size() == 1) {
      places.removeIf(Place.Slot.class::isInstance);
    }
    if (values.size() != places.size()) {
      return false;
    }
    SequencedMap<String, Tensor> slots = new LinkedHashMap<>();
    long iterations = 0;
    LearningRateSchedule rate = model.optimizerState().learningRate();
    for (int i = 0; i < values.size(); i++) {
      Tensor value = values.get(i);
      switch (places.get(i)) {
        case Place.Iteration _ -> iterations = (long) value.get(0);
        case Place.LearningRate _ -> rate = LearningRateSchedule.constant(exact(value.get(0)));
        case Place.Slot slot -> {
          if (!value.shape().equals(shape(slot))) {
            return false;
          }
          slots.put(slot.path(), value);
        }
        case Place.Product _ -> {}
      }
    }
    model.optimizerState(new OptimizerState(iterations, rate, slots));
    return true;
  }

  /// The form before 2.11, slot by slot.
  private boolean old(List<String> names, List<Tensor> values) {
    OldSlots old = OldSlots.of(optimizer, names, values);
    List<String> weights = trained();
    SequencedMap<String, Tensor> slots = new LinkedHashMap<>();
    for (String slot : old.slots().keySet()) {
      List<Tensor> each = old.slots().get(slot);
      if (each.size() != weights.size()) {
        return false;
      }
      for (int i = 0; i < weights.size(); i++) {
        if (!each.get(i).shape().equals(model.weights().get(weights.get(i)).shape())) {
          return false;
        }
        slots.put(weights.get(i) + "/" + slot, each.get(i));
      }
    }
    LearningRateSchedule rate = model.optimizerState().learningRate();
    model.optimizerState(new OptimizerState(old.iterations(), rate, slots));
    return true;
  }

  /// The weights that training changes, in Keras's order.
  private List<String> trained() {
    return model.weights().keySet().stream().filter(model::trainable).toList();
  }

  /// The number that was meant: Keras keeps 0.001 in float32.
  private static double exact(double value) {
    return (float) value == value ? Double.parseDouble(Float.toString((float) value)) : value;
  }

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    places.add(new Place.Iteration());
    if (optimizer.learningRate() instanceof ConstantRate) {
      places.add(new Place.LearningRate());
    }
    List<String> weights = model.weights().keySet().stream().filter(model::trainable).toList();
    OptimizerOptions options = optimizer.options();
    if (options.useEma()) {
      add(places, weights, List.of("average"), 0);
    }
    if (options.gradientAccumulationSteps().isPresent()) {
      add(places, weights, List.of("gradient_accumulator"), 0);
    }
    double initial = optimizer instanceof Adagrad of ? of.initialAccumulatorValue() : 0;
    for (List<String> names : slots()) {
      add(places, weights, names, initial);
    }
    if (optimizer instanceof Nadam nadam) {
      places.add(new Place.Product(nadam.beta1()));
    }
    return places;
  }

  private static void add(
      List<Place> places, List<String> weights, List<String> names, double initial) {
    for (String weight : weights) {
      names.forEach(name -> places.add(new Place.Slot(weight, name, initial)));
    }
  }

  /// The slots of each weight; those of one list stand together, weight by weight.
  private List<List<String>> slots() {
    List<String> moments = List.of("momentum", "velocity");
    return switch (optimizer) {
      case Adam of -> of.amsgrad() ? List.of(moments, List.of("velocity_hat")) : List.of(moments);
      case AdamW of -> of.amsgrad() ? List.of(moments, List.of("velocity_hat")) : List.of(moments);
      case Nadam _, Lamb _ -> List.of(moments);
      case Adamax _ -> List.of(List.of("momentum", "norm"));
      case Lion _ -> List.of(List.of("momentum"));
      case Adagrad _ -> List.of(List.of("accumulator"));
      case Adadelta _ -> List.of(List.of("accumulated_grad", "accumulated_delta_var"));
      case SGD of -> of.momentum() == 0 ? List.of() : List.of(List.of("momentum"));
      case RMSprop of -> {
        List<List<String>> slots = new ArrayList<>(List.of(List.of("velocity")));
        if (of.momentum() > 0) {
          slots.add(List.of("momentum"));
        }
        if (of.centered()) {
          slots.add(List.of("average_gradient"));
        }
        yield slots;
      }
      case Optimizer _ -> own();
    };
  }

  /// The slots of an own optimizer, as they are by now.
  private List<List<String>> own() {
    return List.of(
        model.optimizerState().slots().keySet().stream()
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .filter(name -> !List.of("average", "gradient_accumulator").contains(name))
            .distinct()
            .toList());
  }

  /// The product of the momentums of all steps.
  private static double product(double beta1, long steps) {
    double product = 1;
    for (long t = 1; t <= steps && product > 0; t++) {
      product *= beta1 * (1 - 0.5 * Math.pow(0.96, t));
    }
    return product;
  }
}
