/** What naru debug prints of the files of a node. */
@NullMarked
package dev.naru.cli.debug;

import org.jspecify.annotations.NullMarked;
