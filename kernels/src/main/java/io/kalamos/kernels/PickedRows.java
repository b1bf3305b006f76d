package io.kalamos.kernels;

/// Where rows of data lie that a product picks by their numbers: a table of addresses in the frame.
final class PickedRows {
  /// Bytes of a row that are asked for in advance.
  private static final int MOST_ASKED = 1024;

  private static final int DATA = Assembler.POINTERS[0];
  private static final int TABLE = Assembler.POINTERS[1];
  private static final int NUMBERS = Assembler.POINTERS[3];
  private static final int LEFT = Assembler.POINTERS[4];
  private static final int PLACE = Assembler.SHIFT;

  private PickedRows() {}

  /// Memory for the table; 0 where there are no such rows.
  ///
  /// @param beyond how many places behind the last row may be read, where nothing lies
  static int table(MatrixProduct product, Frame frame, int beyond) {
    return product.picked() == null ? 0 : frame.vectors(2 * (product.rowsPicked() + beyond));
  }

  /// Writes where each row begins.
  ///
  /// @param bytes of each row that are asked for, as data lie anywhere
  static void write(Routine to, MatrixProduct product, int table, int bytes) {
    if (product.picked() == null) {
      return;
    }
    to.load(DATA, Frame.INPUTS);
    to.load(NUMBERS, Frame.INPUTS + 8);
    to.start(TABLE, table);
    int top = to.repeat(LEFT, product.rowsPicked());
    place(to, product, PLACE, NUMBERS, DATA);
    to.saveLong(Address.at(TABLE, 0), PLACE);
    ask(to, PLACE, bytes);
    to.add(NUMBERS, Integer.BYTES, true);
    to.add(TABLE, Long.BYTES, true);
    to.again(LEFT, top);
  }

  /// Where the row begins whose number is at `numbers`.
  static void place(Routine to, MatrixProduct product, int place, int numbers, int data) {
    to.loadInt(place, Address.at(numbers, 0));
    to.multiply(place, place, product.rowOfA());
    to.add(place, data);
  }

  static void ask(Routine to, int place, int bytes) {
    for (int line = 0; line < Math.min(bytes, MOST_ASKED); line += Routine.VECTOR) {
      to.prefetch(Address.at(place, line));
    }
  }
}
