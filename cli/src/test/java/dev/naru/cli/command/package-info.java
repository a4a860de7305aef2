/** Tests. */
@NullMarked
package dev.naru.cli.command;

import org.jspecify.annotations.NullMarked;
