package io.kalamos.datasets;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// EMNIST: handwritten digits and letters in the form of MNIST, uint8 (n, 28, 28), with labels from
/// 0 on. The files hold each image lying on its side; it is turned upright here.
///
/// Source: G. Cohen, S. Afshar, J. Tapson, A. van Schaik, "EMNIST: an extension of MNIST to
/// handwritten letters", 2017.
///
/// @param classNames what the labels mean
public record Emnist(LabeledImages train, LabeledImages test, List<String> classNames) {
  private static final String FIGURES = "0123456789";
  private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /// The published selections.
  public enum Part {
    /// 62 classes as often as they were written: digits, capitals, small letters.
    BYCLASS(FIGURES + CAPITALS + CAPITALS.toLowerCase(Locale.ROOT)),
    /// 47 classes: small letters that look like their capitals count as these.
    BYMERGE(FIGURES + CAPITALS + "abdefghnqrt"),
    /// The same 47 classes, each as often.
    BALANCED(FIGURES + CAPITALS + "abdefghnqrt"),
    /// 26 letters, whatever their case; the files count them from 1, we from 0.
    LETTERS(CAPITALS),
    /// 10 digits, each as often.
    DIGITS(FIGURES),
    /// 10 digits, the selection of MNIST.
    MNIST(FIGURES);

    private final String characters;

    Part(String characters) {
      this.characters = characters;
    }

    List<String> classNames() {
      return characters.chars().mapToObj(Character::toString).toList();
    }
  }

  public Emnist {
    classNames = List.copyOf(classNames);
  }

  /// The four files of one selection in a folder, such as
  /// `emnist-balanced-train-images-idx3-ubyte.gz`, packed or not.
  public static Emnist load(Path folder, Part part) {
    var files =
        new IdxFolder("Emnist.load", folder, "nist.gov/itl/products-and-services/emnist-dataset");
    return new Emnist(read(files, part, "train"), read(files, part, "test"), part.classNames());
  }

  private static LabeledImages read(IdxFolder files, Part part, String half) {
    String name = "emnist-" + part.name().toLowerCase(Locale.ROOT) + "-" + half;
    boolean fromOne = part == Part.LETTERS;
    int classes = part.classNames().size() + (fromOne ? 1 : 0);
    LabeledImages lying =
        files.read(name + "-images-idx3-ubyte", name + "-labels-idx1-ubyte", classes);
    return new LabeledImages(
        upright(lying.images()), fromOne ? countedFromZero(lying.labels()) : lying.labels());
  }

  private static Tensor upright(Tensor images) {
    Tensor upright = Tensor.zeros(DType.UINT8, images.shape());
    byte[] from = new byte[28 * 28];
    byte[] to = new byte[28 * 28];
    for (long image = 0; image < images.shape().dim(0); image++) {
      long at = image * from.length;
      MemorySegment.copy(images.memory(), ValueLayout.JAVA_BYTE, at, from, 0, from.length);
      for (int i = 0; i < from.length; i++) {
        to[i] = from[i % 28 * 28 + i / 28];
      }
      MemorySegment.copy(to, 0, upright.memory(), ValueLayout.JAVA_BYTE, at, to.length);
    }
    return upright;
  }

  private static Tensor countedFromZero(Tensor labels) {
    Tensor counted = Tensor.zeros(DType.UINT8, labels.shape());
    List<Long> wrong = new ArrayList<>();
    counted.fill(
        i -> {
          if (labels.get(i) < 1) {
            wrong.add((long) i);
          }
          return labels.get(i) - 1;
        });
    if (!wrong.isEmpty()) {
      throw new MalformedDataException(
          "Emnist.load: expected labels from 1 to 26 in the selection LETTERS, received labels[%d]=0. Take the files of another selection, or these again."
              .formatted(wrong.getFirst()));
    }
    return counted;
  }
}
