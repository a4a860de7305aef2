package dev.naru.metadata.ratis;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import java.net.BindException;
import java.util.Optional;
import org.apache.ratis.util.ExitUtils;

/** Says in words of ours why Ratis did not start. */
final class StartFault {

  private static final int CAUSES_MAX = 20;

  private static final String WAY_OUT =
      ". The log was left as it is. With a majority of the other voters running, this node can start"
          + " anew: naru node format --replace, and it joins again under a new peer id";

  private StartFault() {}

  static MetadataLogException explain(QuorumSeat seat, Exception fault) {
    if (find(fault, BindException.class).isPresent()
        || find(fault, ExitUtils.ExitException.class).isPresent()) {
      return new MetadataLogException(
          ErrorCode.INVALID_CONFIG,
          "Expected to listen on " + seat.bind() + " (listeners.raft.bind), but: " + root(fault),
          fault);
    }
    if (mentions(fault, "already locked")) {
      return new MetadataLogException(
          ErrorCode.DIRECTORY_LOCKED,
          "Expected to be alone in " + seat.directory() + ", but another process holds it",
          fault);
    }
    var newer = find(fault, NewerRulesException.class);
    if (newer.isPresent()) { // the log is sound, and formatting the directory would be of no use
      return new MetadataLogException(
          ErrorCode.UNSUPPORTED_VERSION, String.valueOf(newer.get().getMessage()), fault);
    }
    return new MetadataLogException(
        ErrorCode.CORRUPT_LOG,
        "Expected to read the metadata log in "
            + seat.directory()
            + ", but: "
            + root(fault)
            + WAY_OUT,
        fault);
  }

  /** Of a log that is not what it was. */
  static MetadataLogException damaged(String what) {
    return new MetadataLogException(ErrorCode.CORRUPT_LOG, what + WAY_OUT);
  }

  private static String root(Throwable fault) {
    Throwable root = fault;
    for (int i = 0; i < CAUSES_MAX && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  private static boolean mentions(Throwable fault, String words) {
    return find(fault, Throwable.class, words).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Throwable fault, Class<T> type) {
    return find(fault, type, "");
  }

  private static <T extends Throwable> Optional<T> find(
      Throwable fault, Class<T> type, String words) {
    Throwable cause = fault;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      if (type.isInstance(cause) && String.valueOf(cause.getMessage()).contains(words)) {
        return Optional.of(type.cast(cause));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
