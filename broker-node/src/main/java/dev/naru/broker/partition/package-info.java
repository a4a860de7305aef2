/** A partition as one node holds it: its role, its log, and who waits for it. */
@NullMarked
package dev.naru.broker.partition;

import org.jspecify.annotations.NullMarked;
