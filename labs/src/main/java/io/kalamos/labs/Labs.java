package io.kalamos.labs;

import java.util.List;

/// All labs.
public final class Labs {
  private static final List<Lab> ALL =
      List.of(new MnistLadder(), new CnnWeights(), new Mnist99(), new HowManyNeurons());

  private Labs() {}

  public static List<Lab> all() {
    return ALL;
  }
}
