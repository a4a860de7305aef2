/** One partition's log: append, read, cut, force. */
@NullMarked
package dev.naru.log;

import org.jspecify.annotations.NullMarked;
