/** A benchmark of what only its own package sees. */
@NullMarked
package dev.naru.client.producer;

import org.jspecify.annotations.NullMarked;
