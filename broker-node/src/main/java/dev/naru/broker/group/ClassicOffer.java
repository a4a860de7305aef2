package dev.naru.broker.group;

/**
 * A way of sharing that a classic member knows.
 *
 * @param metadata what its leader needs of the member to share that way
 */
public record ClassicOffer(String name, Opaque metadata) {}
