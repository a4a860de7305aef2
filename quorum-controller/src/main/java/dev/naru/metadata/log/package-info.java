/**
 * The metadata log as the rest of a node sees it: commands go in, images come out, in one order.
 */
@NullMarked
package dev.naru.metadata.log;

import org.jspecify.annotations.NullMarked;
