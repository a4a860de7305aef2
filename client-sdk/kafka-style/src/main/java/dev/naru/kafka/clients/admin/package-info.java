/** Topics, groups and records of partitions, by Kafka's names. */
@NullMarked
package dev.naru.kafka.clients.admin;

import org.jspecify.annotations.NullMarked;
