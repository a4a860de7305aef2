package dev.naru.metadata.ratis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.Marker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LogCodeTest {

  private static final Set<String> LOUD = Set.of("warn", "error", "fatal");

  @Test
  @Tag("S110")
  void standsInEveryWarningAndError() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("dev.naru.metadata", "dev.naru.controller");

    noClasses()
        .should()
        .callMethodWhere(describe("logs WARN or ERROR without a code", LogCodeTest::isMute))
        .check(classes);
  }

  private static boolean isMute(JavaMethodCall call) {
    var parameters = call.getTarget().getRawParameterTypes();
    return call.getTargetOwner().isEquivalentTo(Logger.class)
        && LOUD.contains(call.getName())
        && (parameters.isEmpty() || !parameters.getFirst().isEquivalentTo(Marker.class));
  }
}
