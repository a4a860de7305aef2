package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.event.MetadataEvent.MetadataVersionFinalized;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VersionRulesTest {

  private static final int NOW = ClusterImage.METADATA_VERSION_LATEST;
  private static final int NEXT = NOW + 1;

  private final TestCluster cluster = TestCluster.of(2);

  @Test
  void refusesRulesThatARegisteredNodeDoesNotKnow() {
    upgrade(1, 1, NEXT);
    cluster.fence(2); // it may come back

    assertThat(cluster.submit(new FinalizeMetadataVersion(NEXT, "ann")).outcome())
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> {
              assertThat(refusal.why().code()).isEqualTo(ErrorCode.METADATA_VERSION_TOO_LOW);
              assertThat(refusal.why().reason())
                  .isEqualTo(
                      "Expected all registered nodes to support metadata version %s, but node 2 of release 0.1.0 supports up to %s: start each of them with the newer release, once is enough"
                          .formatted(NEXT, NOW));
            });
    assertThat(cluster.image().metadataVersion()).isEqualTo(NOW);
  }

  @Test
  void putsThemIntoForceOnceAllKnowThem() {
    upgrade(1, 1, NEXT);
    upgrade(2, 1, NEXT + 1);

    assertThat(cluster.accept(new FinalizeMetadataVersion(NEXT, "ann")).events())
        .containsExactly(new MetadataVersionFinalized(NEXT, origin()));
    assertThat(cluster.image().configs().finalized()).contains(origin());

    assertThat(cluster.image().metadataVersion()).isEqualTo(NEXT);
    assertThat(cluster.accept(new FinalizeMetadataVersion(NEXT, "ann")).events()).isEmpty();
    assertThat(cluster.refusal(new FinalizeMetadataVersion(NOW, "ann")))
        .as("there is no way back")
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void letsAnOlderReleaseBackInUntilThen() {
    upgrade(1, 1, NEXT);
    upgrade(2, 1, NEXT);
    upgrade(2, 1, NOW);

    assertThat(cluster.refusal(new FinalizeMetadataVersion(NEXT, "ann")))
        .isEqualTo(ErrorCode.METADATA_VERSION_TOO_LOW);
    upgrade(2, 1, NEXT);
    cluster.accept(new FinalizeMetadataVersion(NEXT, "ann"));

    assertThat(cluster.refusal(registration(2, 1, NOW))).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
  }

  @Test
  void refusesANodeThatHasForgottenTheRulesInForce() {
    assertThat(cluster.refusal(registration(3, NEXT, NEXT)))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
  }

  private ConfigOrigin origin() {
    return new ConfigOrigin(cluster.index(), cluster.index() + 999, "ann");
  }

  private void upgrade(int node, int versionMin, int versionMax) {
    cluster.fence(node);
    cluster.accept(registration(node, versionMin, versionMax));
    cluster.report(node);
    cluster.unfence(node);
  }

  private RegisterNode registration(int node, int versionMin, int versionMax) {
    var plain = cluster.registration(node, LastStop.CLEAN);
    var profile = plain.profile();
    return new RegisterNode(
        plain.clusterId(),
        plain.node(),
        new UUID(99, cluster.index()),
        plain.knownEpoch(),
        new NodeProfile(
            Optional.empty(),
            profile.endpoints(),
            profile.raftPeerId(),
            profile.version(),
            versionMin,
            versionMax),
        plain.directories(),
        plain.lastStop(),
        false);
  }
}
