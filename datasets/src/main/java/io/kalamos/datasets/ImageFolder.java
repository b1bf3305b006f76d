package io.kalamos.datasets;

import io.kalamos.data.Dataset;
import io.kalamos.data.Element;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Pictures in folders, one folder for each class, as a dataset: images float32 (batch, height,
/// width, channels) from 0 to 255 and labels int32 (batch). Keras:
/// `keras.utils.image_dataset_from_directory`.
///
/// Labels count the class names in Keras's order, that of their characters (`10` before `2`);
/// [#naturalOrder] counts as people do. Files are listed once; pictures are read when they are
/// needed, on several threads, and kept with [#cached].
public final class ImageFolder {
  private static final String REMEDY = "Remove or replace the file, or use skipBroken().";
  private static final List<String> FORMATS = List.of(".bmp", ".gif", ".jpeg", ".jpg", ".png");

  private final Path directory;
  private final List<String> classNames;
  private final SequencedMap<String, List<Path>> files;
  private final Options options;

  /// The options with Keras's defaults.
  private record Options(
      int height,
      int width,
      ColorMode colorMode,
      Resampling interpolation,
      DType dtype,
      int batchSize,
      boolean shuffle,
      long seed,
      double validationSplit,
      boolean cached,
      boolean skipsBroken,
      Consumer<String> log) {
    static final Options DEFAULTS =
        new Options(
            256,
            256,
            ColorMode.RGB,
            Resampling.BILINEAR,
            DType.FLOAT32,
            32,
            true,
            0,
            0,
            false,
            false,
            System.err::println);
  }

  private static IllegalArgumentException refusal(
      String expected, String name, Object value, String toDo) {
    return new IllegalArgumentException(
        "ImageFolder: expected %s, received %s=%s. %s".formatted(expected, name, value, toDo));
  }

  private static void unlessPositive(String name, int value, String toDo) {
    if (value < 1) {
      throw refusal(name + " of 1 or more", name, value, toDo);
    }
  }

  private record Picture(Path file, int label) {}

  private ImageFolder(
      Path directory,
      List<String> classNames,
      SequencedMap<String, List<Path>> files,
      Options options) {
    this.directory = directory;
    this.classNames = List.copyOf(classNames);
    this.files = files;
    this.options = options;
  }

  /// The pictures of a folder's folders, however deep. Links are not followed.
  public static ImageFolder of(Path directory) {
    SequencedMap<String, List<Path>> files = new LinkedHashMap<>();
    try (Stream<Path> folders = Files.list(directory)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted(byName()).toList()) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(".")) {
          files.put(name, pictures(folder));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          directory
              + ": expected a folder with a folder for each class, received "
              + e
              + ". Check"
              + " path and permissions.",
          e);
    }
    if (files.values().stream().allMatch(List::isEmpty)) {
      throw refusal(
          "pictures " + FORMATS + " in a folder for each class",
          "directory",
          directory,
          "Put the pictures into folders named like their classes.");
    }
    return new ImageFolder(directory, List.copyOf(files.keySet()), files, Options.DEFAULTS);
  }

  private static Comparator<Path> byName() {
    return Comparator.comparing(path -> path.getFileName().toString());
  }

  /// The pictures in a folder, however deep, by their names' endings.
  static List<Path> pictures(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(ImageFolder::known).sorted().toList();
    }
  }

  private static boolean known(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return FORMATS.stream().anyMatch(name::endsWith);
  }

  /// The classes: the label of a picture is its class's place in this list.
  public List<String> classNames() {
    return classNames;
  }

  /// How many pictures there are of each class.
  public SequencedMap<String, Integer> counts() {
    SequencedMap<String, Integer> counts = new LinkedHashMap<>();
    classNames.forEach(name -> counts.put(name, files.get(name).size()));
    return counts;
  }

  /// Counts the classes as people do: `2` before `10`.
  public ImageFolder naturalOrder() {
    return classNames(classNames.stream().sorted(ImageFolder::natural).toList());
  }

  /// Takes these classes, in this order.
  public ImageFolder classNames(List<String> names) {
    if (names.isEmpty() || !files.keySet().containsAll(names)) {
      throw refusal(
          "classNames among the folders " + files.keySet(),
          "classNames",
          names,
          "Use the folders' names.");
    }
    return new ImageFolder(directory, names, files, options);
  }

  /// Numbers within names are compared by their value.
  static int natural(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      int iEnd = digits(one, i);
      int jEnd = digits(other, j);
      int order =
          iEnd > i && jEnd > j
              ? number(one, i, iEnd, other, j, jEnd)
              : Character.compare(one.charAt(i), other.charAt(j));
      if (order != 0) {
        return order;
      }
      i = Math.max(i + 1, iEnd);
      j = Math.max(j + 1, jEnd);
    }
    int rest = Integer.compare(one.length() - i, other.length() - j);
    return rest != 0 ? rest : one.compareTo(other);
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static int number(String one, int i, int iEnd, String other, int j, int jEnd) {
    String left = one.substring(i, iEnd).replaceFirst("^0+(?=.)", "");
    String right = other.substring(j, jEnd).replaceFirst("^0+(?=.)", "");
    int length = Integer.compare(left.length(), right.length());
    return length != 0 ? length : left.compareTo(right);
  }

  /// The size that all pictures get; Keras's default is 256 by 256.
  public ImageFolder imageSize(int height, int width) {
    unlessPositive("height", height, "Give pixels.");
    unlessPositive("width", width, "Give pixels.");
    Options o = options;
    return with(
        height, width, o.colorMode, o.interpolation, o.dtype, o.batchSize, o.validationSplit);
  }

  /// The default is RGB.
  public ImageFolder colorMode(ColorMode mode) {
    Options o = options;
    return with(o.height, o.width, mode, o.interpolation, o.dtype, o.batchSize, o.validationSplit);
  }

  /// How pictures of another size are brought to it; the default is BILINEAR.
  public ImageFolder interpolation(Resampling how) {
    Options o = options;
    return with(o.height, o.width, o.colorMode, how, o.dtype, o.batchSize, o.validationSplit);
  }

  /// FLOAT32, the default, or UINT8: rounded, and a quarter of the memory.
  public ImageFolder dtype(DType dtype) {
    if (dtype != DType.FLOAT32 && dtype != DType.UINT8) {
      throw refusal("float32 or uint8", "dtype", dtype, "Cast it in a map.");
    }
    Options o = options;
    return with(
        o.height, o.width, o.colorMode, o.interpolation, dtype, o.batchSize, o.validationSplit);
  }

  /// Pictures in a batch; the default is 32.
  public ImageFolder batchSize(int size) {
    unlessPositive("batchSize", size, "Keras's default is 32.");
    Options o = options;
    return with(o.height, o.width, o.colorMode, o.interpolation, o.dtype, size, o.validationSplit);
  }

  /// The part of the pictures, drawn at random unless [#shuffle] is off, that [#validation] gives.
  public ImageFolder validationSplit(double part) {
    if (!(part > 0 && part < 1)) {
      throw refusal(
          "validationSplit above 0 and below 1",
          "validationSplit",
          part,
          "Give a fraction, such as 0.1.");
    }
    Options o = options;
    return with(o.height, o.width, o.colorMode, o.interpolation, o.dtype, o.batchSize, part);
  }

  private ImageFolder with(
      int height,
      int width,
      ColorMode colorMode,
      Resampling interpolation,
      DType dtype,
      int batchSize,
      double split) {
    Options o = options;
    return with(
        new Options(
            height,
            width,
            colorMode,
            interpolation,
            dtype,
            batchSize,
            o.shuffle,
            o.seed,
            split,
            o.cached,
            o.skipsBroken,
            o.log));
  }

  private ImageFolder with(Options other) {
    return new ImageFolder(directory, classNames, files, other);
  }

  private ImageFolder vary(
      boolean shuffle, long seed, boolean cached, boolean skips, Consumer<String> log) {
    Options o = options;
    return with(
        new Options(
            o.height,
            o.width,
            o.colorMode,
            o.interpolation,
            o.dtype,
            o.batchSize,
            shuffle,
            seed,
            o.validationSplit,
            cached,
            skips,
            log));
  }

  /// Whether pictures are mixed before they are divided, and the training pictures in each epoch.
  public ImageFolder shuffle(boolean shuffle) {
    return vary(shuffle, options.seed, options.cached, options.skipsBroken, options.log);
  }

  /// What the orders and the division are functions of; the default is 0.
  public ImageFolder seed(long seed) {
    return vary(options.shuffle, seed, options.cached, options.skipsBroken, options.log);
  }

  /// Keeps the pictures in memory once they were read.
  public ImageFolder cached() {
    return vary(options.shuffle, options.seed, true, options.skipsBroken, options.log);
  }

  /// Leaves out files that are no whole pictures, with a warning each, instead of failing at them.
  public ImageFolder skipBroken() {
    return skipBroken(options.log);
  }

  /// The same; the warnings go there.
  public ImageFolder skipBroken(Consumer<String> log) {
    return vary(options.shuffle, options.seed, options.cached, true, log);
  }

  /// All pictures.
  public Dataset dataset() {
    return dataset(ordered(), options.shuffle);
  }

  /// The pictures that are not for validation.
  public Dataset training() {
    List<Picture> all = ordered();
    return dataset(all.subList(0, all.size() - kept(all)), options.shuffle);
  }

  /// The pictures for validation, always in the same order.
  public Dataset validation() {
    List<Picture> all = ordered();
    return dataset(all.subList(all.size() - kept(all), all.size()), false);
  }

  private int kept(List<Picture> all) {
    int kept = (int) (options.validationSplit * all.size());
    if (kept == 0 || kept == all.size()) {
      throw refusal(
          "pictures to train and to validate with out of " + all.size(),
          "validationSplit",
          options.validationSplit,
          "Set validationSplit, or give more pictures.");
    }
    return kept;
  }

  private List<Picture> ordered() {
    List<Picture> sorted = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      for (Path file : files.get(classNames.get(label))) {
        sorted.add(new Picture(file, label));
      }
    }
    if (!options.shuffle) {
      return sorted;
    }
    List<Picture> mixed = new ArrayList<>();
    Dataset.range(sorted.size())
        .shuffle(Math.max(1, sorted.size()), options.seed)
        .forEach(element -> mixed.add(sorted.get((int) element.input().get(0))));
    return mixed;
  }

  private Dataset dataset(List<Picture> pictures, boolean shuffled) {
    List<Picture> all = List.copyOf(pictures);
    Element broken = Element.of(Tensor.zeros(DType.UINT8, Shape.of(0)));
    Dataset dataset = Dataset.of(all.size(), i -> element(all.get(i), broken));
    if (options.skipsBroken) {
      dataset = dataset.prefetch(8).filter(element -> element != broken);
    }
    if (options.cached) {
      dataset = dataset.cache();
    }
    if (shuffled && !all.isEmpty()) {
      // a shuffle moves promises, so a buffer as large as the data costs nothing; where broken
      // pictures are left out it holds pictures
      dataset =
          dataset.shuffle(
              options.skipsBroken ? 8 * options.batchSize : all.size(), options.seed + 1);
    }
    return dataset.batch(options.batchSize).prefetch(2);
  }

  private Element element(Picture picture, Element broken) {
    try {
      return read(picture);
    } catch (MalformedDataException e) {
      if (!options.skipsBroken) {
        throw e;
      }
      options.log.accept("warning: left out " + e.getMessage());
      return broken;
    }
  }

  private Element read(Picture picture) {
    int channels = options.colorMode.channels();
    ImageFile.Pixels pixels = ImageFile.read(picture.file, options.colorMode, REMEDY);
    float[] values =
        options.interpolation.resize(
            pixels.values(),
            pixels.height(),
            pixels.width(),
            channels,
            options.height,
            options.width);
    Tensor image = Tensor.zeros(options.dtype, Shape.of(options.height, options.width, channels));
    boolean whole = options.dtype == DType.UINT8;
    image.fill(i -> whole ? Math.round(values[i]) : values[i]);
    Tensor label = Tensor.zeros(DType.INT32, Shape.SCALAR);
    label.set(0, picture.label);
    return Element.of(image, label);
  }
}
