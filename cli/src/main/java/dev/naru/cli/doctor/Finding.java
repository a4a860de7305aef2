package dev.naru.cli.doctor;

import dev.naru.cli.json.Json;

/**
 * What a check says.
 *
 * @param subject what it is about, such as nodes/1 or topics/orders; cluster for all of it
 * @param message what is so, in words
 */
public record Finding(Check check, Severity severity, String subject, String message) {

  static final String CLUSTER = "cluster";

  static Finding ok(Check check, String message) {
    return new Finding(check, Severity.OK, CLUSTER, message);
  }

  static Finding notChecked(Check check, String why) {
    return new Finding(check, Severity.NOT_CHECKED, CLUSTER, why);
  }

  /** For programs. */
  public Json json() {
    return Json.object()
        .with("code", check.name())
        .with("severity", severity.name())
        .with("subject", subject)
        .with("message", message)
        .with("remedy", check.remedy())
        .with("page", check.page())
        .build();
  }
}
