/** The small languages of flags: sizes, durations, escapes, topics with partitions. */
@NullMarked
package dev.naru.cli.text;

import org.jspecify.annotations.NullMarked;
