/** Reading, by Kafka's names. */
@NullMarked
package dev.naru.kafka.clients.consumer;

import org.jspecify.annotations.NullMarked;
