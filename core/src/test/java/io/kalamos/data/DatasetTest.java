package io.kalamos.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the stages give, in which order, and when they make it.
class DatasetTest {
  private static final Dataset TEN = Dataset.range(10);

  private static int number(Element element) {
    return (int) element.input().get(0);
  }

  private static List<Integer> numbers(Elements elements) {
    List<Integer> numbers = new ArrayList<>();
    elements.forEachRemaining(element -> numbers.add(number(element)));
    return numbers;
  }

  private static List<Integer> numbers(Dataset dataset) {
    return numbers(dataset.elements());
  }

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  /// All values of all passes asked for, as text.
  static String text(Dataset dataset, int passes) {
    StringBuilder text = new StringBuilder();
    for (int pass = 0; pass < passes; pass++) {
      try (Elements elements = dataset.elements(pass)) {
        elements.forEachRemaining(
            element -> {
              for (Tensor tensor : element.tensors()) {
                text.append(tensor).append(Arrays.toString(tensor.toDoubles()));
              }
            });
      }
    }
    return text.toString();
  }

  private static Tensor scalar(double value) {
    Tensor scalar = Tensor.zeros(DType.FLOAT32, Shape.SCALAR);
    scalar.set(0, value);
    return scalar;
  }

  private static Dataset squares(Dataset numbers) {
    return numbers.mapInput(n -> scalar(n.get(0) * n.get(0)));
  }

  private static void pause(Element element) {
    try {
      Thread.sleep(number(element) * 7 % 5);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void takeAndSkip() {
    assertEquals(List.of(0, 1, 2), numbers(TEN.take(3)));
    assertEquals(List.of(8, 9), numbers(TEN.skip(8)));
    assertEquals(List.of(3, 4), numbers(TEN.skip(3).take(2)));
    assertEquals(List.of(), numbers(TEN.skip(20)));
    assertEquals(List.of(4, 5), numbers(Dataset.range(4, 6)));
  }

  @Test
  void repeatAndConcatenate() {
    assertEquals(List.of(0, 1, 0, 1, 0, 1), numbers(Dataset.range(2).repeat(3)));
    assertEquals(List.of(0, 1, 0, 1, 0), numbers(Dataset.range(2).repeat().take(5)));
    assertEquals(List.of(), numbers(Dataset.range(0).repeat()));
    assertEquals(List.of(0, 1, 7), numbers(Dataset.range(2).concatenate(Dataset.range(7, 8))));
  }

  @Test
  void filterLooksAtElements() {
    assertEquals(List.of(0, 3, 6, 9), numbers(TEN.filter(element -> number(element) % 3 == 0)));
  }

  @Test
  void aGeneratorIsMadeForEachPass() {
    Dataset dataset =
        Dataset.fromGenerator(
            epoch -> List.of(Element.of(scalar(epoch)), Element.of(scalar(epoch + 10))).iterator());
    assertEquals(List.of(2, 12), numbers(dataset.elements(2)));
  }

  @Test
  void enumerateGivesTheNumber() {
    Dataset dataset =
        Dataset.range(5, 8).mapEnumerated((i, e) -> Element.of(scalar(100 * i + number(e))));
    assertEquals(List.of(5, 106, 207), numbers(dataset));
  }

  /// The example of TensorFlow's documentation of `interleave`.
  @Test
  void interleaveGoesByTurns() {
    Dataset dataset =
        Dataset.range(1, 6)
            .interleave(
                element -> Dataset.range(number(element), number(element) + 1).repeat(6), 2, 4);
    assertEquals(
        List.of(
            1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 4, 4, 5, 5, 5, 5, 5,
            5),
        numbers(dataset));
    assertEquals(List.of(), numbers(Dataset.range(0).interleave(element -> TEN, 3, 1)));
  }

  @Test
  void zipMakesPairs() {
    Dataset pairs = Dataset.zip(TEN, squares(TEN).take(3));
    List<Element> all = pairs.toList();
    assertEquals(3, all.size());
    assertEquals("x=[int32()] y=[float32()]", all.get(2).toString());
    assertEquals(4, all.get(2).target().get(0));
    Element both = Dataset.zip(pairs, pairs).toList().get(1);
    assertEquals("x=[int32(), int32()] y=[float32(), float32()]", both.toString());
    assertEquals(
        "dataset zip: expected targets on both sides, or on neither, received elements="
            + "x=[int32()] y=[float32()] and x=[int32()]. Zip inputs with inputs that have targets"
            + " too, or leave the targets to the second dataset.",
        assertThrows(IllegalArgumentException.class, () -> Dataset.zip(pairs, TEN).toList())
            .getMessage());
  }

  @Test
  void batchesHoldRowsInOrder() {
    List<Element> batches = TEN.batch(4).toList();
    assertEquals(3, batches.size());
    assertEquals("[4.0, 5.0, 6.0, 7.0]", Arrays.toString(batches.get(1).input().toDoubles()));
    assertEquals("int32(2,)", batches.get(2).input().toString());
    assertEquals(2, TEN.batch(4, true).toList().size());
    assertEquals("int32(2, 4)", TEN.batch(4, true).batch(2).toList().getFirst().input().toString());
    assertEquals(
        "[0.0, 1.0, 2.0]", Arrays.toString(TEN.batch(3).toList().getFirst().input().toDoubles()));
  }

  @Test
  void aShuffleIsAFunctionOfSeedAndPass() {
    Dataset shuffled = Dataset.range(100).shuffle(100, 7);
    List<Integer> first = numbers(shuffled.elements(0));
    assertEquals(upTo(100), first.stream().sorted().toList());
    assertNotEquals(upTo(100), first);
    assertEquals(first, numbers(Dataset.range(100).shuffle(100, 7)));
    assertNotEquals(first, numbers(shuffled.elements(1)));
    assertNotEquals(first, numbers(Dataset.range(100).shuffle(100, 8)));
    Dataset same = Dataset.range(100).shuffle(100, 7, false);
    assertEquals(first, numbers(same.elements(3)));
    List<Integer> two = numbers(shuffled.repeat(2));
    assertEquals(first, two.subList(0, 100));
    assertEquals(numbers(shuffled.elements(1)), two.subList(100, 200));
  }

  @Test
  void aShuffleMixesWithinItsBuffer() {
    List<Integer> shuffled = numbers(Dataset.range(1000).shuffle(10, 3));
    assertEquals(upTo(1000), shuffled.stream().sorted().toList());
    for (int place = 0; place < 1000; place++) {
      assertTrue(shuffled.get(place) < place + 10, "element from behind the buffer");
    }
    assertEquals(upTo(10), numbers(TEN.shuffle(1)));
  }

  @Test
  void everyElementComesFirstEquallyOften() {
    int[] first = new int[10];
    for (int epoch = 0; epoch < 10_000; epoch++) {
      first[number(TEN.shuffle(10, 1).elements(epoch).next())]++;
    }
    for (int count : first) {
      assertEquals(1000, count, 150);
    }
  }

  @Test
  void nothingDependsOnThreads() {
    Dataset plan =
        squares(Dataset.range(200))
            .map(
                5,
                (element, random) -> {
                  pause(element);
                  return Element.of(
                      Tensor.of(new double[] {number(element), random.nextDouble()}, 2));
                })
            .shuffle(30, 2)
            .filter(element -> element.input().get(1) > 0.2)
            .batch(7);
    String alone = text(plan.take(1000), 2);
    assertEquals(alone, text(plan.prefetch(1), 2));
    assertEquals(alone, text(plan.prefetch(9), 2));
    assertTrue(alone.length() > 1000);
    assertNotEquals(
        text(TEN.map(1, (e, random) -> Element.of(scalar(random.nextDouble()))), 1),
        text(TEN.map(2, (e, random) -> Element.of(scalar(random.nextDouble()))), 1));
  }

  @Test
  void randomMapsDifferFromPassToPass() {
    Dataset random = TEN.map(1, (e, generator) -> Element.of(scalar(generator.nextDouble())));
    assertNotEquals(text(random, 1), text(random.skip(0), 2).substring(text(random, 1).length()));
    List<Element> all = random.repeat(2).toList();
    assertNotEquals(all.get(0).input().get(0), all.get(10).input().get(0));
    Dataset kept = random.cache();
    assertEquals(text(kept, 1) + text(kept, 1), text(kept, 2));
  }

  @Test
  void mappedElementsKeepTheirOrder() {
    Dataset slow =
        Dataset.range(60)
            .map(
                element -> {
                  pause(element);
                  return element;
                });
    assertEquals(upTo(60), numbers(slow));
    assertEquals(upTo(60), numbers(slow.prefetch(8)));
  }

  @Test
  void aCacheMakesEachElementOnce() {
    AtomicInteger made = new AtomicInteger();
    Dataset cached =
        TEN.map(
                element -> {
                  made.incrementAndGet();
                  return Element.of(scalar(number(element)), scalar(-number(element)));
                })
            .cache();
    numbers(cached.take(3));
    int early = made.get();
    assertTrue(early >= 3 && early < 10, "made " + early);
    assertEquals(upTo(10), numbers(cached.shuffle(10).elements(1)).stream().sorted().toList());
    assertEquals(upTo(10), numbers(cached.repeat(3).batch(1).take(10)));
    assertEquals(10, made.get());
    assertEquals(-9, cached.toList().getLast().target().get(0));
  }

  @Test
  void aCacheKeepsElementsOfOtherShapesToo() {
    Dataset growing =
        TEN.map(element -> Element.of(Tensor.zeros(DType.UINT8, Shape.of(number(element)))));
    Dataset cached = growing.cache();
    assertEquals(text(growing, 1), text(cached, 1));
    assertEquals(text(growing, 1), text(cached, 1));
  }

  @Test
  void skippedElementsAreNotMade() {
    Set<Integer> made = ConcurrentHashMap.newKeySet();
    Dataset mapped =
        Dataset.range(1000)
            .map(
                element -> {
                  made.add(number(element));
                  return element;
                });
    try (Elements elements = mapped.repeat().batch(10).elements()) {
      assertEquals(250, elements.skip(250));
      assertEquals(500, elements.next().input().get(0));
    }
    assertFalse(made.contains(0));
    assertTrue(made.contains(509));
    assertEquals(4, TEN.batch(3).elements().skip(100));
    assertEquals(List.of(3, 4), numbers(mapped.skip(3).take(2)));
    assertEquals(10, TEN.shuffle(3).take(20).elements().skip(100));
  }

  @Test
  void prefetchWaitsForItsConsumer() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    Dataset dataset =
        Dataset.range(1000)
            .map(
                element -> {
                  made.incrementAndGet();
                  return element;
                })
            .prefetch(3);
    try (Elements elements = dataset.elements()) {
      for (int taken = 1; taken <= 20; taken++) {
        elements.next();
        Thread.sleep(2);
        assertTrue(made.get() <= taken + 3, made + " made for " + taken);
      }
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (made.get() < 23 && System.nanoTime() < deadline) {
        Thread.sleep(1);
      }
      assertEquals(23, made.get());
    }
  }

  @Test
  void threadsEndWhenElementsAreClosed() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Dataset dataset =
        Dataset.range(1000)
            .map(
                element -> {
                  threads.add(Thread.currentThread());
                  pause(element);
                  return element;
                })
            .repeat()
            .batch(5)
            .prefetch(4);
    Elements elements = dataset.elements();
    elements.next();
    elements.close();
    assertFalse(threads.isEmpty());
    for (Thread thread : threads) {
      assertFalse(thread.isVirtual() && thread.isAlive(), thread + " is alive");
    }
    int begun = threads.size();
    assertFalse(elements.hasNext());
    assertEquals(begun, threads.size());
    elements.close();
  }

  @Test
  void aFailureArrivesAtItsElement() {
    Dataset failing =
        TEN.shuffle(1)
            .map(
                element -> {
                  if (number(element) >= 4) {
                    throw new ArithmeticException("division by " + number(element));
                  }
                  return element;
                })
            .prefetch(6);
    Elements elements = failing.elements();
    for (int i = 0; i < 4; i++) {
      assertEquals(i, number(elements.next()));
    }
    DatasetException problem = assertThrows(DatasetException.class, elements::next);
    assertEquals(
        "dataset: expected map (stage 3 of range(10) > shuffle(1) > map) to make element 4,"
            + " received error=java.lang.ArithmeticException: division by 4. Correct the function,"
            + " or leave such elements out with filter before it.",
        problem.getMessage());
    assertEquals(4, problem.element());
    assertEquals("map", problem.stage());
    assertFalse(elements.hasNext());
  }

  @Test
  void theFirstFailureOfABatchIsTold() {
    for (int run = 0; run < 20; run++) {
      DatasetException problem =
          assertThrows(
              DatasetException.class,
              () ->
                  Dataset.range(400)
                      .map(
                          element -> {
                            pause(element);
                            if (number(element) >= 9) {
                              throw new IllegalStateException("bad");
                            }
                            return element;
                          })
                      .batch(40)
                      .toList());
      assertEquals(9, problem.element());
    }
  }

  @Test
  void errorsArriveToo() {
    Dataset failing =
        TEN.map(
            element -> {
              pause(element);
              throw new AssertionError("no");
            });
    assertThrows(AssertionError.class, () -> failing.batch(10).prefetch(2).toList());
    assertThrows(AssertionError.class, () -> failing.filter(e -> true).prefetch(2).toList());
  }

  @Test
  void failuresOfOtherStagesNameThem() {
    failure(
        "dataset: expected filter (stage 2 of range(10) > filter) to make element 0, received"
            + " error=java.lang.IllegalStateException: bad. Correct the function, or leave such"
            + " elements out with filter before it.",
        TEN.filter(
            element -> {
              throw new IllegalStateException("bad");
            }));
    failure(
        "dataset: expected of(3) (stage 1 of of(3)) to make element 0, received"
            + " error=java.lang.IllegalStateException: bad. Correct the function, or leave such"
            + " elements out with filter before it.",
        Dataset.of(
            3,
            i -> {
              throw new IllegalStateException("bad");
            }));
    failure(
        "dataset: expected from_generator (stage 1 of from_generator) to make element 1, received"
            + " error=java.lang.IllegalStateException: bad. Correct the function, or leave such"
            + " elements out with filter before it.",
        Dataset.fromGenerator(epoch -> badIterator()));
    failure(
        "dataset: expected map (stage 2 of range(10) > map) to make element 0, received"
            + " error=java.lang.IllegalStateException: the function gave null. Correct the"
            + " function, or leave such elements out with filter before it.",
        TEN.map(element -> null));
    failure(
        "dataset: expected map (stage 2 of range(10) > map) to make element 3, received"
            + " error=java.lang.IllegalArgumentException: oneHot: expected a whole number from 0 to"
            + " 2, received label=3. Give the number of classes, and labels that count from 0.."
            + " Correct the function, or leave such elements out with filter before it.",
        TEN.map(Decoding.oneHot(3)).batch(10));
    failure(
        "dataset: expected elements of the same types and shapes in a batch, received element"
            + " 1=x=[uint8(1,)] after x=[uint8(0,)]. Pad or resize them before batch(4), or use"
            + " batch(1).",
        TEN.filter(e -> number(e) != 1)
            .map(element -> Element.of(Tensor.zeros(DType.UINT8, Shape.of(number(element) / 2))))
            .skip(0)
            .batch(4));
  }

  private static Iterator<Element> badIterator() {
    AtomicInteger asked = new AtomicInteger();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Element next() {
        if (asked.getAndIncrement() == 1) {
          throw new IllegalStateException("bad");
        }
        return Element.of(scalar(1));
      }
    };
  }

  private static void failure(String message, Dataset dataset) {
    assertEquals(message, assertThrows(DatasetException.class, dataset::toList).getMessage());
  }

  @Test
  void givenBackMemoryIsUsedAgain() {
    try (Elements elements = TEN.repeat().batch(5).elements()) {
      Element first = elements.next();
      elements.reuse(first);
      Element second = elements.next();
      assertSame(first.input(), second.input());
      assertEquals("[5.0, 6.0, 7.0, 8.0, 9.0]", Arrays.toString(second.input().toDoubles()));
      assertFalse(elements.next().input() == second.input());
    }
    try (Elements elements = TEN.batch(4).elements()) {
      elements.reuse(elements.next());
      elements.reuse(elements.next());
      assertEquals("[8.0, 9.0]", Arrays.toString(elements.next().input().toDoubles()));
    }
  }

  @Test
  void decodingsWriteIntoTheBatch() {
    byte[] bytes = {0, 51, (byte) 255, 102, 0, 51};
    Dataset pixels = Dataset.of(Tensor.of(bytes, 3, 2)).map(Decoding.scaled(1 / 255.0, 1, 2, 1));
    Dataset labels = Dataset.of(Tensor.of(new byte[] {2, 0, 1}, 3)).map(Decoding.oneHot(3));
    Dataset plain = Dataset.zip(pixels, labels);
    for (Dataset dataset :
        List.of(
            plain.batch(3), plain.cache().batch(3), plain.repeat().batch(3).take(4).prefetch(2))) {
      for (Element batch : dataset) {
        assertEquals("x=[float32(3, 1, 2, 1)] y=[float32(3, 3)]", batch.toString());
        assertArrayEquals(new double[] {0, 0.2, 1, 0.4, 0, 0.2}, batch.input().toDoubles(), 1e-7);
        assertEquals(
            "[0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]",
            Arrays.toString(batch.target().toFloats()));
      }
    }
    try (Elements elements = plain.repeat().batch(1).elements()) {
      for (int i = 0; i < 9; i++) {
        Element batch = elements.next();
        assertEquals(1, Arrays.stream(batch.target().toDoubles()).sum());
        assertEquals(1, batch.target().get((i + 2) % 3 == 2 ? 2 : (i % 3) - 1));
        elements.reuse(batch);
      }
    }
  }

  @Test
  void cardinalities() {
    assertEquals(10, TEN.cardinality());
    assertEquals(0, Dataset.range(5, 2).cardinality());
    assertEquals(4, TEN.map(e -> e).shuffle(3).cache().batch(3).prefetch(1).cardinality());
    assertEquals(3, TEN.batch(3, true).cardinality());
    assertEquals(Dataset.INFINITE, TEN.repeat().batch(3).cardinality());
    assertEquals(20, TEN.repeat(2).cardinality());
    assertEquals(0, Dataset.range(0).repeat().cardinality());
    assertEquals(7, TEN.repeat().take(7).cardinality());
    assertEquals(Dataset.UNKNOWN, TEN.filter(e -> true).take(7).cardinality());
    assertEquals(Dataset.UNKNOWN, TEN.interleave(e -> TEN, 1, 1).cardinality());
    assertEquals(10, Dataset.zip(TEN, TEN.repeat()).cardinality());
    assertEquals(Dataset.UNKNOWN, Dataset.zip(TEN, TEN.filter(e -> true)).cardinality());
    assertEquals(11, TEN.concatenate(Dataset.range(1)).cardinality());
    assertEquals(8, TEN.skip(2).cardinality());
  }

  @Test
  void theDatasetIsDivided() {
    Dataset.Parts parts = TEN.split(0.75);
    assertEquals(upTo(8), numbers(parts.left()));
    assertEquals(List.of(8, 9), numbers(parts.right()));
    Dataset.Parts mixed = TEN.split(0.5, 4);
    List<Integer> left = numbers(mixed.left().elements(3));
    List<Integer> all = new ArrayList<>(left);
    all.addAll(numbers(mixed.right().elements(7)));
    assertEquals(upTo(10), all.stream().sorted().toList());
    assertNotEquals(upTo(5), left);
  }

  @Test
  void thePlanIsSaid() {
    assertEquals(
        "zip[range(10) > map, range(2, 5) > cache] > shuffle(5) > repeat > batch(3) > prefetch(2)",
        Dataset.zip(TEN.map(e -> e), Dataset.range(2, 5).cache())
            .shuffle(5)
            .repeat()
            .batch(3)
            .prefetch(2)
            .toString());
  }
}
