package dev.naru.client.core;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A member of a classic group, as the coordinator describes it to the one that assigns.
 *
 * @param metadata what it offered for the way that was chosen
 */
public record ClassicCandidate(UUID member, Optional<String> instanceId, ByteBuffer metadata) {}
