package dev.naru.broker.coordinator;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far a group is behind in one partition. What is not known is absent.
 *
 * @param end the partition's high watermark
 * @param records kept and not processed
 * @param seconds age of the first one of these; 0 when there is none
 * @param isPassedByRetention whether records were deleted that the group has not processed
 */
public record GroupLag(
    OptionalLong end, OptionalLong records, OptionalDouble seconds, boolean isPassedByRetention) {}
