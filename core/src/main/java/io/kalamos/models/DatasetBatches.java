package io.kalamos.models;

import io.kalamos.data.Dataset;
import io.kalamos.data.Element;
import io.kalamos.data.Elements;
import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// Batches that a dataset makes. Programs read them where they lie; their memory goes back to the
/// dataset when the next one is taken.
final class DatasetBatches implements Batches {
  private final String where;
  private final Network network;
  private final Compilation compilation;
  private final Dataset dataset;
  private Elements elements;
  private Element element;
  private Samples samples;
  private int[] rows = {};
  private boolean seen;

  DatasetBatches(String where, Network network, Compilation compilation, Dataset dataset) {
    this.where = where;
    this.network = network;
    this.compilation = compilation;
    this.dataset = dataset;
  }

  @Override
  public long steps() {
    long cardinality = dataset.cardinality();
    if (cardinality == Dataset.INFINITE) {
      return INFINITE;
    }
    return cardinality == Dataset.UNKNOWN ? UNKNOWN : cardinality;
  }

  @Override
  public void open(int pass, long step) {
    close();
    elements = dataset.elements(pass);
    elements.skip(step);
  }

  @Override
  public boolean next() {
    if (element != null) {
      elements.reuse(element);
      element = null;
    }
    if (!elements.hasNext()) {
      return false;
    }
    element = elements.next();
    batched(where, network, element);
    if (element.y().isEmpty()) {
      throw Refusal.of(
          where,
          "elements with targets",
          "element",
          element,
          "Put targets to the inputs with Dataset.zip.");
    }
    samples = Checks.samples(where, network, compilation, element.samples());
    if (!seen) {
      seen = true;
      Checks.pixels(network, compilation, samples);
    }
    if (rows.length < samples.size()) {
      rows = new Order(samples.size()).reset();
    }
    return true;
  }

  /// Refuses what looks like a single sample.
  static void batched(String where, Network network, Element element) {
    boolean single = element.input().shape().equals(network.input(0).shape());
    for (Tensor tensor : element.x()) {
      single |= tensor.shape().rank() == 0;
    }
    for (Tensor tensor : element.y()) {
      single |= tensor.shape().rank() == 0;
    }
    if (single) {
      throw Refusal.of(
          where, "batches", "element", element, "Add batch(32) to the dataset, or another size.");
    }
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public int[] rows() {
    return rows;
  }

  @Override
  public int from() {
    return 0;
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public void close() {
    if (elements != null) {
      elements.close();
      elements = null;
      element = null;
    }
  }
}
