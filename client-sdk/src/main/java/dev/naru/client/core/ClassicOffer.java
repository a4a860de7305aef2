package dev.naru.client.core;

import java.nio.ByteBuffer;

/**
 * A way to assign that a member of a classic group knows, with what the assigning member must know
 * of it.
 *
 * @param name of a {@link ClassicAssignor}
 * @param metadata see {@link ClassicBytes}
 */
public record ClassicOffer(String name, ByteBuffer metadata) {}
