/** From values to bytes and back, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.NullMarked;
