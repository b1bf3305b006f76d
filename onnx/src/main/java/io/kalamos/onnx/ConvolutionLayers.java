package io.kalamos.onnx;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Window;
import io.kalamos.layers.AveragePooling1D;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.Conv1D;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Conv2DTranspose;
import io.kalamos.layers.DepthwiseConv2D;
import io.kalamos.layers.GlobalAveragePooling1D;
import io.kalamos.layers.GlobalAveragePooling2D;
import io.kalamos.layers.GlobalMaxPooling1D;
import io.kalamos.layers.GlobalMaxPooling2D;
import io.kalamos.layers.Interpolation;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling1D;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Symbol;
import io.kalamos.layers.UpSampling2D;
import io.kalamos.layers.ZeroPadding2D;
import io.kalamos.onnx.Carried.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Convolutions and pooling as layers, where their padding is one that Keras has, or can be a
/// [ZeroPadding2D] before.
final class ConvolutionLayers {
  /// The greatest factor that still is a layer of its own; [OperationTable] bounds the work.
  private static final int MOST_TIMES = 32;

  private final Translation translation;
  private final LayerTable table;

  ConvolutionLayers(Translation translation, LayerTable table) {
    this.translation = translation;
    this.table = table;
  }

  boolean convolution(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0);
    boolean known = table.known(node, 1) && (!table.has(node, 2) || table.known(node, 2));
    if (input.isEmpty() || !known) {
      return false;
    }
    Carried x = input.get();
    Site site = translation.probe().site(node);
    Window window = Sliding.of(site, ConvolutionOperators.kernel(site)).window();
    int groups = ConvolutionOperators.groups(site);
    boolean strided = window.strideHeight() * window.strideWidth() > 1;
    if (strided && window.dilationHeight() * window.dilationWidth() > 1) {
      return false;
    }
    return x.rank() == 4
        ? convolution2d(node, x, window, groups)
        : convolution1d(node, x, window, groups);
  }

  private boolean convolution2d(NodeProto node, Carried x, Window window, int groups) {
    Shape shape = table.shape(node, 1);
    int channels = x.shape().dim(1);
    int filters = shape.dim(0);
    Tensor kernel = Tensors.transposed(translation.number(node.inputs().get(1)), 2, 3, 1, 0);
    Optional<Padding> padding = padding(window, x.shape().dim(2), x.shape().dim(3));
    Symbol pictures = translation.symbol(x, x.channelsLast());
    if (padding.isEmpty()) {
      pictures =
          ZeroPadding2D.of(window.top(), window.bottom(), window.left(), window.right())
              .on(pictures);
    }
    boolean bias = table.has(node, 2);
    boolean depthwise = groups == channels && groups > 1 && filters % channels == 0;
    Layer layer =
        depthwise
            ? DepthwiseConv2D.of(window.height(), window.width())
                .depthMultiplier(filters / channels)
                .strides(window.strideHeight(), window.strideWidth())
                .dilationRate(window.dilationHeight(), window.dilationWidth())
                .padding(padding.orElse(Padding.VALID))
                .useBias(bias)
            : Conv2D.of(filters, window.height(), window.width())
                .strides(window.strideHeight(), window.strideWidth())
                .dilationRate(window.dilationHeight(), window.dilationWidth())
                .padding(padding.orElse(Padding.VALID))
                .groups(groups)
                .useBias(bias);
    Tensor placed =
        depthwise
            ? kernel.reshape(window.height(), window.width(), channels, filters / channels)
            : kernel;
    return weighted(node, layer, placed, pictures, x);
  }

  private boolean convolution1d(NodeProto node, Carried x, Window window, int groups) {
    int steps = x.shape().dim(2);
    Window causal = Sliding.with(window, 0, window.spanWidth() - 1, 0, 0);
    Optional<Padding> padding =
        window.equals(causal) && window.spanWidth() > 1
            ? Optional.of(Padding.CAUSAL)
            : padding(window, 1, steps);
    if (padding.isEmpty()) {
      return false;
    }
    Layer layer =
        Conv1D.of(table.shape(node, 1).dim(0), window.width())
            .strides(window.strideWidth())
            .dilationRate(window.dilationWidth())
            .padding(padding.get())
            .groups(groups)
            .useBias(table.has(node, 2));
    Tensor kernel = Tensors.transposed(translation.number(node.inputs().get(1)), 2, 1, 0);
    return weighted(node, layer, kernel, translation.symbol(x, x.channelsLast()), x);
  }

  private boolean weighted(NodeProto node, Layer layer, Tensor kernel, Symbol input, Carried x) {
    List<Tensor> values = new ArrayList<>(List.of(kernel));
    if (table.has(node, 2)) {
      values.add(translation.number(node.inputs().get(2)));
    }
    translation.carry(
        node.outputs().getFirst(),
        x.channelsLast(),
        translation.apply(node, layer, table.sources(node, 1, 2), values, input));
    return true;
  }

  /// Keras's padding, if it has this one.
  private static Optional<Padding> padding(Window window, int height, int width) {
    if (window.equals(Sliding.with(window, 0, 0, 0, 0))) {
      return Optional.of(Padding.VALID);
    }
    return window.equals(window.same(height, width)) ? Optional.of(Padding.SAME) : Optional.empty();
  }

  boolean transposed(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0).filter(x -> x.rank() == 4);
    boolean known = table.known(node, 1) && (!table.has(node, 2) || table.known(node, 2));
    Site site = translation.probe().site(node);
    if (input.isEmpty() || !known || ConvolutionOperators.groups(site) != 1) {
      return false;
    }
    Carried x = input.get();
    Widening widening = Widening.of(site, ConvolutionOperators.kernel(site));
    Window window = widening.window();
    boolean whole =
        widening.cutBottom() == 0
            && widening.cutRight() == 0
            && window.dilationHeight() * window.dilationWidth() == 1
            && site.numbers("output_padding", 0, 0)[0] == 0
            && site.numbers("output_padding", 0, 0)[1] == 0;
    boolean same =
        whole
            && widening.height() == x.shape().dim(2) * window.strideHeight()
            && widening.width() == x.shape().dim(3) * window.strideWidth()
            && window.equals(window.same(widening.height(), widening.width()));
    boolean valid =
        whole
            && window.equals(Sliding.with(window, 0, 0, 0, 0))
            && window.height() >= window.strideHeight()
            && window.width() >= window.strideWidth();
    if (!same && !valid) {
      return false;
    }
    Layer layer =
        Conv2DTranspose.of(table.shape(node, 1).dim(1), window.height(), window.width())
            .strides(window.strideHeight(), window.strideWidth())
            .padding(valid ? Padding.VALID : Padding.SAME)
            .useBias(table.has(node, 2));
    Tensor kernel = Tensors.transposed(translation.number(node.inputs().get(1)), 2, 3, 1, 0);
    return weighted(node, layer, kernel, translation.symbol(x, x.channelsLast()), x);
  }

  boolean maxPool(NodeProto node) {
    return pool(
        node,
        (window, padding) ->
            MaxPooling2D.of(window.height(), window.width())
                .strides(window.strideHeight(), window.strideWidth())
                .padding(padding),
        (window, padding) ->
            MaxPooling1D.of(window.width()).strides(window.strideWidth()).padding(padding));
  }

  boolean averagePool(NodeProto node) {
    return pool(
        node,
        (window, padding) ->
            AveragePooling2D.of(window.height(), window.width())
                .strides(window.strideHeight(), window.strideWidth())
                .padding(padding),
        (window, padding) ->
            AveragePooling1D.of(window.width()).strides(window.strideWidth()).padding(padding));
  }

  private interface Pooling {
    Layer of(Window window, Padding padding);
  }

  private boolean pool(NodeProto node, Pooling pictures, Pooling sequences) {
    Optional<Carried> input = table.samples(node, 0);
    if (input.filter(x -> x.type().floating()).isEmpty() || !table.single(node)) {
      return false;
    }
    Carried x = input.get();
    Site site = translation.probe().site(node);
    Window window = Sliding.of(site, site.numbers("kernel_shape")).whole();
    boolean sequence = x.rank() == 3;
    Optional<Padding> padding = padding(window, sequence ? 1 : x.shape().dim(2), x.shape().dim(-1));
    boolean counts =
        site.flag("count_include_pad", false) && padding.filter(p -> p == Padding.SAME).isPresent();
    if (padding.isEmpty() || counts || window.dilationHeight() * window.dilationWidth() > 1) {
      return false;
    }
    Layer layer = (sequence ? sequences : pictures).of(window, padding.get());
    return table.put(node, x, x.channelsLast(), layer, x.channelsLast());
  }

  boolean globalAverage(NodeProto node) {
    return global(
        node,
        kept -> GlobalAveragePooling2D.of().keepdims(kept),
        kept -> GlobalAveragePooling1D.of().keepdims(kept));
  }

  boolean globalMax(NodeProto node) {
    return global(
        node,
        kept -> GlobalMaxPooling2D.of().keepdims(kept),
        kept -> GlobalMaxPooling1D.of().keepdims(kept));
  }

  private interface Global {
    Layer of(boolean keepdims);
  }

  /// A reduction over the two axes, or the one, that lie between batch and channels in some form.
  private boolean global(NodeProto node, Global pictures, Global sequences) {
    Optional<Carried> input = table.samples(node, 0).filter(v -> v.rank() == 4 || v.rank() == 3);
    if (input.filter(x -> x.type().floating()).isEmpty() || !table.single(node)) {
      return false;
    }
    Carried x = input.get();
    boolean pooling = node.opType().startsWith("Global");
    Optional<int[]> axes = pooling ? Optional.of(spatial(x.rank())) : reduced(node, x.rank());
    if (axes.isEmpty()) {
      return false;
    }
    boolean kept = pooling || translation.probe().site(node).flag("keepdims", true);
    List<Form.Order> orders = new ArrayList<>();
    x.forms()
        .keySet()
        .forEach(
            form -> {
              if (form instanceof Form.Order order) {
                orders.add(order);
              }
            });
    orders.add(x.channelsLast());
    for (Form.Order order : orders) {
      int[] between =
          order.axes().subList(1, x.rank() - 1).stream().mapToInt(a -> a).sorted().toArray();
      if (Arrays.equals(between, axes.get())) {
        Layer layer = (x.rank() == 4 ? pictures : sequences).of(kept);
        return table.put(node, x, order, layer, kept ? order : new Form.Order(List.of(0, 1)));
      }
    }
    return false;
  }

  private static int[] spatial(int rank) {
    return IntStream.range(2, rank).toArray();
  }

  private Optional<int[]> reduced(NodeProto node, int rank) {
    Site site = translation.probe().site(node);
    boolean input = site.opset() >= 18;
    if (input && table.has(node, 1) && !table.known(node, 1)) {
      return Optional.empty();
    }
    long[] axes =
        !input ? site.numbers("axes") : table.has(node, 1) ? site.numbers(1) : new long[0];
    return axes.length == 0 ? Optional.empty() : Optional.of(site.axes(axes, rank));
  }

  /// Whole factors, by repetition or linearly between the centres of pixels.
  boolean upsampling(NodeProto node) {
    Optional<Carried> input = table.samples(node, 0).filter(x -> x.rank() == 4);
    if (input.filter(x -> x.type().floating()).isEmpty() || translation.graph().opset() < 11) {
      return false;
    }
    Carried x = input.get();
    Shape result = translation.shape(node.outputs().getFirst());
    Site site = translation.probe().site(node);
    int down = result.dim(2) / x.shape().dim(2);
    int across = result.dim(3) / x.shape().dim(3);
    boolean whole =
        result.equals(
            Shape.of(
                x.shape().dim(0),
                x.shape().dim(1),
                x.shape().dim(2) * down,
                x.shape().dim(3) * across));
    String places = site.text("coordinate_transformation_mode", "half_pixel");
    String nearest = site.text("nearest_mode", "round_prefer_floor");
    boolean repeats =
        site.text("mode", "nearest").equals("nearest")
            && (places.equals("asymmetric") && nearest.equals("floor")
                || places.equals("half_pixel") && nearest.startsWith("round"));
    boolean linear =
        site.text("mode", "nearest").equals("linear")
            && (places.equals("half_pixel") || places.equals("pytorch_half_pixel"))
            && !site.flag("exclude_outside", false);
    if (!whole
        || down < 1
        || across < 1
        || Math.max(down, across) > MOST_TIMES
        || !repeats && !linear) {
      return false;
    }
    Layer layer =
        UpSampling2D.of(down, across)
            .interpolation(linear ? Interpolation.BILINEAR : Interpolation.NEAREST);
    return table.put(node, x, x.channelsLast(), layer, x.channelsLast());
  }
}
