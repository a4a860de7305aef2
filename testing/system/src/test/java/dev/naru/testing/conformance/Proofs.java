package dev.naru.testing.conformance;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Tests by the number of the contract they prove, as their tags say. */
final class Proofs {

  /** Numbers begin with a capital; tags in small letters choose when a test runs. */
  private static final Pattern TAG_OR_TAGGED =
      Pattern.compile("@Tag\\(\"([A-Z][^\"]*)\"\\)|\\b(class|void) (\\w+)");

  private final SortedMap<String, SortedSet<String>> tests = new TreeMap<>();

  /** Takes in one test class: a tag belongs to the class or method that follows it. */
  void read(String testClass, String source) {
    var waiting = new TreeSet<String>();
    var found = TAG_OR_TAGGED.matcher(source);
    while (found.find()) {
      if (found.group(1) != null) {
        waiting.add(found.group(1));
      } else {
        boolean isMethod = found.group(2).equals("void");
        var test = isMethod ? testClass + "." + found.group(3) : testClass;
        waiting.forEach(number -> add(number, test));
        waiting.clear();
      }
    }
  }

  private void add(String number, String test) {
    tests.computeIfAbsent(number, _ -> new TreeSet<>()).add(test);
  }

  SortedSet<String> numbers() {
    return new TreeSet<>(tests.keySet());
  }

  SortedSet<String> of(Contract contract) {
    return tests.getOrDefault(contract.number(), Collections.emptySortedSet());
  }
}
