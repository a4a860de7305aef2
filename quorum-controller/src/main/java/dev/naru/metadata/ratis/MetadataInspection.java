package dev.naru.metadata.ratis;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;

/**
 * Reads a metadata directory without a node: the newest sound snapshot and the log after it, as a
 * start would, and what a start only compares. Writes nothing, locks nothing, opens no port; of a
 * node that runs it tells what it saw.
 *
 * <p>Damage is told, and what can be read all the same is read: an older snapshot, and the log up
 * to where it is damaged.
 */
public final class MetadataInspection {

  private final Path directory;
  private final OptionalLong through;
  private final MetadataIdentity identity;
  private final List<Refused> faults = new ArrayList<>();
  private Optional<LogPosition> first = Optional.empty();
  private Optional<LogPosition> last = Optional.empty();

  private record Snapshot(Path file, LogPosition at) {

    static Stream<Snapshot> of(Path file) {
      var name = SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(file.getFileName().toString());
      return name.matches()
          ? Stream.of(
              new Snapshot(
                  file,
                  new LogPosition(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))))
          : Stream.empty();
    }
  }

  private record Loaded(LogPosition at, ClusterImage image) {}

  private MetadataInspection(Path directory, OptionalLong through, MetadataIdentity identity) {
    this.directory = directory;
    this.through = through;
    this.identity = identity;
  }

  /**
   * Reads it.
   *
   * @param directory {@code metadata.dir} of a node
   * @param through apply up to this entry; empty: up to the last that is known to be committed
   * @param entries given each entry of the log that can be read, in order
   * @throws MetadataLogException if it is no metadata directory, if it cannot be read at all, or if
   *     the entry is not there
   */
  public static InspectedMetadata of(
      Path directory, OptionalLong through, Consumer<InspectedEntry> entries)
      throws MetadataLogException {
    if (!MetadataDirectory.isFormatted(directory)) {
      throw new MetadataLogException(
          ErrorCode.INVALID_REQUEST,
          "Expected a metadata directory, metadata.dir of a node, but there is no naru.meta in "
              + directory);
    }
    var inspection = new MetadataInspection(directory, through, MetadataIdentity.read(directory));
    try {
      return inspection.read(entries);
    } catch (NewerRulesException e) {
      throw new MetadataLogException(
          ErrorCode.UNSUPPORTED_VERSION, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED, "Expected to read " + directory + ", but: " + e, e);
    }
  }

  private InspectedMetadata read(Consumer<InspectedEntry> entries)
      throws IOException, MetadataLogException {
    OptionalLong reach = LogReach.of(directory).noted(); // before the log, which may grow meanwhile
    Optional<Ballot> ballot = ballot();
    Optional<Loaded> snapshot = newestSnapshot();
    var begin = snapshot.orElseGet(() -> new Loaded(LogPosition.START, empty()));
    long committed = Math.max(reach.orElse(0), begin.at().index());
    var replay = new ImageReplay(begin.image(), begin.at(), committed, through);
    var log =
        new RaftLogFiles(
            MetadataDirectory.current(directory, identity.cluster()),
            entry -> {
              see(entry);
              entries.accept(InspectedEntry.of(entry));
              replay.take(entry);
            });
    log.read().ifPresent(this::corrupt);
    replay.fault().ifPresent(faults::add);
    checkEnd(Math.max(begin.at().index(), last.map(LogPosition::index).orElse(0L)), reach);
    checkReached(replay.at());
    return new InspectedMetadata(
        identity.cluster(),
        identity.node(),
        identity.peer(),
        ballot.map(it -> OptionalLong.of(it.term())).orElse(OptionalLong.empty()),
        ballot.map(Ballot::votedFor).filter(peer -> !peer.isEmpty()),
        snapshot.map(Loaded::at),
        first,
        last,
        replay.committed(),
        replay.at(),
        replay.image(),
        faults);
  }

  private ClusterImage empty() {
    return ClusterImage.empty(identity.cluster().toString());
  }

  private void see(LogEntryProto entry) {
    last = Optional.of(new LogPosition(entry.getTerm(), entry.getIndex()));
    first = first.or(() -> last);
  }

  private void corrupt(String what) {
    faults.add(new Refused(ErrorCode.CORRUPT_LOG, what));
  }

  private Optional<Ballot> ballot() throws IOException {
    Path file = MetadataDirectory.current(directory, identity.cluster()).resolve("raft-meta");
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException neverStarted) {
      return Optional.empty();
    }
    var ballot = Ballot.parse(bytes);
    if (ballot.isEmpty()) {
      corrupt(
          file
              + ": Expected a term and a vote, but it is not readable; a start replaces it if "
              + RaftSeal.NAME
              + " and "
              + LogReach.NAME
              + " are sound");
    }
    return ballot;
  }

  /** The newest that is sound and goes no further than is wanted. */
  private Optional<Loaded> newestSnapshot() throws IOException {
    for (Snapshot snapshot : snapshots()) {
      if (snapshot.at().index() <= through.orElse(Long.MAX_VALUE)) {
        var loaded = load(snapshot);
        if (loaded.isPresent()) {
          return loaded;
        }
      }
    }
    return Optional.empty();
  }

  private List<Snapshot> snapshots() throws IOException {
    Path directory = MetadataDirectory.snapshots(this.directory, identity.cluster());
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files
          .flatMap(Snapshot::of)
          .sorted(Comparator.comparingLong((Snapshot snapshot) -> snapshot.at().index()).reversed())
          .toList();
    }
  }

  private Optional<Loaded> load(Snapshot snapshot) throws IOException {
    try {
      if (!SnapshotDigest.isThere(snapshot.file())) {
        return Optional.empty(); // one that is not finished; a start passes over it as well
      }
      if (!SnapshotDigest.isRight(snapshot.file())) {
        corrupt(snapshot.file() + ": Expected the digest beside it to match, but it does not");
        return Optional.empty();
      }
      try (var in = new BufferedInputStream(Files.newInputStream(snapshot.file()))) {
        return loaded(snapshot, SnapshotCodec.read(in));
      }
    } catch (NewerRulesException e) {
      throw e;
    } catch (NoSuchFileException goneMeanwhile) {
      return Optional.empty(); // a newer one is there
    } catch (IOException e) {
      corrupt(snapshot.file() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Loaded> loaded(Snapshot snapshot, ClusterImage image) {
    if (!image.clusterId().equals(identity.cluster().toString())) {
      corrupt(
          "%s: Expected a snapshot of cluster %s, but was of %s"
              .formatted(snapshot.file(), identity.cluster(), image.clusterId()));
      return Optional.empty();
    }
    return Optional.of(new Loaded(snapshot.at(), image));
  }

  /** A log that was cut between two entries reads like a shorter one. */
  private void checkEnd(long end, OptionalLong reach) {
    if (faults.isEmpty() && end < reach.orElse(0)) {
      corrupt(
          "%s: Expected the log to reach entry %s, as it did once (%s), but it ends at entry %s"
              .formatted(directory, reach.getAsLong(), LogReach.NAME, end));
    }
  }

  private void checkReached(LogPosition at) throws MetadataLogException {
    if (faults.isEmpty() && through.isPresent() && through.getAsLong() != at.index()) {
      throw new MetadataLogException(
          ErrorCode.INVALID_REQUEST,
          "Expected an entry that can be reached from a snapshot of %s or from the log's beginning, but was entry %s; the log has %s"
              .formatted(
                  directory,
                  through.getAsLong(),
                  first.isEmpty()
                      ? "none"
                      : "entries %s to %s"
                          .formatted(first.get().index(), last.orElseThrow().index())));
    }
  }
}
