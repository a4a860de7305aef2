package dev.naru.cli;

import dev.naru.types.ErrorCode;
import java.util.Optional;

/** Why a command ends without having done its work: what is printed, and the exit status. */
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final int exitStatus;
  private final String hint;

  private CommandFailure(ErrorCode code, int exitStatus, String message, String hint) {
    super(message);
    this.code = code;
    this.exitStatus = exitStatus;
    this.hint = hint;
  }

  /** A failure with the exit status of its code. */
  public static CommandFailure of(ErrorCode code, String message) {
    return new CommandFailure(code, code.exitStatus(), message, "");
  }

  /** A flag or argument that makes no sense. */
  public static CommandFailure usage(String message) {
    return of(ErrorCode.INVALID_REQUEST, message);
  }

  /** A precondition that does not hold on this machine. */
  public static CommandFailure precondition(ErrorCode code, String message) {
    return new CommandFailure(code, ExitStatus.PRECONDITION, message, "");
  }

  /** The same with the thing to do about it. */
  public CommandFailure withHint(String text) {
    return new CommandFailure(code, exitStatus, getMessage(), text);
  }

  @Override
  public String getMessage() {
    return Optional.ofNullable(super.getMessage()).orElse("");
  }

  /** Which error this is. */
  public ErrorCode code() {
    return code;
  }

  /** Exit status of the process. */
  public int exitStatus() {
    return exitStatus;
  }

  /** What to do about it, when there is more to say than for every error of this code. */
  public Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
