package dev.naru.metadata.machine;

/**
 * What a person should hear about a setting that is allowed.
 *
 * @param key the setting
 * @param code for programs, such as {@code FLUSH_CANNOT_RETURN}
 * @param message a sentence
 */
public record ConfigWarning(String key, String code, String message) {}
