package dev.naru.cli;

import dev.naru.cli.dev.DevState;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.Stdout;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruTimeoutException;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One call of the command: its flags, its streams and the way to the cluster. */
public final class Invocation {

  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(1);
  private static final String BOOTSTRAP_DEFAULT = "localhost:9410";

  private final GlobalFlags flags;
  private final Stdout stdout;
  private final Notes notes;

  Invocation(Map<String, String> environment, Stdout stdout, Notes notes) {
    this.flags = new GlobalFlags(environment);
    this.stdout = stdout;
    this.notes = notes;
  }

  /** What was given beside the command's own flags. */
  public GlobalFlags flags() {
    return flags;
  }

  /** For data. */
  public Stdout stdout() {
    return stdout;
  }

  /** For everything else. */
  public Notes notes() {
    return notes;
  }

  /** The form of output of commands for which the table is the default. */
  public OutputFormat output() {
    return flags.output().orElse(OutputFormat.TABLE);
  }

  /** Prints them in the form that was asked for. */
  public void print(Listing<?> listing) {
    listing.print(output(), stdout);
  }

  /** Before the first library logs: nothing of it is printed, or warnings with {@code -v}. */
  public void hushLibraries() {
    Diagnostics.configure(flags.isVerbose());
  }

  /** Connects, with these settings unless a flag says otherwise. */
  public NaruClient open(Map<String, String> settings) {
    hushLibraries();
    var properties = new Properties();
    properties.put("client.id", "naru-cli");
    properties.put("bootstrap.servers", bootstrapServers());
    properties.putAll(settings);
    properties.putAll(flags.settings());
    return NaruClient.fromProperties(properties);
  }

  /** Connects for calls that are answered one by one. */
  public NaruClient open() {
    return openAt(bootstrapServers());
  }

  /** The same, with these nodes to ask first whatever the flags say. */
  public NaruClient openAt(String bootstrapServers) {
    return open(
        Map.of(
            "request.timeout.ms",
            Long.toString(callLimit().toMillis()),
            "bootstrap.servers",
            bootstrapServers));
  }

  /**
   * Waits for the answer of one call: a little longer than the client, which says why it gave up.
   */
  public <T> T await(CompletableFuture<T> answer) {
    return await(answer, CALL_LIMIT);
  }

  /** The same of a call that takes longer; a flag says otherwise. */
  public <T> T await(CompletableFuture<T> answer, Duration usual) {
    var limit = flags.timeout().orElse(usual);
    try {
      return answer.get(limit.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT,
          "Expected an answer within " + limit.toMillis() + " ms, but none came");
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for an answer, but was interrupted", e);
    }
  }

  /**
   * Fails at once if no node answers. A consumer would keep trying, which is not what somebody at a
   * terminal wants to wait for.
   */
  public void requireReachable(NaruClient naru) {
    await(naru.admin().describeCluster());
  }

  /** How long one call may take. */
  public Duration callLimit() {
    return flags.timeout().orElse(CALL_LIMIT);
  }

  /**
   * Which nodes a client asks first, separated by commas. A cluster that naru dev runs in this
   * folder is the one that is meant, on whichever node lives.
   */
  public String bootstrapServers() {
    return flags
        .bootstrapServers()
        .or(() -> DevState.bootstrapServersIn(Path.of(DevState.DIRECTORY_DEFAULT)))
        .orElse(BOOTSTRAP_DEFAULT);
  }
}
