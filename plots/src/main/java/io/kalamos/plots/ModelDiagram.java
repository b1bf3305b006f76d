package io.kalamos.plots;

/// What a picture of a model shows, by the names of Keras's `plot_model`. Unlike there, shapes and
/// names are shown where nothing is said; the resolution is [Picture#dpi].
///
/// @param rankdir from top to bottom, or from left to right
public record ModelDiagram(
    boolean showShapes,
    boolean showDtype,
    boolean showLayerNames,
    Rankdir rankdir,
    boolean showLayerActivations,
    boolean showTrainable) {
  /// Shapes and names, from top to bottom.
  public static final ModelDiagram DEFAULTS =
      new ModelDiagram(true, false, true, Rankdir.TB, false, false);

  /// Where the inputs stand and where the arrows lead.
  public enum Rankdir {
    /// From top to bottom.
    TB,
    /// From left to right.
    LR
  }

  public ModelDiagram showShapes(boolean show) {
    return new ModelDiagram(
        show, showDtype, showLayerNames, rankdir, showLayerActivations, showTrainable);
  }

  public ModelDiagram showDtype(boolean show) {
    return new ModelDiagram(
        showShapes, show, showLayerNames, rankdir, showLayerActivations, showTrainable);
  }

  public ModelDiagram showLayerNames(boolean show) {
    return new ModelDiagram(
        showShapes, showDtype, show, rankdir, showLayerActivations, showTrainable);
  }

  public ModelDiagram rankdir(Rankdir direction) {
    return new ModelDiagram(
        showShapes, showDtype, showLayerNames, direction, showLayerActivations, showTrainable);
  }

  public ModelDiagram showLayerActivations(boolean show) {
    return new ModelDiagram(showShapes, showDtype, showLayerNames, rankdir, show, showTrainable);
  }

  public ModelDiagram showTrainable(boolean show) {
    return new ModelDiagram(
        showShapes, showDtype, showLayerNames, rankdir, showLayerActivations, show);
  }
}
