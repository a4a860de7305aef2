package dev.naru.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * What Ratis' two files without a checksum said, with one, in the file {@code raft-seal}: the
 * {@link Ballot}, and a copy of {@code raft-meta.conf}. Ratis believes whatever of them it can
 * read: with one bit flipped a voter votes twice, or looks for its leader elsewhere.
 *
 * <p>It is written after Ratis has written, so it may be older than what it is compared with: a
 * ballot must only be one that may follow. One that may not is refused, for it is from elsewhere or
 * from earlier; one that nobody can read is replaced. Members are in the log as well, and Ratis'
 * file of them only follows it: so the copy is put back in the place of one that is neither the
 * same nor newer, and one that is newer must be in the log.
 */
final class RaftSeal {

  private static final Logger LOG = LogManager.getLogger(RaftSeal.class);

  static final String NAME = "raft-seal";
  private static final String TERM = "term=";
  private static final String VOTED_FOR = "voted-for=";
  private static final String MEMBERS = "members=";

  private final String self;
  private final Path file;
  private final Path ballotFile;
  private final Path membersFile;

  // After the start guarded by this.
  private Optional<Sealed> sealed;
  private Optional<LogEntryProto> unproven = Optional.empty();

  /** No bytes if there is no file of members yet. */
  private record Sealed(Ballot ballot, String members) {

    static Optional<Sealed> parse(String lines) {
      var each = lines.split("\n", -1);
      try {
        return Optional.of(
            new Sealed(
                new Ballot(Long.parseLong(value(each[0], TERM)), value(each[1], VOTED_FOR)),
                value(each[2], MEMBERS)));
      } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
        return Optional.empty();
      }
    }

    private static String value(String line, String name) {
      if (!line.startsWith(name)) {
        throw new IllegalArgumentException("Expected " + name + ", but was " + line);
      }
      return line.substring(name.length());
    }

    String lines() {
      return "%s%d\n%s%s\n%s%s\n"
          .formatted(TERM, ballot.term(), VOTED_FOR, ballot.votedFor(), MEMBERS, members);
    }

    byte[] memberBytes() {
      return Base64.getDecoder().decode(members);
    }
  }

  private RaftSeal(String self, Path file, Path raft, Optional<Sealed> sealed) {
    this.self = self;
    this.file = file;
    this.ballotFile = raft.resolve("raft-meta");
    this.membersFile = raft.resolve("raft-meta.conf");
    this.sealed = sealed;
  }

  /**
   * What this node's directory says. A damaged file says nothing, and is written anew.
   *
   * @param self its peer id
   */
  static RaftSeal of(QuorumSeat seat, String self) throws MetadataLogException {
    Path file = seat.directory().resolve(NAME);
    Path raft = MetadataDirectory.current(seat.directory(), seat.cluster());
    var lines =
        readAtStart(file).flatMap(bytes -> MetadataIdentity.unsealed(new String(bytes, UTF_8)));
    return new RaftSeal(self, file, raft, lines.flatMap(Sealed::parse));
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> readAtStart(Path file) throws MetadataLogException {
    try {
      return read(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static MetadataLogException unreadable(Path file, IOException e) {
    return new MetadataLogException(
        ErrorCode.STORAGE_FAILED, "Expected to read " + file + ", but: " + e.getMessage(), e);
  }

  private static MetadataLogException unwritten(Path file, IOException e) {
    return new MetadataLogException(
        ErrorCode.STORAGE_FAILED,
        "Expected to write %s anew, which is damaged, but: %s".formatted(file, e.getMessage()),
        e);
  }

  // ---- at the start

  /**
   * Refuses a ballot that cannot be this node's, replaces one that nobody can read, and mends the
   * members. Before Ratis reads them.
   *
   * @param reach up to where the log must reach, which is to be refused if it does not; if that is
   *     not known, nothing is replaced: an older log may have come with the file
   */
  void check(OptionalLong reach) throws MetadataLogException {
    if (sealed.isPresent()) {
      checkBallot(sealed.get(), reach);
      if (!sealed.get().members().isEmpty()) {
        checkMembers(sealed.get().memberBytes());
      }
    }
  }

  private void checkBallot(Sealed before, OptionalLong reach) throws MetadataLogException {
    var bytes = readAtStart(ballotFile);
    var found = bytes.flatMap(Ballot::parse);
    if (found.isEmpty() && bytes.isPresent() && reach.isPresent()) {
      replaceBallot(before);
    } else if (!found.map(ballot -> ballot.mayFollow(before.ballot())).orElse(false)) {
      throw StartFault.damaged(
          "Expected what may follow %s in %s, as it was once (%s), but it %s"
              .formatted(
                  before.ballot(),
                  ballotFile,
                  NAME,
                  found
                      .map(ballot -> "says " + ballot)
                      .orElse(bytes.isPresent() ? "is not readable" : "is not there")));
    }
  }

  /**
   * Puts one in the place of a ballot that nobody can read. Ratis leaves such a one on a full disk,
   * when it renames a file that it could not write. What a voter promised in it is lost, so it goes
   * beyond; a listener promises nothing, and others would not follow it there.
   *
   * <p>The seal comes first: if the ballot is lost once more, the next one is beyond this one.
   */
  private void replaceBallot(Sealed before) throws MetadataLogException {
    var ballot = mayVote(before) ? before.ballot().beyond() : before.ballot();
    try {
      write(new Sealed(ballot, before.members()));
      DurableFiles.replace(ballotFile, ballot.raftMeta());
    } catch (IOException e) {
      throw unwritten(ballotFile, e);
    }
    LOG.warn(
        LogCode.STARTUP_STEP.marker(),
        "Expected to read {}, but it holds no term and vote; put {} in its place, after {} ({})",
        ballotFile,
        ballot,
        before.ballot(),
        NAME);
  }

  /** Also if nothing tells that it may not. */
  private boolean mayVote(Sealed before) throws MetadataLogException {
    return entry(before.memberBytes()).map(this::isVoterIn).orElse(true)
        || readAtStart(membersFile).flatMap(RaftSeal::entry).map(this::isVoterIn).orElse(false);
  }

  private boolean isVoterIn(LogEntryProto members) {
    return members.getConfigurationEntry().getPeersList().stream()
        .anyMatch(voter -> voter.getId().toStringUtf8().equals(self));
  }

  private void checkMembers(byte[] before) throws MetadataLogException {
    var found = readAtStart(membersFile);
    try {
      if (found.isPresent() && Arrays.equals(found.get(), before)) {
        return;
      }
      var entry = found.flatMap(RaftSeal::entry);
      if (entry.isPresent() && isNewer(entry.get(), before)) {
        unproven = entry;
        return;
      }
      DurableFiles.replace(membersFile, before);
      LOG.warn(
          LogCode.STARTUP_STEP.marker(),
          "Expected {} to be as it was once ({}), but it is not; put the copy in its place",
          membersFile,
          NAME);
    } catch (IOException e) {
      throw unwritten(membersFile, e);
    }
  }

  private static boolean isNewer(LogEntryProto found, byte[] before) {
    return entry(before).map(old -> found.getIndex() > old.getIndex()).orElse(true);
  }

  private static Optional<LogEntryProto> entry(byte[] members) {
    try {
      var entry = LogEntryProto.parseFrom(members);
      return entry.hasConfigurationEntry() ? Optional.of(entry) : Optional.empty();
    } catch (InvalidProtocolBufferException notRatis) {
      return Optional.empty();
    }
  }

  /**
   * Refuses members that are newer than the seal and not in the log, unless that begins later.
   *
   * @param applied up to where a snapshot reaches: one that was sent here is all the log there is
   */
  void check(RaftLog log, long applied) throws MetadataLogException {
    if (unproven.isEmpty()) {
      return;
    }
    LogEntryProto found = unproven.get();
    try {
      var logged = log.get(found.getIndex());
      boolean isProven = logged == null ? found.getIndex() <= applied : found.equals(logged);
      if (!isProven) {
        throw StartFault.damaged(
            "Expected the members in %s to be those of entry %d of the log, but they are not"
                .formatted(membersFile, found.getIndex()));
      }
    } catch (IOException e) {
      throw unreadable(membersFile, e);
    }
  }

  // ---- later

  /** Seals what Ratis has written. Waits for the disk if that has changed. */
  synchronized void note() {
    try {
      var now = read(ballotFile).flatMap(Ballot::parse).map(this::withMembers);
      boolean isOther = now.isPresent() && !now.equals(sealed);
      if (isOther
          && sealed.map(before -> now.get().ballot().mayFollow(before.ballot())).orElse(true)) {
        // Ratis does not: and after a power cut the older file must not be taken for damage.
        DurableFiles.forceDirectory(ballotFile);
        write(now.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file, e);
    }
  }

  private void write(Sealed now) throws IOException {
    DurableFiles.replace(file, MetadataIdentity.sealed(now.lines()).getBytes(UTF_8));
    sealed = Optional.of(now);
  }

  private Sealed withMembers(Ballot ballot) {
    try {
      var members = read(membersFile).filter(bytes -> entry(bytes).isPresent());
      return new Sealed(ballot, Base64.getEncoder().encodeToString(members.orElse(new byte[0])));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read " + membersFile, e);
    }
  }
}
