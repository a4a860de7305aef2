package dev.naru.client;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the client reports when something could not be done. The message reads "Expected ..., but
 * ..." and is meant for people; programs look at {@link #code} and {@link #details}.
 */
public class NaruException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final transient Map<String, String> details;

  /** A failure without details. */
  public NaruException(ErrorCode code, String message) {
    this(code, message, Map.of());
  }

  /** A failure with details. */
  public NaruException(ErrorCode code, String message, Map<String, String> details) {
    this(code, message, details, null);
  }

  /** A failure with its cause. */
  public NaruException(
      ErrorCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** The failure that a refusal stands for. */
  public static NaruException of(Refused refused) {
    return new NaruException(refused.code(), refused.reason());
  }

  /** Which error this is. */
  public ErrorCode code() {
    return code;
  }

  /** Whether the same call may succeed later. */
  public boolean isRetriable() {
    return code.isRetriable();
  }

  /** Names and values that belong to the error, such as {@code topic}; may be empty. */
  public Map<String, String> details() {
    return details;
  }
}
