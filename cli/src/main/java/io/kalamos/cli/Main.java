package io.kalamos.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where the launcher enters.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Commands.run(new Console(out, err), args));
  }
}
