/** Tests. */
@NullMarked
package dev.naru.cli.salvage;

import org.jspecify.annotations.NullMarked;
