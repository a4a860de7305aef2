package dev.naru.metadata.ratis;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The snapshots of one Raft group: one file each, named after the entry up to which it holds
 * everything, with a digest beside it. A file becomes a snapshot only when it is whole: written
 * aside, forced, renamed, digested. One whose digest is missing or wrong is set aside, and the one
 * before it serves if the log reaches back that far. Ratis itself compares a digest only when it
 * receives a file.
 */
final class SnapshotFiles {

  private static final Logger LOG = LogManager.getLogger(SnapshotFiles.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  /** Reads a snapshot's content. */
  interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  /** A snapshot's content and the entry up to which it holds everything. */
  record Loaded<T>(TermIndex at, T content) {}

  void open(RaftStorage raftStorage) throws IOException {
    setDamagedAside(raftStorage.getStorageDir().getStateMachineDir().toPath());
    storage.init(raftStorage);
  }

  StateMachineStorage storage() {
    return storage;
  }

  void write(TermIndex at, DurableFiles.Content content) throws IOException {
    File file = storage.getSnapshotFile(at.getTerm(), at.getIndex());
    DurableFiles.replace(file.toPath(), content);
    MD5Hash digest = MD5FileUtil.computeMd5ForFile(file);
    MD5FileUtil.saveMD5File(file, digest);
    DurableFiles.forceDirectory(file.toPath());
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(
            new FileInfo(file.toPath(), digest), at.getTerm(), at.getIndex()));
  }

  /** Reads the newest snapshot; empty when there is none. */
  <T> Optional<Loaded<T>> load(Reader<T> reader) throws IOException {
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest == null) {
      return Optional.empty();
    }
    Path path = latest.getFile().getPath();
    if (!SnapshotDigest.isRight(path)) {
      throw new IOException("Expected the digest of " + path + " to match, but it does not");
    }
    try (var in = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES)) {
      return Optional.of(new Loaded<>(latest.getTermIndex(), reader.read(in)));
    }
  }

  private static void setDamagedAside(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> snapshots;
    try (var files = Files.list(directory)) {
      snapshots = files.filter(SnapshotFiles::isSnapshot).sorted().toList();
    }
    for (Path snapshot : snapshots) {
      if (!SnapshotDigest.isRight(snapshot)) {
        Path aside = snapshot.resolveSibling(snapshot.getFileName() + ".corrupt");
        Files.move(snapshot, aside);
        LOG.warn(
            LogCode.CORRUPTION_FOUND.marker(),
            "Expected the digest of {} to match, but it does not; kept as {}",
            snapshot,
            aside);
      }
    }
  }

  private static boolean isSnapshot(Path file) {
    return SimpleStateMachineStorage.SNAPSHOT_REGEX
        .matcher(file.getFileName().toString())
        .matches();
  }
}
