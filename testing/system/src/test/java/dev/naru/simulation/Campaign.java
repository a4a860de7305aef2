package dev.naru.simulation;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many runs, several at the same time, each on one thread and sharing nothing with the others. How
 * far it is, is told while it goes on; what came out, at the end.
 */
final class Campaign {

  private static final long PROGRESS_SECONDS = 10;

  private final CampaignPlan plan;
  private final PrintStream out;
  private final CampaignReport report;
  private final AtomicLong next = new AtomicLong();
  private final AtomicBoolean isOver = new AtomicBoolean();

  private Campaign(CampaignPlan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
    report = new CampaignReport(plan);
  }

  /** Runs all of it, or up to the first failure, and prints what came out. */
  static CampaignReport run(CampaignPlan plan, PrintStream out) throws InterruptedException {
    return new Campaign(plan, out).run();
  }

  private CampaignReport run() throws InterruptedException {
    out.println(report.heading());
    var ended = new CountDownLatch(plan.threads());
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < plan.threads(); i++) {
      threads.add(Thread.ofPlatform().daemon().name("runs-" + i).start(() -> work(ended)));
    }
    try {
      while (!ended.await(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
        out.println(report.progress());
      }
    } finally {
      isOver.set(true); // whoever waits was interrupted; what runs ends soon
    }
    for (var thread : threads) {
      thread.join();
    }
    out.println(report.table());
    return report;
  }

  private void work(CountDownLatch ended) {
    try {
      long number = next.getAndIncrement();
      while (number < plan.runs() && !isOver.get()) {
        work(plan.run(number));
        number = next.getAndIncrement();
      }
    } finally {
      ended.countDown();
    }
  }

  private void work(CampaignPlan.Run run) {
    report.begins(run);
    try {
      report.ended(run, Simulation.run(Scenario.of(run.seed(), run.world()), plan.rules()));
    } catch (Throwable failure) { // an error of the machine ends the run no less
      report.failed(run, failure);
      if (!plan.keepsGoing()) {
        isOver.set(true);
      }
      synchronized (out) { // two at a time would be hard to read
        out.printf("%nFAILED: %s%n%s%n%n", run, failure.getMessage());
      }
    }
  }
}
