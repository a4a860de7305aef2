package dev.naru.bench.versus.report;

import dev.naru.bench.versus.result.Contender;
import dev.naru.bench.versus.result.Limit;
import dev.naru.bench.versus.result.Measure;
import dev.naru.bench.versus.result.Outcome;
import dev.naru.bench.versus.result.Results;
import dev.naru.bench.versus.result.Target;
import dev.naru.bench.versus.result.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The report for programs: every run by itself, and the ratios. */
public final class JsonReport {

  private JsonReport() {}

  /** Makes it. */
  public static String of(List<Setting> settings, Results results) {
    var report = new LinkedHashMap<String, Object>();
    var facts = new LinkedHashMap<String, Object>();
    settings.forEach(setting -> facts.put(setting.name(), setting.value()));
    report.put("settings", facts);
    report.put("runs", results.outcomes().stream().map(JsonReport::run).toList());
    report.put("targets", Targets.all().stream().map(target -> target(target, results)).toList());
    report.put("limits", Limit.all().stream().map(limit -> limit(limit, results)).toList());
    report.put("failures", results.failures());
    return JsonText.of(report);
  }

  private static Map<String, Object> run(Outcome outcome) {
    var run = new LinkedHashMap<String, Object>();
    run.put("case", outcome.caseName());
    run.put("system", outcome.contender().title());
    run.put("round", outcome.round());
    for (var measure : Measure.values()) {
      if (outcome.figures().containsKey(measure)) {
        run.put(measure.key(), outcome.figures().getOrDefault(measure, 0.0));
      }
    }
    run.put("othersShare", outcome.othersShare());
    run.put("kernelSeconds", outcome.kernelSeconds());
    run.put("disturbed", outcome.isDisturbed());
    return run;
  }

  private static Map<String, Object> target(Target target, Results results) {
    var form = new LinkedHashMap<String, Object>();
    form.put("row", target.row());
    form.put("claim", target.claim());
    form.put("of", target.of().contender().title() + " " + target.of().caseName());
    form.put("to", target.to().contender().title() + " " + target.to().caseName());
    form.put("measure", target.measure().key());
    putIfPresent(form, "goal", target.goal());
    putIfPresent(form, "must", target.must());
    results
        .ratio(target.of(), target.to(), target.measure())
        .ifPresent(ratio -> {
          form.put("ratio", ratio);
          form.put("verdict", target.verdict(ratio).name());
        });
    return form;
  }

  private static Map<String, Object> limit(Limit limit, Results results) {
    var form = new LinkedHashMap<String, Object>();
    form.put("claim", limit.claim());
    form.put("of", Contender.NARU.title() + " " + limit.caseName());
    form.put("measure", limit.measure().key());
    form.put("most", limit.most());
    limit
        .measured(results)
        .ifPresent(median -> {
          form.put("median", median);
          form.put("kept", limit.isKept(median));
        });
    return form;
  }

  private static void putIfPresent(Map<String, Object> form, String name, OptionalDouble value) {
    value.ifPresent(number -> form.put(name, number));
  }
}
