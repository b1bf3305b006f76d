package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Planner.Plan;
import io.kalamos.engine.Planner.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PlannerTest {
  @RepeatedTest(200)
  void buffersAliveTogetherDoNotOverlap(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(40); i++) {
      int first = random.nextInt(20);
      requests.add(new Request(random.nextInt(5000), first, first + random.nextInt(6)));
    }
    Plan plan = Planner.place(requests);
    for (int i = 0; i < requests.size(); i++) {
      assertEquals(0, plan.offsets()[i] % Tensor.ALIGNMENT);
      assertTrue(plan.offsets()[i] + requests.get(i).bytes() <= plan.bytes());
      for (int j = 0; j < i; j++) {
        boolean together =
            requests.get(i).first() <= requests.get(j).last()
                && requests.get(j).first() <= requests.get(i).last();
        boolean apart =
            plan.offsets()[i] + requests.get(i).bytes() <= plan.offsets()[j]
                || plan.offsets()[j] + requests.get(j).bytes() <= plan.offsets()[i];
        int a = i;
        int b = j;
        assertTrue(
            !together || apart,
            () -> requests.get(a) + " and " + requests.get(b) + " overlap in " + requests);
      }
    }
  }

  @Test
  void memoryIsUsedAgain() {
    Plan plan =
        Planner.place(
            List.of(new Request(640, 0, 1), new Request(640, 2, 3), new Request(640, 4, 5)));
    assertEquals(640, plan.bytes());
  }

  @Test
  void nothingNeedsNothing() {
    assertEquals(0, Planner.place(List.of()).bytes());
  }
}
