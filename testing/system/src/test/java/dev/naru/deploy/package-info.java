/** What lies in deploy/ fits what nodes and the command do. */
@NullMarked
package dev.naru.deploy;

import org.jspecify.annotations.NullMarked;
