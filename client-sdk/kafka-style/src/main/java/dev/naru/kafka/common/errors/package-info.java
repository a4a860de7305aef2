/** Failures by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.errors;

import org.jspecify.annotations.NullMarked;
