package dev.naru.testing.conformance;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** Prints docs/CONFORMANCE.md. */
final class ConformancePage {

  private ConformancePage() {}

  static String print(List<Contract> contracts, Proofs proofs) {
    var page = new StringBuilder(head(contracts, proofs));
    String area = "";
    for (var contract : contracts) {
      if (!contract.area().equals(area)) {
        area = contract.area();
        page.append(heading(area));
      }
      page.append(row(contract, proofs));
    }
    return page.toString();
  }

  private static String head(List<Contract> contracts, Proofs proofs) {
    var first = contracts.stream().filter(contract -> contract.tier() == 1).toList();
    long proved = first.stream().filter(contract -> !proofs.of(contract).isEmpty()).count();
    return """
    # Conformance

    What Naru promises, and the tests that prove it. Of %d contracts of tier 1, the first release,
    %d are proved and %d are open.

    A test carries the numbers of the contracts that it proves as tags; several tests may prove one
    together. A contract counts as proved once its main claim is; a test of something beside that
    carries no tag. `ConformanceTest` prints this page from those tags and from
    `testing/system/src/test/resources/contracts.tsv`, and fails when the page is not up to date;
    `-Dgolden.rewrite` prints it anew.
    """
        .formatted(first.size(), proved, first.size() - proved);
  }

  private static String heading(String area) {
    return """

    ## %s

    | no. | tier | Naru's promise | proved by |
    | --- | --- | --- | --- |
    """
        .formatted(area);
  }

  private static String row(Contract contract, Proofs proofs) {
    var tests = proofs.of(contract).stream().map("`%s`"::formatted).collect(joining(", "));
    return "| %s | %d | %s | %s |\n"
        .formatted(
            contract.number(),
            contract.tier(),
            contract.promise(),
            tests.isEmpty() ? "open" : tests);
  }
}
