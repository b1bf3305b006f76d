package io.kalamos.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// What a command line said and how it ended.
record CommandLineRun(int code, String out, String err) {
  static CommandLineRun of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Commands.run(new Console(new PrintWriter(out), new PrintWriter(err)), args);
    return new CommandLineRun(code, out.toString(), err.toString());
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
