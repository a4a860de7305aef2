package dev.naru.metadata.image;

/**
 * Who gave a setting its value.
 *
 * @param index of the command in the metadata log
 * @param atMillis wall clock of the node that was asked, in milliseconds of the epoch; only shown,
 *     never compared
 * @param principal who asked, as {@code name@address}; empty: a node of the cluster by itself
 */
public record ConfigOrigin(long index, long atMillis, String principal) {}
