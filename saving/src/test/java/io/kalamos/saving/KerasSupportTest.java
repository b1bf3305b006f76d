package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page of what is supported says what the code does. To write it anew: `./build -pl saving -am
/// test -Dtest=KerasSupportTest -Dsurefire.failIfNoSpecifiedTests=false -Dkalamos.write=true`.
class KerasSupportTest {
  private static final Path PAGE = Path.of("..", "docs", "keras-support.md");

  @Test
  void pageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("kalamos.write")) {
      Files.writeString(PAGE, KerasSupport.page());
    }
    assertEquals(
        KerasSupport.page(),
        Files.readString(PAGE),
        "docs/keras-support.md is stale: run this test with -Dkalamos.write=true");
  }
}
