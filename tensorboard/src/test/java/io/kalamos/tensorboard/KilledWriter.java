package io.kalamos.tensorboard;

import java.nio.file.Path;

/// A process that writes until it is killed, and says after each round that it is written.
final class KilledWriter {
  private KilledWriter() {}

  public static void main(String[] arguments) {
    double[] values = new double[1000];
    StringBuilder text = new StringBuilder("a text that fills pages of memory ");
    while (text.length() < Integer.parseInt(arguments[1])) {
      text.append(text);
    }
    SummaryWriter writer = SummaryWriter.to(Path.of(arguments[0]));
    for (int step = 0; ; step++) {
      values[step % values.length] = step;
      writer.scalar("figure", step, step);
      writer.histogram("spread", values, step);
      writer.text("text", text.toString(), step);
      System.out.println(step);
    }
  }
}
