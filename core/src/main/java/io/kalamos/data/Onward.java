package io.kalamos.data;

/// A pass that hands on the elements of another.
abstract class Onward implements Pass {
  final Pass source;

  Onward(Pass source) {
    this.source = source;
  }

  @Override
  public void reuse(Element element) {
    source.reuse(element);
  }

  @Override
  public void close() {
    source.close();
  }
}
