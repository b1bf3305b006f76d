package io.kalamos.cli;

import java.io.PrintWriter;

/// Where a command writes: results to `out`, progress, warnings and errors to `err`.
record Console(PrintWriter out, PrintWriter err) {}
