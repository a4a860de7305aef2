package dev.naru.cli;

import dev.naru.cli.output.Notes;
import dev.naru.cli.output.StdoutClosedException;
import dev.naru.cli.text.Printable;
import dev.naru.client.NaruException;
import dev.naru.types.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns what went wrong into two lines on stderr and an exit status. */
final class ErrorReport {

  private final Notes notes;
  private final GlobalFlags flags;

  ErrorReport(Notes notes, GlobalFlags flags) {
    this.notes = notes;
    this.flags = flags;
  }

  /** Says it, and returns the exit status. */
  int print(Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    int status =
        switch (cause) {
          case StdoutClosedException closed -> ExitStatus.DONE;
          case CommandFailure failure ->
              print(
                  failure.code(),
                  failure.getMessage(),
                  failure.hint().or(() -> hintFor(failure.code())),
                  failure.exitStatus());
          case NaruException failure ->
              print(
                  failure.code(),
                  String.valueOf(failure.getMessage()),
                  hintFor(failure.code()),
                  failure.code().exitStatus());
          default ->
              print(
                  ErrorCode.INTERNAL,
                  "Expected no fault in the command itself, but was " + cause,
                  Optional.of("--debug prints where it happened"),
                  ExitStatus.FAILED);
        };
    if (flags.isDebug() && status != ExitStatus.DONE) {
      var trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace, true));
      notes.say(trace.toString().stripTrailing());
    }
    return status;
  }

  private int print(ErrorCode code, String message, Optional<String> hint, int status) {
    notes.say("error: " + code + ": " + Printable.of(message));
    hint.ifPresent(text -> notes.say("hint: " + text));
    return status;
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean isWrapper =
        thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return isWrapper && cause != null ? unwrapped(cause) : thrown;
  }

  private static Optional<String> hintFor(ErrorCode code) {
    String hint =
        switch (code) {
          case BOOTSTRAP_UNREACHABLE ->
              "is the cluster running? -b HOST:PORT,… names its nodes; naru dev starts one here";
          case TOPIC_NOT_FOUND -> "naru topics list prints what there is";
          case TOPIC_ALREADY_EXISTS -> "--if-not-exists takes that for success";
          case REQUEST_TIMEOUT -> "--timeout waits longer";
          case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, LEADER_NOT_AVAILABLE ->
              "naru topics describe TOPIC prints who leads and who is in sync";
          case METADATA_QUORUM_LOST, NODE_STARTING -> "naru nodes list prints who is there";
          default -> "";
        };
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
