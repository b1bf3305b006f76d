package io.kalamos.onnx;

import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// One of the cases with which ONNX tests operators: a graph of a node or a few, inputs and the
/// outputs that they must give.
///
/// @param model the graph
/// @param inputs numbers by the names of the graph's inputs
/// @param outputs what must come out, in the order of the graph's outputs
record OperatorCase(
    String name,
    ModelProto model,
    SequencedMap<String, Value.Known> inputs,
    List<Value.Known> outputs) {
  private static final Set<String> RANDOM =
      Set.of(
          "test_training_dropout",
          "test_training_dropout_mask",
          "test_training_dropout_default",
          "test_training_dropout_default_mask");

  /// What became of a case.
  ///
  /// @param failure empty where the outputs came out
  /// @param refused whether it is an error that says what is not read
  record Verdict(String way, String failure, boolean refused) {
    Verdict(String way, String failure) {
      this(way, failure, false);
    }

    boolean passed() {
      return failure.isEmpty();
    }
  }

  /// Reads a folder that holds `model.onnx` and `test_data_set_0`; nothing where the case has
  /// values that are no tensors of numbers.
  static Optional<OperatorCase> read(Path folder) {
    try {
      ModelProto model = file(folder.resolve("model.onnx"), ModelProto::read);
      SequencedMap<String, Value.Known> inputs = new LinkedHashMap<>();
      Path data = folder.resolve("test_data_set_0");
      for (int i = 0; Files.exists(data.resolve("input_" + i + ".pb")); i++) {
        inputs.put(
            model.graph().inputs().get(i).name(), tensor(data.resolve("input_" + i + ".pb")));
      }
      List<Value.Known> outputs = new ArrayList<>();
      for (int i = 0; Files.exists(data.resolve("output_" + i + ".pb")); i++) {
        outputs.add(tensor(data.resolve("output_" + i + ".pb")));
      }
      return outputs.isEmpty()
          ? Optional.empty()
          : Optional.of(new OperatorCase(folder.getFileName().toString(), model, inputs, outputs));
    } catch (IOException | IllegalArgumentException problem) {
      return Optional.empty();
    }
  }

  private static <T> T file(Path file, FieldReader.Reading<T> reading) throws IOException {
    return FieldReader.read(Files.readAllBytes(file), Limits.DEFAULTS, reading);
  }

  private static Value.Known tensor(Path file) throws IOException {
    return Tensors.known(file.toString(), file(file, TensorProto::read));
  }

  /// The operators of the graph.
  List<String> operators() {
    return model.graph().nodes().stream().map(Site::operator).distinct().toList();
  }

  /// Whether all operators are read, and the outputs are not drawn at random.
  boolean claimed() {
    return !RANDOM.contains(name)
        && operators().stream().allMatch(name -> Operators.of(name).isPresent());
  }

  /// Writes the graph and runs it, with all real numbers as data; where an operator wants to know
  /// some of them, with the first input alone as data, then with none.
  Verdict asOperators() {
    List<Map.Entry<String, Predicate<String>>> ways =
        List.of(
            Map.entry("data", name -> inputs.get(name).type().floating()),
            Map.entry("first input", name -> name.equals(inputs.firstEntry().getKey())),
            Map.entry("known", name -> false));
    Verdict first = null;
    for (Map.Entry<String, Predicate<String>> way : ways) {
      try {
        return new Verdict(way.getKey(), difference(written(way.getValue())));
      } catch (RuntimeException problem) {
        boolean refused =
            problem instanceof IllegalArgumentException
                && problem.getMessage().contains("expected");
        first = first == null ? new Verdict(way.getKey(), problem.getMessage(), refused) : first;
      }
    }
    return first;
  }

  private List<Tensor> written(Predicate<String> data) {
    Map<String, Value> values = new HashMap<>();
    model
        .graph()
        .initializers()
        .forEach(tensor -> values.put(tensor.name(), Tensors.known(name, tensor)));
    inputs.forEach(
        (name, known) ->
            values.put(
                name,
                data.test(name)
                    ? new Value.Computed(
                        known.type(),
                        Ops.parameter(
                            new Variable(name, known.tensor().cast(DType.FLOAT32), false)))
                    : known));
    Site.Setting setting =
        Site.Setting.of(Math.toIntExact(model.opsets().getOrDefault("", 1L)), 0, 1);
    Evaluation evaluation = new Evaluation(setting, new Folding(1 << 20));
    for (NodeProto node : model.graph().nodes()) {
      List<Value> made = evaluation.of(node, values);
      IntStream.range(0, node.outputs().size())
          .forEach(i -> values.put(node.outputs().get(i), made.get(i)));
    }
    return model.graph().outputs().stream().map(output -> run(values.get(output.name()))).toList();
  }

  private static Tensor run(Value value) {
    return switch (value) {
      case Value.Known known -> known.tensor();
      case Value.Computed(ElementType _, Node node) -> {
        Backend backend = Backend.all().getLast();
        try (Program program = backend.compile(Graph.of("y", node), CompileOptions.seeded(0))) {
          program.run(new int[0], 0, 0);
          yield program.output("y").copy();
        }
      }
    };
  }

  /// Loads the graph as a model whose first input is the data and all others are weights; nothing
  /// where it is no model of samples.
  Optional<Verdict> asModel() {
    if (inputs.isEmpty()
        || inputs.firstEntry().getValue().shape().rank() == 0
        || !Arrays.stream(inputs.firstEntry().getValue().values()).allMatch(Double::isFinite)) {
      return Optional.empty();
    }
    String first = inputs.firstEntry().getKey();
    GraphProto graph = model.graph();
    List<TensorProto> initializers = new ArrayList<>(graph.initializers());
    inputs.forEach(
        (name, known) -> {
          if (!name.equals(first)) {
            initializers.add(proto(name, known));
          }
        });
    ModelProto closed =
        new ModelProto(
            model.irVersion(),
            "",
            "",
            "",
            model.opsets(),
            Map.of(),
            new GraphProto(
                graph.name(),
                "",
                graph.nodes(),
                initializers,
                graph.inputs().stream().filter(input -> input.name().equals(first)).toList(),
                graph.outputs()));
    Model loaded;
    try {
      loaded = Translation.of(OnnxGraph.of(closed, List.of()), LoadOptions.DEFAULTS);
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
    try {
      Value.Known data = inputs.firstEntry().getValue();
      DType dtype = data.type().floating() ? DType.FLOAT32 : DType.INT32;
      List<Tensor> made =
          loaded.predict(List.of(data.tensor().cast(dtype)), Math.max(1, data.shape().dim(0)));
      return Optional.of(
          new Verdict(loaded.layers().lastEntry().getValue().kind(), difference(made)));
    } catch (RuntimeException problem) {
      return Optional.of(new Verdict("predict", problem.toString()));
    }
  }

  private static TensorProto proto(String name, Value.Known known) {
    ElementType type =
        switch (known.type()) {
          case BOOL -> ElementType.BOOL;
          case DOUBLE -> ElementType.DOUBLE;
          case FLOAT, FLOAT16, BFLOAT16 -> ElementType.FLOAT;
          case ElementType _ -> ElementType.INT64;
        };
    ByteBuffer raw =
        ByteBuffer.allocate(Math.toIntExact(known.shape().size()) * type.bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double value : known.values()) {
      switch (type) {
        case BOOL -> raw.put((byte) value);
        case DOUBLE -> raw.putDouble(value);
        case FLOAT -> raw.putFloat((float) value);
        case ElementType _ -> raw.putLong((long) value);
      }
    }
    List<Long> dims = IntStream.of(known.shape().toArray()).mapToObj(Long::valueOf).toList();
    return TensorProto.of(name, type, dims, raw.flip());
  }

  /// What differs; empty where nothing does.
  private String difference(List<Tensor> made) {
    for (int i = 0; i < outputs.size(); i++) {
      Value.Known wanted = outputs.get(i);
      Shape shape = made.get(i).shape();
      if (!shape.equals(wanted.shape())) {
        return "shape " + shape + " instead of " + wanted.shape();
      }
      boolean coarse =
          wanted.type() == ElementType.FLOAT16 || wanted.type() == ElementType.BFLOAT16;
      double relative = coarse ? 1e-2 : 1e-3;
      double[] expected = wanted.values();
      double[] received = made.get(i).toDoubles();
      for (int j = 0; j < expected.length; j++) {
        boolean same =
            expected[j] == received[j]
                || Double.isNaN(expected[j]) && Double.isNaN(received[j])
                || Math.abs(expected[j] - received[j]) <= 1e-7 + relative * Math.abs(expected[j]);
        if (!same) {
          return "output " + i + "[" + j + "]: " + received[j] + " instead of " + expected[j];
        }
      }
    }
    return "";
  }
}
