/** What producers, consumers and the administration share, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common;

import org.jspecify.annotations.NullMarked;
