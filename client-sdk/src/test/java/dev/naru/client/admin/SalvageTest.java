package dev.naru.client.admin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvagePage.Bad;
import dev.naru.client.admin.SalvagePage.Batch;
import dev.naru.client.admin.SalvagePage.Content;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SalvageTest {

  /** Of those that wait for a node that hangs; but long enough for the first calls of a JVM. */
  private static final Duration SHORT = Duration.ofSeconds(5);

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru = client(Duration.ofSeconds(30));
  private final Salvage salvage = naru.admin().salvage();

  private NaruClient client(Duration requestTimeout) {
    return NaruClient.builder()
        .bootstrapServers(cluster.addresses())
        .requestTimeout(requestTimeout)
        .build();
  }

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void asksAllNodesForAllPages() {
    var listing = salvage.list().join();

    assertThat(listing.unheard()).isEmpty();
    assertThat(listing.entries())
        .extracting(SalvageEntry::id)
        .containsExactly(
            "1/0a1b2c3d-1",
            "1/0a1b2c3d-2",
            "1/0a1b2c3d-3",
            "2/0a1b2c3d-1",
            "2/0a1b2c3d-2",
            "2/0a1b2c3d-3",
            "3/0a1b2c3d-1",
            "3/0a1b2c3d-2",
            "3/0a1b2c3d-3");
    assertThat(listing.entries().getFirst())
        .isEqualTo(
            new SalvageEntry(
                "nodes/1/salvage/0a1b2c3d-1",
                1,
                cluster.address(1),
                Optional.of(new UUID(7, 2)),
                Optional.of("orders"),
                OptionalInt.of(3),
                SalvageReason.CUT_TAIL,
                "the leader's log parts",
                new SalvageEntry.Offsets(OptionalLong.of(40), OptionalLong.of(50)),
                "1@0",
                Optional.of(Instant.ofEpochSecond(1)),
                100,
                1,
                Optional.empty()));
  }

  @Test
  void takesAReasonThatItDoesNotKnowForNone() {
    var entries = salvage.list(2).join().entries();

    assertThat(entries)
        .extracting(SalvageEntry::reason)
        .containsExactly(SalvageReason.CUT_TAIL, SalvageReason.UNKNOWN, SalvageReason.UNKNOWN);
    assertThat(entries.get(1).unreadable()).contains("Expected a checksum");
    assertThat(entries.get(1).topicId()).isEmpty();
    assertThat(SalvageReason.UNKNOWN.isCutOff()).isFalse();
  }

  @Test
  void namesTheNodesThatDoNotAnswer() {
    cluster.kill(1);
    cluster.hang(3, true);

    var listing = listingInTime();

    assertThat(listing.entries()).hasSize(3).allMatch(entry -> entry.node() == 2);
    assertThat(listing.unheard()).containsOnlyKeys(1, 3);
    assertThat(listing.unheard().get(1))
        .extracting(NaruException::code)
        .isEqualTo(ErrorCode.BOOTSTRAP_UNREACHABLE);
  }

  @Test
  void saysWithinTheTimeForOneCallWhichNodesHang() {
    cluster.hang(3, true);

    var listing = listingInTime();

    assertThat(listing.unheard()).containsOnlyKeys(3);
    assertThat(listing.entries()).hasSize(6);
  }

  private SalvageListing listingInTime() {
    try (var hasty = client(SHORT)) {
      return hasty.admin().salvage().list().orTimeout(SHORT.toMillis(), MILLISECONDS).join();
    }
  }

  @Test
  void namesTheDirectoriesThatNodesCannotRead() {
    assertThat(salvage.list(2).join().unreadable())
        .containsExactly(new SalvageListing.Unreadable(2, "/data/9", "Expected a disk"));
    assertThat(salvage.list().join().unreadable()).hasSize(3);
  }

  @Test
  void doesNotTakeForAllWhatANodeWithoutEndHasSaidSoFar() {
    cluster.haveNoEnd(2);

    var listing = listingInTime();

    assertThat(listing.unheard()).containsOnlyKeys(2);
    assertThat(listing.unheard().get(2))
        .extracting(NaruException::code)
        .isIn(ErrorCode.LIMIT_EXCEEDED, ErrorCode.REQUEST_TIMEOUT);
    assertThat(listing.entries()).filteredOn(entry -> entry.node() != 2).hasSize(6);
  }

  @Test
  void keepsWhatANodeToldBeforeItFailed() {
    cluster.breakOff(2);

    var listing = listingInTime();

    assertThat(listing.unheard()).containsOnlyKeys(2);
    assertThat(listing.entries())
        .extracting(SalvageEntry::id)
        .hasSize(7)
        .contains("2/0a1b2c3d-1")
        .doesNotContain("2/0a1b2c3d-2");
  }

  @Test
  void knowsNoNodeThatIsNotRegistered() {
    assertThatThrownBy(() -> salvage.list(9).join())
        .hasCauseInstanceOf(NaruException.class)
        .hasMessageContaining("there is none of id 9");
  }

  @Test
  void readsPageByPageAndBelievesNoBatchThatIsNotSound() {
    var entry = salvage.list(1).join().entries().getFirst();
    var contents = new ArrayList<Content>();
    var page = Optional.<String>empty();
    do {
      var read = salvage.read(entry, page).join();
      read.pieces().forEach(piece -> contents.add(piece.content()));
      page = read.next();
    } while (page.isPresent());

    assertThat(contents).hasSize(3);
    assertThat(contents.getFirst())
        .isInstanceOfSatisfying(Batch.class, batch -> assertThat(batch.records()).hasSize(2));
    assertThat(contents.get(1)).isEqualTo(new Bad("Expected another checksum", Optional.empty()));
    assertThat(contents.getLast())
        .isInstanceOfSatisfying(
            Bad.class, bad -> assertThat(bad.fault()).startsWith("Expected the checksum"));
    assertThat(List.of(entry.nodeAddress())).containsExactly(cluster.address(1));
  }
}
