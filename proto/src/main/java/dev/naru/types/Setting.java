package dev.naru.types;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names and explains a component of a configuration record: one setting each. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** The dotted name, the same in files, variables and flags. */
  String key();

  /** One sentence: what it does. */
  String doc();

  /** Which values are taken, to follow "takes"; empty where the type says it all. */
  String takes() default "";

  /** What holds without it, in words; empty where a value says it, or nothing holds. */
  String absent() default "";
}
