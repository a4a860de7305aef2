package dev.naru.metadata.log;

import dev.naru.types.ErrorCode;

/** The metadata log cannot be opened or used; the message says what to do about it. */
public final class MetadataLogException extends Exception {

  private final ErrorCode code;

  /** With its place in the table of errors. */
  public MetadataLogException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** The same, with what caused it. */
  public MetadataLogException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Its place in the table of errors. */
  public ErrorCode code() {
    return code;
  }
}
