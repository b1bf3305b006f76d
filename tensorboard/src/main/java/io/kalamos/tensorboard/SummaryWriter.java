package io.kalamos.tensorboard;

import io.kalamos.callbacks.Folders;
import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes what TensorBoard shows: numbers over steps, histograms, images, texts, hyperparameters.
///
/// ```java
/// try (var writer = SummaryWriter.to("logs/run-1")) {
///   writer.scalar("loss", 0.31, 1);
///   writer.text("remarks", "the *first* run", 0);
/// }
/// ```
///
/// Each writer makes a new event file; whatever is there stays. Every value is in the file when its
/// method returns, and stays there however the process ends. Steps are whole numbers from 0. Any
/// number of threads may write. TensorFlow's `tf.summary`.
public final class SummaryWriter implements AutoCloseable {
  /// How many buckets a histogram has.
  static final int BUCKETS = 30;

  /// How many images of a tensor are written.
  static final int IMAGES = 3;

  private static final String NAME = "SummaryWriter";
  private static final byte[] NOTHING = {};

  private final Path folder;
  private final EventFile events;
  private final Map<String, Plugin> tags = new HashMap<>();
  private boolean closed;

  private SummaryWriter(String where, Path folder) {
    this.folder = folder;
    this.events = EventFile.in(folder, where);
  }

  /// A new event file in this folder, which is made where it is missing; TensorBoard calls the
  /// folder a run.
  public static SummaryWriter to(Path folder) {
    return of(NAME, folder);
  }

  public static SummaryWriter to(String folder) {
    return to(Path.of(folder));
  }

  static SummaryWriter of(String where, Path folder) {
    return new SummaryWriter(where, folder);
  }

  /// The event file.
  public Path file() {
    return events.file();
  }

  /// One point of a curve, float32.
  public void scalar(String tag, double value, long step) {
    write(Plugin.SCALARS, tag, NOTHING, TensorMessage.scalar(value), step);
  }

  /// How the values of a tensor are spread, in 30 buckets; values that are no numbers or infinite
  /// are left out.
  public void histogram(String tag, Tensor values, long step) {
    double[] table =
        values.dtype() == DType.FLOAT32
            ? Buckets.of(values.toFloats(), BUCKETS)
            : Buckets.of(values.toDoubles(), BUCKETS);
    write(Plugin.HISTOGRAMS, tag, NOTHING, TensorMessage.matrix(table, Buckets.COLUMNS), step);
  }

  /// The same of an array.
  public void histogram(String tag, double[] values, long step) {
    double[] table = Buckets.of(values, BUCKETS);
    write(Plugin.HISTOGRAMS, tag, NOTHING, TensorMessage.matrix(table, Buckets.COLUMNS), step);
  }

  /// The first three images of a tensor (images, height, width, channels): bytes, or numbers from 0
  /// to 1, others being cut. Channels are grey, grey and alpha, RGB, or RGB and alpha.
  public void image(String tag, Tensor images, long step) {
    image(tag, images, step, IMAGES);
  }

  /// The same with another number of images at most.
  public void image(String tag, Tensor images, long step, int maxOutputs) {
    boolean fits = images.shape().rank() == 4 && images.size() > 0;
    if (!fits || images.shape().dim(3) > 4) {
      throw Refusal.of(
          at(tag),
          "images of shape (images, height, width, channels) with 1 to 4 channels",
          "shape",
          images.shape(),
          "Reshape the tensor: images.reshape(1, 28, 28, 1) is one grey image.");
    }
    if (images.dtype() == DType.INT32) {
      throw Refusal.of(
          at(tag), "uint8, or numbers from 0 to 1", "dtype", images.dtype(), "Cast the tensor.");
    }
    Refusal.unlessAtLeast(at(tag), "maxOutputs", maxOutputs, 1, "Write one image at least.");
    List<byte[]> texts = new ArrayList<>();
    texts.add(utf8(Integer.toString(images.shape().dim(2))));
    texts.add(utf8(Integer.toString(images.shape().dim(1))));
    for (int i = 0; i < Math.min(maxOutputs, images.shape().dim(0)); i++) {
      texts.add(Png.of(images, i));
    }
    write(Plugin.IMAGES, tag, NOTHING, TensorMessage.texts(texts), step);
  }

  /// A text in Markdown.
  public void text(String tag, String markdown, long step) {
    write(Plugin.TEXT, tag, NOTHING, TensorMessage.text(utf8(markdown)), step);
  }

  /// A model's graph of layers, from the JSON that Keras's `to_json` gives of it.
  public void kerasModel(String tag, String json, long step) {
    write(Plugin.GRAPH, tag, utf8("1"), TensorMessage.texts(List.of(utf8(json))), step);
  }

  /// Which hyperparameters and figures an experiment has; written once, into the folder above those
  /// of its trials.
  public void experiment(List<HParam> hparams, List<HParamMetric> metrics) {
    hparams("experiment", HParams.experiment(hparams, metrics));
  }

  /// The hyperparameters of the run in this folder, which has begun: by name, each a text, a number
  /// or a boolean.
  public void hparams(Map<String, ?> values) {
    hparams(values, HParams.trial(values));
  }

  /// The same for a trial with a name; runs of one name are one row of TensorBoard's table.
  public void hparams(Map<String, ?> values, String trial) {
    hparams("session_start_info", HParams.start(values, trial));
  }

  /// How the run in this folder has ended.
  public void sessionEnd(SessionStatus status) {
    hparams("session_end_info", HParams.end(status));
  }

  private void hparams(String name, Message content) {
    write(Plugin.HPARAMS, "_hparams_/" + name, content.toBytes(), TensorMessage.empty(), 0);
  }

  /// The run's graph, a `GraphDef`; a run has one.
  synchronized void graph(Message graph) {
    write(EventFile.event(0).message(4, graph));
  }

  private synchronized void write(
      Plugin plugin, String tag, byte[] content, Message tensor, long step) {
    check(plugin, tag, step);
    write(EventFile.event(step).message(5, plugin.summary(tag, content, tensor)));
  }

  private void write(Message event) {
    try {
      events.write(event);
    } catch (IOException e) {
      throw Folders.unwritable(NAME, "a file that can be written", "file", events.file(), e);
    }
  }

  private void check(Plugin plugin, String tag, long step) {
    if (closed) {
      throw new IllegalStateException(
          at(tag) + ": expected an open writer, received writer=closed. Write before close().");
    }
    if (tag.isBlank() || !tag.equals(printable(tag))) {
      throw Refusal.of(
          NAME,
          "a tag of printable characters",
          "tag",
          '"' + printable(tag) + '"',
          "Use a name such as loss or dense/kernel.");
    }
    Refusal.unlessAtLeast(at(tag), "step", step, 0, "Count steps from 0.");
    Plugin known = tags.putIfAbsent(tag, plugin);
    if (known != null && known != plugin) {
      throw Refusal.of(
          at(tag),
          "values of one kind under a tag, here " + known.name().toLowerCase(),
          "kind",
          plugin.name().toLowerCase(),
          "Use another tag: TensorBoard would show the first kind alone.");
    }
  }

  /// Control characters and halves of characters as question marks.
  private static String printable(String tag) {
    StringBuilder text = new StringBuilder();
    tag.codePoints()
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  private static String at(String tag) {
    return NAME + ": " + printable(tag);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Ends the file.
  @Override
  public synchronized void close() {
    closed = true;
    try {
      events.close();
    } catch (IOException e) {
      throw Folders.unwritable(NAME, "a file that can be closed", "file", events.file(), e);
    }
  }

  /// The folder that is written to.
  @Override
  public String toString() {
    return NAME + " to " + folder;
  }
}
