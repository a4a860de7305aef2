/** The naru command: its frame, from main to the exit status. */
@NullMarked
package dev.naru.cli;

import org.jspecify.annotations.NullMarked;
