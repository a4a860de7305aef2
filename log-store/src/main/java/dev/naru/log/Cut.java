package dev.naru.log;

import java.util.Optional;

/**
 * What a truncation took away.
 *
 * @param end the log's end now
 * @param oldEnd its end before
 * @param bytes how many bytes of batches were cut
 * @param setAside where they lie, a directory below {@code lost+found}; empty when nothing was cut
 */
public record Cut(long end, long oldEnd, long bytes, Optional<String> setAside) {}
