/** Decisions of the client that need no clock, thread or socket. */
@NullMarked
package dev.naru.client.core;

import org.jspecify.annotations.NullMarked;
