package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class TeamTest {
  @Test
  void eachThreadDoesItsPartOfEachJob() {
    Team team = new Team(3);
    AtomicIntegerArray parts = new AtomicIntegerArray(3);
    for (int job = 0; job < 1000; job++) {
      assertTrue(
          team.run(
              thread -> {
                parts.incrementAndGet(thread);
                team.barrier();
              }));
    }
    for (int thread = 0; thread < 3; thread++) {
      assertEquals(1000, parts.get(thread));
    }
  }

  @Test
  void aWorkerBehindTheCallerIsSentToAnotherProcessor() {
    assumeTrue(Processors.here() >= 0, "where threads run is unknown here");
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is no other processor");
    Team team = new Team(2);
    AtomicInteger worker = new AtomicInteger();
    AtomicInteger processor = new AtomicInteger();
    Team.Job look =
        thread -> {
          if (thread == 1) {
            worker.set(Processors.thread());
            processor.set(Processors.here());
          }
        };
    assertTrue(team.run(look));
    BitSet others = new BitSet();
    others.set(0, 1024);
    others.clear(Processors.here());
    assumeTrue(Processors.avoid(Processors.thread(), others), "the caller cannot be held");
    try {
      assertTrue(Processors.avoid(worker.get(), others));
      assertTrue(team.run(look));
      assertTrue(team.run(look));
      assertNotEquals(Processors.here(), processor.get());
    } finally {
      Processors.avoid(Processors.thread(), new BitSet());
    }
  }

  @Test
  void oneProcessorAlwaysRemains() {
    BitSet all = new BitSet();
    all.set(0, 1024);
    assertFalse(Processors.avoid(Processors.thread(), all));
  }
}
