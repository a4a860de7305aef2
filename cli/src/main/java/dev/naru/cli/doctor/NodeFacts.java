package dev.naru.cli.doctor;

import dev.naru.client.admin.NodeDescription;
import java.util.Optional;

/**
 * What is known of one node.
 *
 * @param metrics its page; empty if it could not be had
 * @param whyNoMetrics why not
 * @param askedMillis the wall clock here, half-way between question and answer
 * @param answerMillis how long the answer took
 */
public record NodeFacts(
    NodeDescription node,
    Optional<MetricsText> metrics,
    String whyNoMetrics,
    long askedMillis,
    long answerMillis) {

  String name() {
    return "nodes/" + node.id();
  }
}
