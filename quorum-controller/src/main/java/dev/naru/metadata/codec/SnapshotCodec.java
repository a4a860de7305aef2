package dev.naru.metadata.codec;

import dev.naru.metadata.image.ClusterImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Images as snapshot files. The same image always gives the same bytes. */
public final class SnapshotCodec {

  private SnapshotCodec() {}

  /** Writes the image; the caller buffers, forces and closes. */
  public static void write(ClusterImage image, OutputStream out) throws IOException {
    new SnapshotWriter(out).write(image);
  }

  /**
   * Reads what {@link #write} wrote, to the end of the stream; the caller buffers and closes.
   *
   * @throws IOException if the bytes cannot be read or are damaged
   * @throws NewerRulesException if rules are in force that came after this release
   */
  public static ClusterImage read(InputStream in) throws IOException {
    return read(in, ClusterImage.METADATA_VERSION_LATEST);
  }

  /**
   * The same for a release that knows the rules up to these.
   *
   * @throws NewerRulesException if newer ones are in force
   */
  public static ClusterImage read(InputStream in, int metadataVersionMax) throws IOException {
    return new SnapshotReader(in, metadataVersionMax).read();
  }

  /** SHA-256 of the snapshot, in hex: equal on all nodes at an equal index. */
  public static String stateHash(ClusterImage image) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      write(image, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every JDK to have SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written anywhere
    }
  }
}
