/** Tests. */
@NullMarked
package dev.naru.cli;

import org.jspecify.annotations.NullMarked;
