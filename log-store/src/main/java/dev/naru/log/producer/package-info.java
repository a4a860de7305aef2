/** Which batches of which producers a log holds, so that one that comes again is known. */
@NullMarked
package dev.naru.log.producer;

import org.jspecify.annotations.NullMarked;
