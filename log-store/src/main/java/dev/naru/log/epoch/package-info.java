/** Where each leader's reign over a log began and where it ended. */
@NullMarked
package dev.naru.log.epoch;

import org.jspecify.annotations.NullMarked;
