package dev.naru.testing.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Golden;
import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tags of the tests, the list of contracts and the page that shows both agree. */
class ConformanceTest {

  private static final Repository REPOSITORY = Repository.of(ConformanceTest.class);

  @Test
  void everyTagNamesAContract() throws IOException {
    var numbers = contracts().stream().map(Contract::number).toList();

    var unknown = proofs().numbers();
    unknown.removeAll(numbers);

    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(unknown).as("tags that name no contract").isEmpty();
  }

  @Test
  void thePageSaysWhatIsProvedAndWhatIsOpen() throws IOException {
    Golden.in(REPOSITORY.root().resolve("docs"))
        .assertText("CONFORMANCE.md", ConformancePage.print(contracts(), proofs()));
  }

  /** What speaks for Naru is proved, and what speaks for the others is said as well. */
  @Test
  @Tag("S119")
  void theComparisonWithAPushBrokerClaimsOnlyWhatIsProved() throws IOException {
    var page = Files.readString(REPOSITORY.root().resolve("docs/guide/push-brokers.md"));
    var parts = page.split("## What a push broker does better", -1);
    assertThat(parts).hasSize(2);

    var claims = parts[0].lines().filter(line -> line.startsWith("| ")).skip(2).toList();

    assertThat(claims)
        .hasSizeGreaterThan(5)
        .allMatch(row -> row.matches(".*\\| (S\\d+(, )?)+ \\|"));
    var proofs = proofs();
    for (var claim : claims) {
      var numbers = claim.substring(0, claim.length() - 2);
      for (var number : numbers.substring(numbers.lastIndexOf('|') + 1).split(",", -1)) {
        assertThat(proofs.of(contract(number.strip()))).as(claim).isNotEmpty();
      }
    }
    assertThat(parts[1].lines().filter(line -> line.startsWith("| ")))
        .as("rows that speak for the other, and two of the head")
        .hasSizeGreaterThan(5);
  }

  private static List<Contract> contracts() throws IOException {
    try (var file = requireNonNull(ConformanceTest.class.getResourceAsStream("/contracts.tsv"))) {
      return Contract.read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Proofs proofs() throws IOException {
    var proofs = new Proofs();
    for (var file :
        REPOSITORY.files(path -> path.contains("/src/test/") && path.endsWith(".java"))) {
      var testClass = file.getFileName().toString().replace(".java", "");
      proofs.read(testClass, Files.readString(file));
    }
    return proofs;
  }

  @Test
  void findsTagsOfMethodsAndOfClasses() {
    var proofs = new Proofs();

    proofs.read(
        "OrderTest",
        """
        @TAG("S18")
        class OrderTest {
          @TAG("S17") @TAG("A-1") @TAG("bench")
          @Test
          void counts() { String.class.getName(); }

          void proves_nothing() {}
        }
        """
            .replace("TAG", "Tag")); // in full it would count as a proof

    assertThat(proofs.numbers()).containsExactly("A-1", "S17", "S18");
    assertThat(proofs.of(contract("S17"))).containsExactly("OrderTest.counts");
    assertThat(proofs.of(contract("S18"))).containsExactly("OrderTest");
    assertThat(proofs.of(contract("S19"))).isEmpty();
  }

  @Test
  void printsAContractWithoutAProofAsOpen() {
    var contracts = Contract.read("# Order\nS18\t1\tIn order.\nS19\t2\tWhere it says.\n");
    var proofs = new Proofs();

    assertThat(ConformancePage.print(contracts, proofs))
        .contains("Of 1 contracts of tier 1, the first release,\n0 are proved and 1 are open.")
        .endsWith("| S18 | 1 | In order. | open |\n| S19 | 2 | Where it says. | open |\n");
  }

  private static Contract contract(String number) {
    return new Contract("", number, 1, "");
  }
}
