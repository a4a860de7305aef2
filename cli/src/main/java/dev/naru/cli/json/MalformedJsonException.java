package dev.naru.cli.json;

/** Text that is not JSON, with the place where it stops being so. */
public final class MalformedJsonException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MalformedJsonException(String expected, String found, int position) {
    super("Expected " + expected + " at character " + (position + 1) + ", but was " + found);
  }
}
