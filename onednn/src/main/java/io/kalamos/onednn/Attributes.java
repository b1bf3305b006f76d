package io.kalamos.onednn;

import java.util.List;

/// What a primitive does besides its main work: steps on its destination, and relaxed arithmetic.
///
/// The scratchpad is always the user's, so that one arena per thread serves all primitives.
record Attributes(List<PostOp> postOps, Precision precision) {
  static final Attributes NONE = new Attributes(List.of(), Precision.STRICT);

  private static final String DESTROY = "dnnl_primitive_attr_destroy";

  /// Whether float32 products may be computed in bfloat16.
  enum Precision {
    STRICT,
    BF16
  }

  /// A step on the destination, in the order given; forward primitives only.
  sealed interface PostOp {
    /// `dst = f(dst)`.
    record Eltwise(EltwiseKind kind, float alpha, float beta) implements PostOp {
      @Override
      public String toString() {
        return "Eltwise[kind=" + kind + ", alpha=" + alpha + ", beta=" + beta + "]";
      }
    }

    /// `dst += scale * previous dst`.
    record Sum(float scale) implements PostOp {}

    /// `dst = dst op other`, broadcast where a dim of `other` is 1; bound as `POST_OP_i`.
    record Binary(BinaryKind kind, Md other) implements PostOp {}
  }

  static Attributes of(PostOp... postOps) {
    return new Attributes(List.of(postOps), Precision.STRICT);
  }

  Attributes precision(Precision changed) {
    return new Attributes(postOps, changed);
  }

  /// Whether a primitive can have this argument as far as its post-ops go.
  boolean admits(Arg arg) {
    int index = arg.postOp();
    return index < 0 || index < postOps.size() && postOps.get(index) instanceof PostOp.Binary;
  }

  /// The native attributes, owned by `scope`.
  long create(Scope scope) {
    var attr = scope.create(this, "dnnl_primitive_attr_create", DESTROY);
    var dnnl = scope.dnnl();
    dnnl.check(this, "dnnl_primitive_attr_set_scratchpad_mode", attr, 1);
    if (precision == Precision.BF16) {
      dnnl.check(this, "dnnl_primitive_attr_set_fpmath_mode", attr, 1);
    }
    if (!postOps.isEmpty()) {
      var ops = scope.create(this, "dnnl_post_ops_create", "dnnl_post_ops_destroy");
      for (var op : postOps) {
        append(dnnl, ops, op);
      }
      dnnl.check(this, "dnnl_primitive_attr_set_post_ops", attr, ops);
    }
    return attr;
  }

  /// As a record has it by itself, but there the JVM writes code for it first, at every start.
  @Override
  public String toString() {
    return "Attributes[postOps=" + postOps + ", precision=" + precision + "]";
  }

  private void append(Dnnl dnnl, long ops, PostOp op) {
    switch (op) {
      case PostOp.Eltwise e -> {
        var name = "dnnl_post_ops_append_eltwise";
        Dnnl.check(this, name, FloatCalls.appendEltwise(dnnl.function(name), ops, e));
      }
      case PostOp.Sum s -> {
        var name = "dnnl_post_ops_append_sum";
        Dnnl.check(this, name, FloatCalls.appendSum(dnnl.function(name), ops, s.scale));
      }
      case PostOp.Binary b ->
          dnnl.check(this, "dnnl_post_ops_append_binary", ops, b.kind.code(), b.other.handle());
    }
  }
}
