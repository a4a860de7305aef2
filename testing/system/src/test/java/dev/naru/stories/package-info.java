/** What befell clusters once, played with real nodes, and how it ends with Naru. */
@NullMarked
package dev.naru.stories;

import org.jspecify.annotations.NullMarked;
