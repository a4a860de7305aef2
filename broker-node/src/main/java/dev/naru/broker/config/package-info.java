/** A node's settings: where they may be written, how they are read, and why a file is refused. */
@NullMarked
package dev.naru.broker.config;

import org.jspecify.annotations.NullMarked;
