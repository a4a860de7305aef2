package dev.naru.metadata.image;

/**
 * A setting that was changed while the cluster ran.
 *
 * @param value in canonical form
 */
public record ConfigEntry(String value, ConfigOrigin origin) {}
