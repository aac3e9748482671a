// How the numbers were made and how to make them again.

import Foundation
import Metrics
import RunStore

extension Report {
  package var notesSection: String? {
    guard !result.notes.isEmpty else { return nil }
    let items = result.notes.map { "<li>\(HTML.escaped($0))</li>" }
    return section("Notes", "<ul>\(items.joined())</ul>")
  }

  var reproduceSection: String? {
    let manifest = result.manifest
    let fixed = [
      ["Started", manifest.time.formatted(.iso8601)],
      ["Seeds", manifest.seeds.map(String.init).joined(separator: ", ")],
      ["Data hash", manifest.dataHash], ["BLAS", manifest.blas],
      ["Threads", String(manifest.threads)], ["Host", manifest.host],
    ]
    let versions = manifest.versions.sorted { $0.key < $1.key }.map { ["Version of " + $0, $1] }
    let parameters = manifest.parameters.sorted { $0.key < $1.key }.map {
      ["Parameter " + words($0), $1]
    }
    let rows = (fixed + versions + parameters).map { row in
      [HTML.escaped(row[0]), "<code>\(HTML.escaped(row[1]))</code>"]
    }
    return section(
      "How to reproduce",
      "<pre><code>\(HTML.escaped(manifest.commandLine))</code></pre>"
        + "<p>The same command on the same kind of machine gives the same bits, at any number of "
        + "threads.</p>"
        + HTML.table(head: ["Circumstance", "Value"], rows: rows, classes: "facts"))
  }

  var methodsSection: String? {
    let paragraphs = [intervals, comparisons, recall, chance]
    return section("Methods", paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n"))
  }

  private var intervals: String {
    let people =
      result.design == .perSeed
      ? "personas anew inside each drawn seed, for every seed has its own people"
      : "personas once for all drawn seeds, for all seeds share their people"
    return """
      <b>Intervals.</b> The persona is the unit; repeated questions to one persona are averaged \
      first. \(percent) intervals come from a hierarchical bootstrap with \
      \(counted(result.resamples, "resample")): seeds are drawn with replacement, then \(people). \
      Percentiles are read at the levels at which a normal statistic would get its t interval, with \
      the standard error and degrees of freedom of the \
      \(result.design == .perSeed ? "seed means" : "two-way random model, after Satterthwaite"); plain \
      percentiles are too narrow for a handful of seeds. With one seed only personas are resampled, \
      and nothing is said about other seeds. Where all answers agree, Wilson’s bound for the \
      personas of one seed is given instead. The seed sd is the standard deviation of the seed means.
      """
  }

  private var comparisons: String {
    let family = result.comparisons.count { comparison in
      primary.map { $0.metric == comparison.first.metric } ?? false
    }
    return """
      <b>Comparisons</b> are paired: each persona’s answers under both conditions, in the same \
      resamples. p is the two-sided t test of no difference with seeds and personas random, adjusted \
      by Holm for the \(counted(family, "comparison")) of the metric. The detectable difference is \
      (t<sub>0.975</sub> + t<sub>0.8</sub>) standard errors. McNemar’s exact test is given per seed; \
      pooled over seeds it is too small. The ratio is target over source, chance-corrected (target − \
      chance) over (source − chance); neither exists where the source is at or below chance: “not \
      memorized”. φ is the correlation of the two answers.
      """
  }

  private var recall: String {
    """
    <b>Recall.</b> full_name is right when the whole answer equals the name after normalisation \
    (<code>\(HTML.escaped(NameNormalizer.name))</code>), first_name and last_name when its first and \
    last word do; substrings never count. Ranks are those of the true name among all candidates by \
    the model’s score, ties resolved against the model.
    """
  }

  private var chance: String {
    """
    <b>Chance</b> is the score of always giving the most frequent truth of the cell, or the value the \
    experiment states. <b>Twins</b> are never-trained people from the same generator. Transfer is \
    claimed when the interval of the target lies above chance, and only then.
    """
  }
}
