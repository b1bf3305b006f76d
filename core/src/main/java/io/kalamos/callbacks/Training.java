package io.kalamos.callbacks;

import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// A run of training as a callback sees it, and what it may do.
public interface Training {
  /// The model that is trained.
  Model model();

  /// How many epochs were asked for.
  int epochs();

  /// Steps of an epoch.
  int steps();

  /// The names that the logs of each epoch have, in their order.
  List<String> logNames();

  /// Steps that the optimizer has done, those of earlier runs included.
  long iterations();

  /// The gradients of the loss over the batch just done, by the paths of the weights that training
  /// changes: for the weights of now, and with the same dropout masks. Training goes on with the
  /// same bits as if nobody had asked.
  ///
  /// @throws IllegalStateException where no batch's event is being handled
  SequencedMap<String, Tensor> gradients();

  /// Copies of all weights, trainable or not, in the model's order.
  List<Tensor> weights();

  /// Gives all weights these values.
  void restore(List<Tensor> weights);

  /// Puts the moving averages that an optimizer with `useEma` keeps into the weights, or the
  /// trained weights back; nothing happens where they are there already.
  ///
  /// @throws IllegalStateException where the optimizer keeps none
  void showAverages(boolean show);

  /// Writes the weights to a file, which is there whole or not at all.
  void saveWeights(Path file) throws IOException;

  /// Writes the whole model in the format that the file's name asks for, the state of training
  /// included.
  void saveModel(Path file) throws IOException;

  /// Writes all that it takes to go on after the epoch that ends, once all callbacks have heard of
  /// its end. What was in the file before is in `previous` then.
  void backUp(Path file, Path previous);

  /// Goes on behind the epoch that [#backUp] wrote, to be called at the begin of training; nothing
  /// happens where there is neither file. `previous` is read where the file is missing or damaged.
  void resume(Path file, Path previous) throws IOException;

  /// The epoch, counted from 0, with which a run that was resumed goes on.
  OptionalInt resumedAt();

  /// At the end of training, whether it came to an end of its own: after all epochs, or stopped by
  /// a callback after one of them. Else it was interrupted, or has failed.
  boolean finished();

  /// Ends training: after this step if a batch's event is being handled, else after this epoch.
  void stop(String reason);

  /// The rate of the step that was done last, or that is done next at the begin of an epoch.
  double learningRate();

  /// The rate of the step that is done next.
  double nextLearningRate();

  /// Sets the rate from the next step on.
  ///
  /// @throws IllegalStateException where the optimizer follows a schedule
  void learningRate(double rate);

  /// Adds a figure to the logs of this epoch, behind the metrics; to be called before its end.
  void log(String name, double value);
}
