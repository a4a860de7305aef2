/** The files of one log: segments, their sparse indexes, their seals. */
@NullMarked
package dev.naru.log.segment;

import org.jspecify.annotations.NullMarked;
