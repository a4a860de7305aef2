/** Groups as bytes: the records of {@code __consumer_offsets}, and how they are read back. */
@NullMarked
package dev.naru.broker.grouplog;

import org.jspecify.annotations.NullMarked;
