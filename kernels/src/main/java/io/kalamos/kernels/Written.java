package io.kalamos.kernels;

/// Machine code and the picture of the frame that it expects.
record Written(byte[] code, Frame frame) {}
