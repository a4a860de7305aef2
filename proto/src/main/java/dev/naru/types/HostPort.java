package dev.naru.types;

import java.util.regex.Pattern;

/**
 * An address as people write it: {@code n1.example:9410} or {@code [::1]:9410}. Never resolved
 * here.
 */
public record HostPort(String host, int port) {

  private static final int PORT_MAX = 65535;

  /** A name or an address: nothing that could be read as more than a host elsewhere. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

  private static final Pattern TEXT =
      Pattern.compile("(?:\\[(?<bracketed>[^]]*:[^]]*)]|(?<plain>[^:]*)):(?<port>[0-9]{1,5})");

  /** Refuses other characters than those of names and addresses, and ports outside 0 to 65535. */
  public HostPort {
    if (!HOST.matcher(host).matches() || port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "Expected host:port with a port of 0 to 65535, but was " + host + ":" + port);
    }
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static HostPort parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Expected host:port, but was " + text);
    }
    String bracketed = matcher.group("bracketed");
    return new HostPort(
        bracketed != null ? bracketed : matcher.group("plain"),
        Integer.parseInt(matcher.group("port")));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
