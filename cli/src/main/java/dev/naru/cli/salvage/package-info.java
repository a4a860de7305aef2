/** What nodes have set aside: how it is printed, and which of its records are written again. */
@NullMarked
package dev.naru.cli.salvage;

import org.jspecify.annotations.NullMarked;
