package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.admin.NodeDescription;
import dev.naru.types.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Nodes of two neighbouring releases in one cluster: the older one knows the rules before
 * operations, the newer one those of this code.
 */
class TwoReleasesTest {

  private static final int OLDER = 1;
  private static final int NEWER = 2;

  @Test
  void goTogetherUntilTheNewerRulesAreInForceAndBackUntilThen() {
    try (var cluster = NaruCluster.of(3).withMetadataVersion(OLDER).start();
        var naru = cluster.client();
        var topics = new Topics(cluster)) {
      topics.create("spread", 6, 3);

      upgrade(cluster, 1, NEWER);
      upgrade(cluster, 2, NEWER);
      assertUnder(naru, OLDER);
      // A node of the older release would end at such a command, so it must not be in the log.
      assertRefused(() -> naru.admin().operations().drain(1).join(), "cluster upgrade finalize");
      assertRefused(() -> naru.admin().operations().undrain(1).join(), "cluster upgrade finalize");
      assertRefused(() -> naru.admin().configs().finalizeUpgrade().join(), "node 3");
      assertThat(cluster.running()).as("all go on").containsExactly(1, 2, 3);

      upgrade(cluster, 1, OLDER); // back
      assertRefused(() -> naru.admin().configs().finalizeUpgrade().join(), "node 1");
      upgrade(cluster, 1, NEWER);
      upgrade(cluster, 3, NEWER);
      assertThat(naru.admin().configs().checkUpgrade().join().isReady()).isTrue();
      naru.admin().configs().finalizeUpgrade().join();

      assertUnder(naru, NEWER);
      naru.admin().operations().drain(1).join();
      naru.admin().operations().undrain(1).join();
      Topics.REJOIN.until( // it may be fenced for a moment so soon after the restarts
          "node 1 is wanted again",
          () ->
              naru.admin().listNodes().join().stream()
                  .anyMatch(
                      node -> node.id() == 1 && node.state() == NodeDescription.State.RUNNING));
      cluster.stop(3);
      assertThatThrownBy(() -> cluster.startAs(3, OLDER))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("newer release");
      cluster.startAs(3, NEWER);
      cluster.awaitHealthy();
    }
  }

  private static void upgrade(NaruCluster cluster, int node, int metadataVersion) {
    cluster.stop(node);
    cluster.startAs(node, metadataVersion);
    cluster.awaitHealthy();
  }

  private static void assertUnder(NaruClient naru, int metadataVersion) {
    var told = naru.admin().configs().checkUpgrade();
    assertThat(told.join().metadataVersion()).isEqualTo(metadataVersion);
  }

  private static void assertRefused(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class,
            refused ->
                assertThat(refused.code().name())
                    .isEqualTo(ErrorCode.METADATA_VERSION_TOO_LOW.name()))
        .hasMessageContaining(words);
  }
}
