package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.StorageException;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StartFaultsTest {

  @Test
  void blamesTheDiskForWhatItRefuses() {
    var full = new IOException("No space left on device");
    var cause = new StorageException("/data", "write to node-epoch.tmp", full);

    var told = StartFaults.explain("Expected to start register, but: " + cause, cause);

    assertThat(told.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
    assertThat(told)
        .hasMessage(
            "Expected to write to node-epoch.tmp in /data, but the disk failed: No space left on device");
  }
}
