/** Who calls, what each call demands, and whether that caller may: asked on every request. */
@NullMarked
package dev.naru.broker.access;

import org.jspecify.annotations.NullMarked;
