package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes one line for each epoch: its number, counted from 0, and the figures in the order of
/// their names; Keras's `CSVLogger`.
///
/// Lines are written whole, so that the file can be read while training runs. A file that is
/// continued keeps its columns: figures that an epoch lacks are `NA`, new ones are an error before
/// the first epoch. Where training goes on after an interruption, the lines of epochs that are done
/// stay.
public final class CSVLogger implements Callback {
  private static final String NAME = "CSVLogger";

  private final Path file;
  private final String separator;
  private final boolean appending;
  private List<String> columns = List.of();

  private CSVLogger(Path file, String separator, boolean appending) {
    this.file = Objects.requireNonNull(file);
    this.separator = separator;
    this.appending = appending;
    if (separator.length() != 1 || Pattern.matches("[\\w.\"\n\r+-]", separator)) {
      throw Refusal.of(
          NAME,
          "one character that numbers and names do not contain",
          "separator",
          separator,
          "Use a comma, a semicolon or a tab.");
    }
  }

  /// Writes a new file; one that is there is replaced. Folders that are missing are created.
  public static CSVLogger to(Path file) {
    return new CSVLogger(file, ",", false);
  }

  public static CSVLogger to(String file) {
    return to(Path.of(file));
  }

  public CSVLogger separator(String separator) {
    return new CSVLogger(file, separator, appending);
  }

  /// Continues the file if it is there.
  public CSVLogger append() {
    return new CSVLogger(file, separator, true);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> begin(begin.training());
      case EpochEnd end -> write(end);
      case EpochBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }

  private void begin(Training training) {
    columns = List.of();
    Folders.prepare(NAME, file.toAbsolutePath().getParent());
    try {
      if (Files.isDirectory(file)) {
        throw new FileSystemException(file.toString(), null, "is a folder");
      }
      boolean continued = appending || training.resumedAt().isPresent();
      if (!continued || !Files.exists(file)) {
        Files.write(file, List.of());
        return;
      }
      continueFile(training.logNames(), training.resumedAt().orElse(Integer.MAX_VALUE));
    } catch (IOException e) {
      throw Folders.unwritable(NAME, "a file that can be written", "file", file, e);
    }
  }

  /// Takes over the columns, and cuts off what a run that is resumed does again, and a last line
  /// that was not written to its end.
  private void continueFile(List<String> names, int again) throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    while (epoch(lastLine(whole)) >= again) {
      whole = whole.substring(0, whole.length() - lastLine(whole).length() - 1);
    }
    if (whole.length() < text.length()) {
      Files.writeString(file, whole);
    }
    if (!whole.isEmpty()) {
      columns = List.of(whole.lines().findFirst().orElseThrow().split(Pattern.quote(separator)));
      check(names);
    }
  }

  private static String lastLine(String whole) {
    return whole
        .substring(whole.lastIndexOf('\n', whole.length() - 2) + 1, whole.length())
        .stripTrailing();
  }

  /// -1 in the line of the columns and where there is none.
  private int epoch(String line) {
    String first = line.split(Pattern.quote(separator), 2)[0];
    return Pattern.matches("\\d{1,9}", first) ? Integer.parseInt(first) : -1;
  }

  private void check(Collection<String> names) {
    if (!columns.getFirst().equals("epoch") || !columns.containsAll(names)) {
      throw Refusal.of(
          NAME,
          "a file with the columns " + header(names),
          "file",
          file + " with " + String.join(separator, columns),
          "Leave append out, or choose another file.");
    }
  }

  private String header(Collection<String> names) {
    return Stream.concat(Stream.of("epoch"), names.stream().sorted())
        .collect(Collectors.joining(separator));
  }

  private void write(EpochEnd end) {
    StringBuilder lines = new StringBuilder();
    if (columns.isEmpty()) {
      columns = List.of(header(end.logs().keySet()).split(Pattern.quote(separator)));
      lines.append(String.join(separator, columns)).append('\n');
    }
    check(end.logs().keySet());
    List<String> fields = new ArrayList<>();
    fields.add(Integer.toString(end.epoch()));
    for (String name : columns.subList(1, columns.size())) {
      Double value = end.logs().get(name);
      fields.add(value == null ? "NA" : value.toString());
    }
    lines.append(String.join(separator, fields)).append('\n');
    try {
      Files.writeString(file, lines, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw Folders.unwritable(NAME, "a file that can be written", "file", file, e);
    }
  }
}
