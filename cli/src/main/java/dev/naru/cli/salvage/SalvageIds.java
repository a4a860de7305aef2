package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvageListing;
import dev.naru.types.ErrorCode;
import java.util.regex.Pattern;

/** The name of an entry as people type it: as the list prints it, or the resource name. */
public record SalvageIds(int node, String name) {

  private static final Pattern TEXT =
      Pattern.compile("(?:(\\d{1,9})/|nodes/(\\d{1,9})/salvage/)([0-9a-f]{8,32}-\\d{1,18})");

  /** Reads one. Whether there is such an entry its node knows. */
  public static SalvageIds parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw CommandFailure.usage(
          "Expected an ID as naru salvage list prints it, such as 1/0a1b2c3d-7, but was " + text);
    }
    String node = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new SalvageIds(
        Integer.parseInt(node), "nodes/%s/salvage/%s".formatted(node, matcher.group(3)));
  }

  /** The entry in what its node has. */
  public SalvageEntry in(SalvageListing listing) {
    var unheard = listing.unheard().get(node);
    if (unheard != null) {
      throw unheard;
    }
    return listing.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            CommandFailure.of(
                    ErrorCode.SALVAGE_NOT_FOUND,
                    "Expected something that node %d has set aside, but there is no %s"
                        .formatted(node, name))
                .withHint("naru salvage list prints what there is"));
  }
}
