package io.kalamos.onednn;

/// A set of CPU instructions, as the bits of the library's `dnnl_cpu_isa_t`.
record Isa(int bits) {
  private static final int AVX512_CORE = 0x27;
  private static final int AVX512_CORE_BF16 = 0xe7;
  private static final int AVX10_1_512_AMX = 0xfef;

  /// Whether bfloat16 products run on instructions of their own instead of being emulated.
  boolean nativeBf16() {
    return has(AVX512_CORE_BF16);
  }

  /// Whether there are instructions for products of small matrices of bfloat16.
  boolean amx() {
    return has(AVX10_1_512_AMX);
  }

  boolean avx512() {
    return has(AVX512_CORE);
  }

  private boolean has(int set) {
    return (bits & set) == set;
  }

  @Override
  public String toString() {
    return switch (bits) {
      case 0x1 -> "sse41";
      case 0x3 -> "avx";
      case 0x7 -> "avx2";
      case 0xf -> "avx2_vnni";
      case 0x1f -> "avx2_vnni_2";
      case 0x27 -> "avx512_core";
      case 0x67 -> "avx512_core_vnni";
      case 0xe7 -> "avx512_core_bf16";
      case 0x1ef -> "avx10_1_512";
      case 0xfef -> "avx10_1_512_amx";
      case 0x1fef -> "avx10_1_512_amx_fp16";
      case 0x201ff -> "avx10_2_512";
      case 0x22fff -> "avx10_2_512_amx_2";
      default -> "isa 0x" + Integer.toHexString(bits);
    };
  }
}
