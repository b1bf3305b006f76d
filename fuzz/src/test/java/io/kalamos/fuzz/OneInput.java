package io.kalamos.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Jazzer calls with each input. Its arguments are the format and the folder of seeds: these
/// are read once before any time is measured, so that loading classes counts for none.
public final class OneInput {
  private static Format format;
  private static Path folder;

  private OneInput() {}

  public static void fuzzerInitialize(String[] arguments) throws IOException {
    format = Format.valueOf(arguments[0]);
    folder = Files.createTempDirectory("kalamos-fuzz");
    folder.toFile().deleteOnExit();
    for (File seed : new File(arguments[1]).listFiles()) {
      format.check(folder, Files.readAllBytes(seed.toPath()));
    }
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    format.check(folder, input);
  }
}
