/** What a client counts, for applications with Micrometer. */
@NullMarked
package dev.naru.client.micrometer;

import org.jspecify.annotations.NullMarked;
