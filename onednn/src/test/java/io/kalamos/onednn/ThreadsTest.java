package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ThreadsTest extends NativeTest {
  private static final int SIZE = 96;

  @Test
  void threadsRunTheirOwnPrimitivesAtOnce() throws Exception {
    var md = Md.of(scope, F32, SIZE, SIZE);
    var a = randomFloats(SIZE * SIZE);
    var b = randomFloats(SIZE * SIZE);
    var alone = floats(SIZE * SIZE);
    var problem = new Problem.MatMul(md, md, Md.none(scope), md, Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, a, Arg.WEIGHTS, b, Arg.DST, alone));
    Callable<Long> work =
        () -> {
          try (var own = new Scope(dnnl())) {
            var result = own.allocate(4L * SIZE * SIZE);
            var candidate = Candidate.first(own, problem);
            var scratch = own.allocate(Math.max(1, candidate.scratchpadBytes()));
            var addresses = new java.util.EnumMap<Arg, Long>(Arg.class);
            addresses.put(Arg.SRC, a.address());
            addresses.put(Arg.WEIGHTS, b.address());
            addresses.put(Arg.DST, result.address());
            if (candidate.scratchpadBytes() > 0) {
              addresses.put(Arg.SCRATCHPAD, scratch.address());
            }
            var execution = candidate.bind(addresses);
            long ownStream = own.stream();
            for (int i = 0; i < 300; i++) {
              result.fill((byte) 0);
              execution.run(ownStream);
              if (result.mismatch(alone) >= 0) {
                return (long) i;
              }
            }
            return -1L;
          }
        };
    try (var pool = Executors.newFixedThreadPool(2)) {
      var results = new ArrayList<Long>();
      for (var future : pool.invokeAll(java.util.List.of(work, work))) {
        results.add(future.get());
      }
      assertEquals(java.util.List.of(-1L, -1L), results, "run of the first wrong result");
    }
  }

  @Test
  void primitivesAreSequentialInEveryThread() throws Exception {
    assertEquals(1, (int) dnnl().call("omp_get_max_threads"));
    try (var pool = Executors.newFixedThreadPool(1)) {
      assertEquals(
          1, (int) pool.submit(() -> dnnl().call("omp_get_max_threads")).get().longValue());
    }
  }

  @Test
  void theLibraryNamesItselfAndTheMachine() {
    assertTrue(dnnl().version().matches("3\\.11\\.\\d+"), dnnl().version());
    assertTrue(dnnl().isa().toString().matches("sse41|avx\\w+|isa 0x0"), dnnl().isa().toString());
    assertTrue(new Isa(0xe7).nativeBf16());
    assertTrue(new Isa(0xfef).nativeBf16());
    assertFalse(new Isa(0x67).nativeBf16());
    assertTrue(new Isa(0x67).avx512());
    assertTrue(new Isa(0xfef).amx());
    assertFalse(new Isa(0x1ef).amx());
    assertFalse(new Isa(0xe7).amx());
    assertFalse(new Isa(0x1f).avx512());
  }

  @Test
  void aClosedScopeMakesNothing() {
    var closed = new Scope(dnnl());
    closed.close();
    var e = assertThrows(IllegalStateException.class, closed::stream);
    assertEquals(
        "Scope: expected an open scope, received closed=true; make native objects before close.",
        e.getMessage());
  }
}
