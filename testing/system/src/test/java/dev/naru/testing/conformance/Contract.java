package dev.naru.testing.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * One promise, under the number that tests carry as a tag.
 *
 * @param area the heading under which it stands
 * @param tier 1 belongs to the first release, 2 to the next
 */
record Contract(String area, String number, int tier, String promise) {

  Contract {
    if (tier < 1 || tier > 3) {
      throw new IllegalArgumentException(
          "Expected a tier of 1 to 3 for %s, but was %d".formatted(number, tier));
    }
  }

  /** Number, tier and promise between tabs; a line {@code # area} heads those below it. */
  static List<Contract> read(String lines) {
    var contracts = new ArrayList<Contract>();
    String area = "";
    for (var line : lines.lines().toList()) {
      if (line.startsWith("# ")) {
        area = line.substring(2);
      } else {
        var fields = line.split("\t", -1);
        contracts.add(new Contract(area, fields[0], Integer.parseInt(fields[1]), fields[2]));
      }
    }
    return contracts;
  }
}
