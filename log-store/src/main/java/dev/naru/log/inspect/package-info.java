/** What the files of a data directory hold, for people; reads only, and believes nothing. */
@NullMarked
package dev.naru.log.inspect;

import org.jspecify.annotations.NullMarked;
