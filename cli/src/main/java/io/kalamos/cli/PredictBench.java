package io.kalamos.cli;

import com.sun.management.ThreadMXBean;
import io.kalamos.datasets.Mnist;
import io.kalamos.losses.Losses;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.optimizers.Adam;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// Predicts one image at a time with `mlp`: the time and the garbage of a call, whether all threads
/// get the same answer, and how the process grows.
///
/// @param calls of all threads together
record PredictBench(Runs runs, int calls) {
  private static final int WARM_UP = 20_000;

  /// What `threads` threads that predict at the same time find.
  SequencedMap<String, Object> run(int threads) throws InterruptedException {
    try (var model = StandardNetwork.MLP.model(runs.seed())) {
      model.compile(
          Compilation.of(Adam.of(1e-3), Losses.SPARSE_CATEGORICAL_CROSSENTROPY)
              .running(runs::apply));
      var images = Mnist.load().test().images().rows(0, 1).toFloats();
      var ready = new CountDownLatch(threads);
      var callers =
          IntStream.range(0, threads)
              .mapToObj(_ -> new Caller(model, images, calls / threads, ready))
              .toList();
      var running = callers.stream().map(Thread::new).toList();
      running.forEach(Thread::start);
      for (var thread : running) {
        thread.join();
      }
      var times = callers.stream().flatMapToLong(c -> Arrays.stream(c.nanos)).sorted().toArray();
      long bytes = callers.stream().mapToLong(caller -> caller.bytes).sum();
      var figures = new LinkedHashMap<String, Object>();
      figures.put("net", StandardNetwork.MLP.text());
      figures.put("threads", threads);
      figures.put("calls", times.length);
      figures.put("median_us", microseconds(times[times.length / 2]));
      figures.put("p99_us", microseconds(times[(int) (times.length * 0.99)]));
      figures.put("bytes_per_call", Math.round(bytes * 100.0 / times.length) / 100.0);
      var answer = callers.getFirst().result;
      figures.put("same_answers", callers.stream().allMatch(caller -> caller.steady(answer)));
      long begin = callers.stream().mapToLong(caller -> caller.residentBefore).max().orElse(0);
      figures.put("growth_kb", callers.getFirst().residentAfter - begin);
      return figures;
    }
  }

  private static double microseconds(long nanos) {
    return Math.round(nanos / 100.0) / 10.0;
  }

  /// One thread's calls.
  private static final class Caller implements Runnable {
    private final Model model;
    private final float[] image;
    private final CountDownLatch ready;
    private final float[] result = new float[10];
    private boolean steady = true;
    final long[] nanos;
    long bytes;
    long residentBefore;
    long residentAfter;

    Caller(Model model, float[] image, int calls, CountDownLatch ready) {
      this.nanos = new long[calls];
      this.model = model;
      this.image = image;
      this.ready = ready;
    }

    @Override
    public void run() {
      for (int i = 0; i < WARM_UP; i++) {
        model.predict(image, result);
      }
      ready.countDown();
      try {
        ready.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      var first = result.clone();
      residentBefore = resident();
      long before = allocated();
      for (int i = 0; i < nanos.length; i++) {
        long begin = System.nanoTime();
        model.predict(image, result);
        nanos[i] = System.nanoTime() - begin;
        steady &= Arrays.equals(first, result);
      }
      bytes = allocated() - before;
      residentAfter = resident();
    }

    /// Whether every answer was this one, to the bit.
    boolean steady(float[] answer) {
      return steady && Arrays.equals(answer, result);
    }

    /// Resident memory of the process in KB, 0 where the system does not tell.
    private static long resident() {
      try (var lines = Files.lines(Path.of("/proc/self/status"))) {
        return lines
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
      } catch (IOException e) {
        return 0;
      }
    }

    private static long allocated() {
      return switch (ManagementFactory.getThreadMXBean()) {
        case ThreadMXBean bean -> bean.getCurrentThreadAllocatedBytes();
        case java.lang.management.ThreadMXBean _ -> 0;
      };
    }
  }
}
