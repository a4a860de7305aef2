/** What of a log is superseded: which part is due, the newest offset of each key, who stays. */
@NullMarked
package dev.naru.log.compaction;

import org.jspecify.annotations.NullMarked;
