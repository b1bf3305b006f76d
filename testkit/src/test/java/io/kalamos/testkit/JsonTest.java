package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void readsEachKindOfValue() {
    var json =
        Json.parse(
            """
            {"a": [1, -2.5e3, true, null], "b": {}, "c": "x\\n\\u00e9\\"", "d": [], "e": -Infinity}
            """);
    assertEquals(List.of("a", "b", "c", "d", "e"), List.copyOf(json.fields().keySet()));
    assertEquals(-2500, json.get("a").items().get(1).number());
    assertTrue(json.get("a").items().get(2).bool());
    assertEquals(new Json.Null(), json.get("a").items().get(3));
    assertEquals("x\né\"", json.get("c").text());
    assertTrue(json.get("b").fields().isEmpty() && json.get("d").items().isEmpty());
    assertEquals(Double.NEGATIVE_INFINITY, json.get("e").number());
  }

  @Test
  void saysWhereTheTextIsWrong() {
    assertBad(
        "Json: expected ,, received offset=3 \"2]\". Check the file with a JSON validator.",
        "[1 2]");
    assertBad(
        "Json: expected the end of the text, received offset=2 \"x\". "
            + "Check the file with a JSON validator.",
        "1 x");
    assertBad(
        "Json: expected more text, received offset=4 \"\". Check the file with a JSON validator.",
        "\"abc");
  }

  @Test
  void saysWhatAValueIsNot() {
    assertEquals(
        "Json: expected an object with \"b\", received value=Num[value=1.0]. "
            + "Look at the file's README.",
        assertThrows(IllegalStateException.class, () -> Json.parse("1").get("b")).getMessage());
  }

  private static void assertBad(String message, String text) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> Json.parse(text)).getMessage());
  }
}
