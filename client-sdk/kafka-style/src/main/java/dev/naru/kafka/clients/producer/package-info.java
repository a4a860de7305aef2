/** Sending, by Kafka's names. */
@NullMarked
package dev.naru.kafka.clients.producer;

import org.jspecify.annotations.NullMarked;
