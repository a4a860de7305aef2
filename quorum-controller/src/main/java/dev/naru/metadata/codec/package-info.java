/** Commands and snapshots as bytes; the generated classes of the metadata log end here. */
@NullMarked
package dev.naru.metadata.codec;

import org.jspecify.annotations.NullMarked;
