/** Batches of records on their way from an application's threads to the leaders of partitions. */
@NullMarked
package dev.naru.client.producer;

import org.jspecify.annotations.NullMarked;
