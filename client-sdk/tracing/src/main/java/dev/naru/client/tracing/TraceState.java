package dev.naru.client.tracing;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of {@code tracestate}: a list of keys with values, which nobody here looks into. */
final class TraceState {

  private static final int MEMBERS_MAX = 32;

  /** Systems should pass on at least this much; a longer one is left out. */
  private static final int LENGTH_MAX = 512;

  private static final Pattern KEY =
      Pattern.compile(
          "[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}");

  private static final Pattern VALUE = Pattern.compile("[ -~&&[^,=]]{0,255}[!-~&&[^,=]]");

  private TraceState() {}

  static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      return false;
    }
    var keys = new HashSet<String>();
    String[] members = text.split(",", -1);
    for (String member : members) {
      if (!member.isBlank() && !isMember(member.strip(), keys)) {
        return false;
      }
    }
    return members.length <= MEMBERS_MAX && !keys.isEmpty();
  }

  private static boolean isMember(String member, Set<String> keys) {
    int end = member.indexOf('=');
    return end > 0
        && KEY.matcher(member.substring(0, end)).matches()
        && VALUE.matcher(member.substring(end + 1)).matches()
        && keys.add(member.substring(0, end));
  }
}
