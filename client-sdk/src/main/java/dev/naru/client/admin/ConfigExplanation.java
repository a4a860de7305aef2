package dev.naru.client.admin;

import java.util.List;

/**
 * All about one setting.
 *
 * @param value what is in force; empty for nothing
 * @param doc one sentence: what it does
 * @param takes which values are taken, in words
 * @param layers everything that says a value, the one in force first; it hides those after it
 * @param takesEffect when another value counts, in words
 * @param needsRestart whether another value counts after a restart of the node only
 */
public record ConfigExplanation(
    ConfigSubject subject,
    String key,
    String value,
    String doc,
    String takes,
    List<ConfigSetting> layers,
    String takesEffect,
    boolean needsRestart,
    List<TopicWarning> warnings) {}
