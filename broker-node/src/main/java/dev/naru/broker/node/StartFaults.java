package dev.naru.broker.node;

import dev.naru.log.disk.StorageException;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns what goes wrong at a start into what an operator is told. */
final class StartFaults {

  private StartFaults() {}

  static StartException explain(String reason, Throwable cause) {
    return switch (cause) {
      case MetadataLogException refused ->
          new StartException(refused.code(), String.valueOf(refused.getMessage()), refused);
      case StorageException failed -> // such as a disk that is full
          new StartException(ErrorCode.STORAGE_FAILED, String.valueOf(failed.getMessage()), failed);
      default -> new StartException(ErrorCode.INTERNAL, reason, cause);
    };
  }

  /** A listener could not be bound. */
  static StartException notBound(String setting, HostPort bind, IOException cause) {
    boolean isInUse =
        Stream.iterate(Optional.<Throwable>of(cause), Optional::isPresent, StartFaults::causeOf)
            .flatMap(Optional::stream)
            .anyMatch(fault ->
                fault instanceof BindException
                    || String.valueOf(fault.getMessage()).contains("Address already in use"));
    return new StartException(
        ErrorCode.INVALID_CONFIG,
        isInUse
            ? "Expected port %d of %s.bind to be free, but it is in use"
                .formatted(bind.port(), setting)
            : "Expected to listen on %s of %s.bind, but: %s"
                .formatted(bind, setting, cause.getMessage()),
        cause);
  }

  private static Optional<Throwable> causeOf(Optional<Throwable> fault) {
    return fault.flatMap(thrown -> Optional.ofNullable(thrown.getCause()));
  }
}
