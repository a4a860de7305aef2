/** Settings, by Kafka's names. */
@NullMarked
package dev.naru.kafka.common.config;

import org.jspecify.annotations.NullMarked;
