package io.kalamos.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kalamos.engine.Tensor;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// A file in onnxruntime, on one thread.
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRuntime(byte[] file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      this.session = environment.createSession(file, options);
    }
  }

  List<String> inputs() {
    return List.copyOf(session.getInputNames());
  }

  List<String> outputs() {
    return List.copyOf(session.getOutputNames());
  }

  /// All outputs for these inputs, given in the file's order.
  List<Tensor> run(List<Tensor> x) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (int i = 0; i < x.size(); i++) {
        inputs.put(inputs().get(i), value(x.get(i)));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < result.size(); i++) {
          outputs.add(tensor((OnnxTensor) result.get(i)));
        }
        return outputs;
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor value(Tensor tensor) throws OrtException {
    long[] shape = IntStream.of(tensor.shape().toArray()).mapToLong(n -> n).toArray();
    if (tensor.dtype().floating()) {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(tensor.toFloats()), shape);
    }
    int[] numbers = new int[Math.toIntExact(tensor.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (int) tensor.get(i);
    }
    return OnnxTensor.createTensor(environment, IntBuffer.wrap(numbers), shape);
  }

  private static Tensor tensor(OnnxTensor value) {
    int[] shape = LongStream.of(value.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
    FloatBuffer real = value.getFloatBuffer();
    if (real != null) {
      float[] numbers = new float[real.remaining()];
      real.get(numbers);
      return Tensor.of(numbers, shape);
    }
    IntBuffer whole = value.getIntBuffer();
    int[] numbers = new int[whole.remaining()];
    whole.get(numbers);
    return Tensor.of(numbers, shape);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
