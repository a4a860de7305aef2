package dev.naru.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.domain.PackageMatchers;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Rules about packages as such, reported once for a package and not once for each class. */
final class PackageRules {

  /** Here packages have the names that others gave them. */
  private static final String NAMED_BY_OTHERS = "dev.naru.kafka..";

  private static final String MEANINGLESS = "utils?|common|misc|helpers?";

  static ArchRule everyPackageHasATier() {
    return each(
        "be listed in dev.naru.testing.Tiers",
        describe("listed", part -> PackageMatchers.of(Tiers.ALL).test(part.getName())));
  }

  static ArchRule everyPackageIsNullMarked() {
    return each(
        "have a package-info.java with @NullMarked",
        describe("marked", part -> part.isAnnotatedWith(NullMarked.class)));
  }

  static ArchRule everyPackageNameMeansSomething() {
    return each(
        "be named after what it is about",
        describe(
            "named",
            part ->
                PackageMatcher.of(NAMED_BY_OTHERS).matches(part.getName())
                    || !part.getRelativeName().matches(MEANINGLESS)));
  }

  private PackageRules() {}

  private static ArchRule each(String claim, DescribedPredicate<JavaPackage> holds) {
    return all(new PackagesOfNaru())
        .should(
            new ArchCondition<JavaPackage>(claim) {
              @Override
              public void check(JavaPackage part, ConditionEvents events) {
                events.add(
                    new SimpleConditionEvent(
                        part,
                        holds.test(part),
                        "Expected package %s to %s".formatted(part.getName(), claim)));
              }
            });
  }

  /** Packages with classes written by hand. */
  private static final class PackagesOfNaru extends AbstractClassesTransformer<JavaPackage> {
    PackagesOfNaru() {
      super("packages");
    }

    @Override
    public Iterable<JavaPackage> doTransform(JavaClasses classes) {
      var packages = new TreeSet<>(Comparator.comparing(JavaPackage::getName));
      for (JavaClass type : classes) {
        if (resideInAPackage("dev.naru..").test(type)
            && !resideInAPackage(Tiers.GENERATED).test(type)) {
          packages.add(type.getPackage());
        }
      }
      return packages;
    }
  }
}
