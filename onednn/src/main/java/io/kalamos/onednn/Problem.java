package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/// What is to be computed on which memory; the library offers several implementations of it.
///
/// A problem is a description: it holds no native object besides its memory descriptors. Layouts
/// given as `any` are chosen by each implementation. Each `iterate` below is one C function with
/// its arguments in the C order.
sealed interface Problem {
  /// The library's code for a direct convolution.
  int DIRECT = 1;

  /// The library's code for softmax, against its logarithm.
  int SOFTMAX = 0x30000;

  /// Convolutions on the CPU choose nothing from their forward pass.
  long NO_HINT = 0;

  /// Whether the backward pass follows, which may need a workspace.
  enum Use {
    TRAINING(64),
    INFERENCE(96);

    private final int code;

    Use(int code) {
      this.code = code;
    }
  }

  Attributes attributes();

  /// Calls the C function that makes the iterator over implementations.
  long iterate(Call call);

  /// The iterator, standing on the first implementation, owned by `scope`, which must stay open
  /// while it is advanced.
  default long iterate(Scope scope) {
    try (var memory = Arena.ofConfined()) {
      return iterate(new Call(this, scope, memory, attributes().create(scope)));
    }
  }

  /// What every creating function needs.
  record Call(Problem problem, Scope scope, SegmentAllocator memory, long attr) {
    long engine() {
      return scope.dnnl().engine();
    }

    /// Calls a function of integers whose first argument receives the descriptor.
    long make(String function, long... arguments) {
      return scope.create(problem, function, Candidate.DESTROY, arguments);
    }

    MemorySegment function(String name) {
      return scope.dnnl().function(name);
    }

    MemorySegment out() {
      return memory.allocate(JAVA_LONG);
    }

    /// Takes over the descriptor that a function with float parameters has written.
    long taken(String function, int status, MemorySegment out) {
      Dnnl.check(problem, function, status);
      return scope.own(Candidate.DESTROY, out.get(JAVA_LONG, 0));
    }
  }

  /// `dst = src x weights + bias`; dims (m, k), (k, n), (1, n) and (m, n), batch dims before them.
  record MatMul(Md src, Md weights, Md bias, Md dst, Attributes attributes) implements Problem {
    @Override
    public long iterate(Call call) {
      return call.make(
          "dnnl_matmul_primitive_desc_create",
          call.engine(),
          src.handle(),
          weights.handle(),
          bias.handle(),
          dst.handle(),
          call.attr);
    }

    /// As a record has it by itself, but there the JVM writes code for it first, at every start.
    @Override
    public String toString() {
      return "MatMul[src="
          + src
          + ", weights="
          + weights
          + ", bias="
          + bias
          + ", dst="
          + dst
          + ", attributes="
          + attributes
          + "]";
    }
  }

  /// `dst = conv(src, weights) + bias`.
  record ConvForward(
      Use use, Md src, Md weights, Md bias, Md dst, Window window, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var w = window.in(call.memory);
      return call.make(
          "dnnl_convolution_forward_primitive_desc_create",
          call.engine(),
          use.code,
          DIRECT,
          src.handle(),
          weights.handle(),
          bias.handle(),
          dst.handle(),
          w.strides(),
          w.dilation(),
          w.before(),
          w.after(),
          call.attr);
    }
  }

  /// `diffSrc` from `diffDst` and the weights.
  record ConvBackwardData(Md diffSrc, Md weights, Md diffDst, Window window, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var w = window.in(call.memory);
      return call.make(
          "dnnl_convolution_backward_data_primitive_desc_create",
          call.engine(),
          DIRECT,
          diffSrc.handle(),
          weights.handle(),
          diffDst.handle(),
          w.strides(),
          w.dilation(),
          w.before(),
          w.after(),
          NO_HINT,
          call.attr);
    }
  }

  /// `diffWeights` and `diffBias` (may be none) from `src` and `diffDst`; both are overwritten.
  record ConvBackwardWeights(
      Md src, Md diffWeights, Md diffBias, Md diffDst, Window window, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var w = window.in(call.memory);
      return call.make(
          "dnnl_convolution_backward_weights_primitive_desc_create",
          call.engine(),
          DIRECT,
          src.handle(),
          diffWeights.handle(),
          diffBias.handle(),
          diffDst.handle(),
          w.strides(),
          w.dilation(),
          w.before(),
          w.after(),
          NO_HINT,
          call.attr);
    }
  }

  /// One value for each window; max pooling for training fills a workspace for the way back.
  record PoolForward(
      Use use,
      PoolKind kind,
      Md src,
      Md dst,
      List<Integer> kernel,
      Window window,
      Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var w = window.in(call.memory);
      return call.make(
          "dnnl_pooling_forward_primitive_desc_create",
          call.engine(),
          use.code,
          kind.code(),
          src.handle(),
          dst.handle(),
          w.strides(),
          Window.address(call.memory, kernel, 0),
          w.dilation(),
          w.before(),
          w.after(),
          call.attr);
    }
  }

  /// `diffSrc` from `diffDst` and, for max pooling, the workspace of `forward`.
  record PoolBackward(
      PoolKind kind,
      Md diffSrc,
      Md diffDst,
      List<Integer> kernel,
      Window window,
      Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var forward =
          new PoolForward(Use.TRAINING, kind, diffSrc, diffDst, kernel, window, Attributes.NONE);
      var hint = forward.iterate(call.scope);
      var w = window.in(call.memory);
      return call.make(
          "dnnl_pooling_backward_primitive_desc_create",
          call.engine(),
          kind.code(),
          diffSrc.handle(),
          diffDst.handle(),
          w.strides(),
          Window.address(call.memory, kernel, 0),
          w.dilation(),
          w.before(),
          w.after(),
          hint,
          call.attr);
    }
  }

  /// `dst = f(src)` element by element.
  record EltwiseForward(
      Use use, EltwiseKind kind, float alpha, float beta, Md src, Md dst, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var name = "dnnl_eltwise_forward_primitive_desc_create";
      var out = call.out();
      long[] six = {
        out.address(), call.engine(), use.code, kind.code(), src.handle(), dst.handle()
      };
      int status = FloatCalls.eltwise(call.function(name), six, alpha, beta, call.attr, 0);
      return call.taken(name, status, out);
    }
  }

  /// `diffSrc = f'(data) * diffDst`; `data` is the source, or the result for a `FROM_DST` kind.
  record EltwiseBackward(
      EltwiseKind kind,
      float alpha,
      float beta,
      Md diffSrc,
      Md diffDst,
      Md data,
      Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var forward =
          new EltwiseForward(Use.TRAINING, kind, alpha, beta, data, data, Attributes.NONE);
      var hint = forward.iterate(call.scope);
      var name = "dnnl_eltwise_backward_primitive_desc_create";
      var out = call.out();
      long[] six = {
        out.address(), call.engine(), kind.code(), diffSrc.handle(), diffDst.handle(), data.handle()
      };
      int status = FloatCalls.eltwise(call.function(name), six, alpha, beta, hint, call.attr);
      return call.taken(name, status, out);
    }
  }

  /// Softmax along one dim.
  record SoftmaxForward(Use use, int axis, Md src, Md dst, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      return call.make(
          "dnnl_softmax_forward_primitive_desc_create",
          call.engine(),
          use.code,
          SOFTMAX,
          src.handle(),
          dst.handle(),
          axis,
          call.attr);
    }
  }

  /// The gradient of softmax from its result.
  record SoftmaxBackward(int axis, Md diffSrc, Md diffDst, Md dst, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      var forward = new SoftmaxForward(Use.TRAINING, axis, dst, dst, Attributes.NONE);
      var hint = forward.iterate(call.scope);
      return call.make(
          "dnnl_softmax_backward_primitive_desc_create",
          call.engine(),
          SOFTMAX,
          diffSrc.handle(),
          diffDst.handle(),
          dst.handle(),
          axis,
          hint,
          call.attr);
    }
  }

  /// `dst = src op src1`, broadcast where a dim of `src1` is 1.
  record Binary(BinaryKind kind, Md src, Md src1, Md dst, Attributes attributes)
      implements Problem {
    @Override
    public long iterate(Call call) {
      return call.make(
          "dnnl_binary_primitive_desc_create",
          call.engine(),
          kind.code(),
          src.handle(),
          src1.handle(),
          dst.handle(),
          call.attr);
    }
  }

  /// Reduces the dims that are 1 in `dst`.
  record Reduction(ReductionKind kind, Md src, Md dst, Attributes attributes) implements Problem {
    @Override
    public long iterate(Call call) {
      var name = "dnnl_reduction_primitive_desc_create";
      var out = call.out();
      long[] five = {out.address(), call.engine(), kind.code(), src.handle(), dst.handle()};
      int status = FloatCalls.reduction(call.function(name), five, 0, 0, call.attr);
      return call.taken(name, status, out);
    }
  }

  /// Copies between layouts and data types.
  record Reorder(Md src, Md dst, Attributes attributes) implements Problem {
    @Override
    public long iterate(Call call) {
      return call.make(
          "dnnl_reorder_primitive_desc_create",
          src.handle(),
          call.engine(),
          dst.handle(),
          call.engine(),
          call.attr);
    }
  }
}
