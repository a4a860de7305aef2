package dev.naru.broker.http;

/** An answer. */
record Page(int status, String contentType, String body) {

  static Page text(int status, String text) {
    return new Page(status, "text/plain; charset=utf-8", text + "\n");
  }
}
