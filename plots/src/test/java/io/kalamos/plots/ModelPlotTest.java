package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.activations.Activations;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.plots.ModelDiagram.Rankdir;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPlotTest {
  @TempDir Path folder;

  private static Model model() {
    return Sequential.of(
        Input.of(4),
        Dense.of(3).activation(Activations.RELU),
        Dropout.of(0.5),
        Dense.of(2).activation(Activations.SOFTMAX));
  }

  private static List<String> words(int box, ModelDiagram diagram) {
    var model = model();
    model.trainable("dense_1", false);
    return LayerBox.of(model.graph().nodes().get(box), diagram).lines().stream()
        .map(LayerBox.Line::text)
        .toList();
  }

  @Test
  void boxesSayWhatTheOptionsAskFor() {
    var least = ModelDiagram.DEFAULTS.showShapes(false).showLayerNames(false);
    assertEquals(List.of("Dense"), words(1, least));
    assertEquals(List.of("Dense", "dense", "(None, 3)"), words(1, ModelDiagram.DEFAULTS));
    var most = ModelDiagram.DEFAULTS.showDtype(true).showLayerActivations(true).showTrainable(true);
    assertEquals(
        List.of("Dense", "dense_1", "(None, 2)", "float32", "softmax", "not trainable"),
        words(3, most));
    assertEquals(
        List.of("Dropout", "dropout", "(None, 3)", "float32", "trainable"), words(2, most));
  }

  @Test
  void theGraphIsDrawnBothWays() throws IOException {
    Plots.modelGraph(model()).dpi(72).save(folder.resolve("down.png"));
    var down = ImageIO.read(folder.resolve("down.png").toFile());
    assertEquals(4 * (3 * 18 + 14) + 3 * 34 + 48, down.getHeight());
    assertTrue(PlotsTest.count(down, 0xffdcebf5) > 3000, "two blue boxes");
    assertTrue(PlotsTest.count(down, 0xffefefef) > 1500, "a grey one");
    Plots.modelGraph(model(), diagram -> diagram.rankdir(Rankdir.LR))
        .dpi(72)
        .save(folder.resolve("right.png"));
    var right = ImageIO.read(folder.resolve("right.png").toFile());
    assertEquals(3 * 18 + 14 + 48, right.getHeight());
    assertTrue(right.getWidth() > 4 * 84);
  }
}
