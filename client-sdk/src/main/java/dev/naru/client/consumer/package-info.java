/** Records on their way from the leaders of partitions to one thread of an application. */
@NullMarked
package dev.naru.client.consumer;

import org.jspecify.annotations.NullMarked;
