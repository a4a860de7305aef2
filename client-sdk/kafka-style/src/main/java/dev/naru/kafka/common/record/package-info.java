/** What belongs to a stored record, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.record;

import org.jspecify.annotations.NullMarked;
