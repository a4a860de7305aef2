/** What Kafka's names and Naru's have in common; applications see the packages below. */
@NullMarked
package dev.naru.kafka.clients;

import org.jspecify.annotations.NullMarked;
