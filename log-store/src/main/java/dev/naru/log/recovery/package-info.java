/** From the files a process left behind to a log that can go on, or to a report of damage. */
@NullMarked
package dev.naru.log.recovery;

import org.jspecify.annotations.NullMarked;
