package dev.naru.cli.output;

import java.io.PrintStream;

/** What is said beside the data, on stderr: notes, warnings, progress. */
public final class Notes {

  private final PrintStream stream;
  private volatile boolean isQuiet; // written by main once the flags are read, read by all threads

  /** Writes to this stream. */
  public Notes(PrintStream stream) {
    this.stream = stream;
  }

  /** Leaves out what {@link #note} says from now on. */
  public void beQuiet() {
    isQuiet = true;
  }

  /** Good to know; {@code -q} leaves it out. */
  public void note(String text) {
    if (!isQuiet) {
      stream.println(text);
    }
  }

  /** Always said. */
  public void say(String text) {
    stream.println(text);
  }

  /** Asks, on a line that the answer completes. */
  public void ask(String text) {
    stream.print(text);
    stream.flush();
  }

  /** Something that is allowed and worth a second look. */
  public void warn(String code, String text) {
    stream.println("warning: " + code + ": " + text);
  }
}
