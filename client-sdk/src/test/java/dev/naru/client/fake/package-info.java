/** A cluster in memory, behind real sockets, that does what a test tells it to. */
@NullMarked
package dev.naru.client.fake;

import org.jspecify.annotations.NullMarked;
