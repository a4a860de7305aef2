package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncFsTest {

  @TempDir Path root;

  @Test
  void trustsOnlyKernelsAndFileSystemsThatTellOfAllThatFailed() {
    assertThat(SyncFs.isTrusted("Linux", "6.8.0-45-generic", "ext4")).isTrue();
    assertThat(SyncFs.isTrusted("Linux", "5.17", "xfs")).isTrue();
    assertThat(SyncFs.isTrusted("Linux", "10.0.1", "xfs")).isTrue();

    assertThat(SyncFs.isTrusted("Linux", "5.16.20", "ext4")).isFalse();
    assertThat(SyncFs.isTrusted("Linux", "4.18.0-553.el8", "xfs")).isFalse();
    assertThat(SyncFs.isTrusted("Linux", "6.8.0", "overlay")).isFalse();
    assertThat(SyncFs.isTrusted("Linux", "6.8.0", "fuseblk")).isFalse();
    assertThat(SyncFs.isTrusted("Linux", "unknown", "ext4")).isFalse();
    assertThat(SyncFs.isTrusted("Mac OS X", "26.1", "apfs")).isFalse();
  }

  @Test
  void forcesNothingOnceItWasClosed() throws IOException {
    var opened = SyncFs.open(root);
    assumeThat(opened).as("syncfs of " + root).isPresent();
    var fileSystem = opened.orElseThrow();
    fileSystem.force();

    fileSystem.close();
    fileSystem.close();

    assertThatThrownBy(fileSystem::force).isInstanceOf(IOException.class);
  }

  @Test
  void tellsWhatTheSystemSaid() {
    assumeThat(LibC.isUsable()).isTrue();

    assertThatThrownBy(() -> LibC.open(root.resolve("absent")))
        .hasMessage("open failed with errno 2");
    assertThatThrownBy(() -> LibC.syncfs(-1)).hasMessage("syncfs failed with errno 9");
  }
}
