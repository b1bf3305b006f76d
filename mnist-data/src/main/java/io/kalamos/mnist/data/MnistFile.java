package io.kalamos.mnist.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.GZIPInputStream;

/// The four IDX files of the MNIST database (Y. LeCun, C. Cortes, C. Burges), as they were
/// published: 60,000 training and 10,000 test images of 28x28 bytes, and a byte of label for each.
public enum MnistFile {
  TRAIN_IMAGES("train-images-idx3-ubyte", 47_040_016, 0xe9f4d8b3L),
  TRAIN_LABELS("train-labels-idx1-ubyte", 60_008, 0xe0cb4ad2L),
  TEST_IMAGES("t10k-images-idx3-ubyte", 7_840_016, 0x91373bdfL),
  TEST_LABELS("t10k-labels-idx1-ubyte", 10_008, 0x4ab9eff9L);

  private final String fileName;
  private final int bytes;
  private final long crc32;

  MnistFile(String fileName, int bytes, long crc32) {
    this.fileName = fileName;
    this.bytes = bytes;
    this.crc32 = crc32;
  }

  /// The original's name, such as `train-images-idx3-ubyte`.
  public String fileName() {
    return fileName;
  }

  /// The number of bytes of the unpacked file.
  public int bytes() {
    return bytes;
  }

  /// The CRC-32 of the unpacked file.
  public long crc32() {
    return crc32;
  }

  /// A new stream over the unpacked file.
  public InputStream open() {
    try {
      return new GZIPInputStream(MnistFile.class.getResourceAsStream(fileName + ".gz"), 1 << 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The unpacked file as read-only memory outside the heap, valid while it is reachable.
  ///
  /// It is mapped from the user's cache folder, where the first call unpacks it (see [FileCache]).
  /// Where nothing can be written, it is unpacked into memory.
  public MemorySegment mapped() {
    return FileCache.ofUser().map(this);
  }
}
