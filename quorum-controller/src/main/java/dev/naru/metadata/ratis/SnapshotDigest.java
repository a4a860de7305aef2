package dev.naru.metadata.ratis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.util.MD5FileUtil;

/** The digest that lies beside a snapshot once it is whole. */
final class SnapshotDigest {

  private SnapshotDigest() {}

  /** Whether it was written, right or not. */
  static boolean isThere(Path snapshot) {
    return Files.exists(snapshot.resolveSibling(snapshot.getFileName() + ".md5"));
  }

  /** Whether it was written and is that of the file as it is. */
  static boolean isRight(Path snapshot) throws IOException {
    MD5Hash stored = MD5FileUtil.readStoredMd5ForFile(snapshot.toFile());
    return stored != null && stored.equals(MD5FileUtil.computeMd5ForFile(snapshot.toFile()));
  }
}
