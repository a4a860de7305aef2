package dev.naru.testing.history;

import static dev.naru.testing.history.Tale.P;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.FinalState.Replica;
import dev.naru.testing.history.Verdict.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twenty records on two nodes, or what is left of them. */
class StoredLogsTest {

  private static final int RECORDS = 20;

  /** Where something in the second batch lies: behind its header. */
  private static final int IN_THE_SECOND_BATCH = 300;

  @TempDir Path directory;

  private final Tale tale = new Tale();
  private ReplicaWriter writer;

  @BeforeEach
  void begin() {
    writer = new ReplicaWriter(directory);
    tale.written(1, RECORDS);
  }

  // ---- what must be convicted of divergence

  @Test
  void convictsAReplicaThatHoldsAnotherRecord() {
    var other = tale.values(P);
    other.put(7L, new Value(1, 8));

    replicas(whole(1), writer.write(2, P, other, 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsAReplicaThatHoldsTheSameRecordsInOtherBatches() {
    var shorter = new TreeMap<>(tale.values(P).tailMap(1L));
    tale.end(P).logStart = OptionalLong.of(2);
    tale.end(P).explainedStart = 2;

    replicas(whole(1), writer.write(2, P, shorter, 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsAReplicaUnderAnotherLeadership() {
    replicas(whole(1), writer.write(2, P, tale.values(P), 2, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsAReplicaInSyncThatEndsTooEarly() {
    replicas(whole(1), writer.write(2, P, tale.values(P).headMap(18L, false), 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsAReplicaInSyncThatBeginsTooLate() {
    replicas(whole(1), writer.write(2, P, tale.values(P).tailMap(2L, true), 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsAReplicaInSyncWithoutFiles() {
    replicas(whole(1), new Replica(2, writer.folder(2, P), true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsReplicasThatAgreeOnSomethingThatNobodyWasGiven() {
    var other = tale.values(P);
    other.put(7L, new Value(1, 8));

    replicas(writer.write(1, P, other, 1, true), writer.write(2, P, other, 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  @Test
  void convictsReplicasThatLackWhatWasRead() {
    var other = tale.values(P);
    other.remove(8L); // its batch is as long as before

    replicas(writer.write(1, P, other, 1, true), writer.write(2, P, other, 1, true));

    assertConvicted(Kind.DIVERGENCE);
  }

  // ---- what must be convicted of damage

  @Test
  void convictsAFlippedBit() throws IOException {
    replicas(whole(1), whole(2));
    edit(0, bytes -> bytes[IN_THE_SECOND_BATCH] ^= 4);

    assertConvicted(Kind.DAMAGED_FILE);
  }

  @Test
  void convictsATornEnd() throws IOException {
    replicas(whole(1), whole(2));
    var last = writer.segment(2, P, 18);
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length - 1));

    assertConvicted(Kind.DAMAGED_FILE);
  }

  @Test
  void convictsAMissingSegment() throws IOException {
    replicas(whole(1), whole(2));
    Files.delete(writer.segment(2, P, 6));

    assertConvicted(Kind.DAMAGED_FILE);
  }

  @Test
  void convictsTwoSegmentsThatHaveChangedPlaces() throws IOException {
    replicas(whole(1), whole(2));
    byte[] one = Files.readAllBytes(writer.segment(2, P, 0));
    Files.copy(
        writer.segment(2, P, 6), writer.segment(2, P, 0), StandardCopyOption.REPLACE_EXISTING);
    Files.write(writer.segment(2, P, 6), one);

    assertConvicted(Kind.DAMAGED_FILE);
  }

  @Test
  void convictsZeros() throws IOException {
    replicas(whole(1), whole(2));
    edit(0, bytes -> Arrays.fill(bytes, 100, 400, (byte) 0));

    assertConvicted(Kind.DAMAGED_FILE);
  }

  // ---- what must be convicted of the order of leaderships

  @Test
  void convictsALaterLeadershipBeforeAnEarlierOne() {
    convictsEpochs(3, 2);
  }

  @Test
  void convictsALaterLeadershipBeforeTheFirstOne() {
    convictsEpochs(1, 0);
  }

  @Test
  void convictsALeadershipThatComesAgain() {
    replicas(epochs(1, 1, 4, 1), epochs(2, 1, 4, 1));

    assertConvicted(Kind.EPOCH_ORDER);
  }

  @Test
  void convictsAnEarlierLeadershipOfAReplicaThatIsBehind() {
    replicas(whole(1), new Replica(2, epochs(2, 5, 3).folder(), false));

    assertConvicted(Kind.EPOCH_ORDER);
  }

  @Test
  void convictsAnEarlierLeadershipInTheLastBatch() {
    replicas(epochs(1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8));

    assertConvicted(Kind.EPOCH_ORDER);
  }

  private void convictsEpochs(int first, int second) {
    replicas(epochs(1, first, second), epochs(2, first, second));

    assertConvicted(Kind.EPOCH_ORDER);
  }

  // ---- what must pass

  @Test
  void passesEqualReplicas() {
    replicas(whole(1), whole(2), whole(3));

    assertClean();
    assertThat(tale.check().figures())
        .containsEntry("replicas.walked", 3L)
        .containsEntry("batches.compared", 20L)
        .containsEntry("records.on_disk", 60L);
  }

  @Test
  void passesReplicasThatHaveDeletedDifferentSegments() {
    tale.end(P).logStart = OptionalLong.of(7);
    tale.end(P).explainedStart = 7;

    replicas(whole(1), writer.write(2, P, tale.values(P).tailMap(6L, true), 1, true));

    assertClean();
  }

  @Test
  void passesAReplicaThatHasDeletedMoreSinceTheLogStartWasAskedFor() {
    tale.end(P).explainedStart = 6;

    replicas(whole(1), writer.write(2, P, tale.values(P).tailMap(6L, true), 1, true));

    assertClean();
  }

  @Test
  void passesAReplicaThatIsBehindAndNotInSync() {
    replicas(whole(1), writer.write(2, P, tale.values(P).headMap(4L, false), 1, false));

    assertClean();
  }

  @Test
  void passesAReplicaNotInSyncThatHoldsWhatWasNeverCommitted() {
    var other = new TreeMap<>(tale.values(P).headMap(8L));
    other.put(7L, new Value(9, 9));

    replicas(whole(1), writer.write(2, P, other, 1, false));

    assertClean();
  }

  @Test
  void passesATailAboveTheHighWatermark() {
    var longer = tale.values(P);
    longer.put(20L, new Value(2, 0));
    var another = tale.values(P);
    another.put(20L, new Value(2, 1));
    tale.producer(2, Acks.ALL).invoked(2, 0).invoked(2, 1);

    replicas(writer.write(1, P, longer, 1, true), writer.write(2, P, another, 1, true));

    assertClean();
  }

  @Test
  void passesLeadershipsThatRise() {
    replicas(epochs(1, 1, 1, 3, 7), epochs(2, 1, 1, 3, 7));

    assertClean();
  }

  @Test
  void passesAnAbsentReplicaThatIsNotInSync() {
    replicas(whole(1), new Replica(2, writer.folder(2, P), false));

    assertClean();
  }

  private Replica whole(int node) {
    return writer.write(node, tale, P);
  }

  /** Batches under these leaderships, and the rest under the last one. */
  private Replica epochs(int node, int... leaderEpochs) {
    Replica replica = new Replica(node, writer.folder(node, P), true);
    for (int i = 0; i < RECORDS / ReplicaWriter.BATCH; i++) {
      long base = (long) i * ReplicaWriter.BATCH;
      int epoch = leaderEpochs[Math.min(i, leaderEpochs.length - 1)];
      writer.append(
          replica.folder(), base, epoch, tale.values(P).subMap(base, base + ReplicaWriter.BATCH));
    }
    return replica;
  }

  private void replicas(Replica... replicas) {
    tale.end(P).replicas.addAll(Arrays.asList(replicas));
  }

  private void edit(long segment, Consumer<byte[]> edit) throws IOException {
    var path = writer.segment(2, P, segment);
    byte[] bytes = Files.readAllBytes(path);
    edit.accept(bytes);
    Files.write(path, bytes);
  }

  private void assertConvicted(Kind kind) {
    var verdict = tale.check();
    assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.ANOMALIES);
    assertThat(verdict.counts()).as(verdict.report()).containsOnlyKeys(kind);
  }

  private void assertClean() {
    var verdict = tale.check();
    assertThat(verdict.outcome()).as(verdict.report()).isEqualTo(Outcome.CLEAN);
  }
}
