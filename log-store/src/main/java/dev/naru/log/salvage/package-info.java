/** What lies in {@code lost+found}: why it is there, and the batches that can be read of it. */
@NullMarked
package dev.naru.log.salvage;

import org.jspecify.annotations.NullMarked;
