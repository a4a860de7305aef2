package dev.naru.types;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names and explains a component of a configuration record; the reference page is printed from it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** The dotted name, the same in files, variables, flags, pages and metrics. */
  String key();

  /** One sentence: what it does. */
  String doc();
}
