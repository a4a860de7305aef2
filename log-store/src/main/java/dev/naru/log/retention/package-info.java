/** Which segments of a log may go. Pure. */
@NullMarked
package dev.naru.log.retention;

import org.jspecify.annotations.NullMarked;
