// One submission to Slurm: a folder with the batch script, the list of tasks, and job numbers.

import Foundation
import Repro
import RunStore

/// What the user asks of Slurm.
public struct SlurmOptions: Equatable, Sendable {
  /// How many tasks may run at once; `nil` for no limit.
  public var throttle: Int?
  /// Processors of each task.
  public var processors: Int
  /// Memory of each task in bytes; `nil` for the cluster's default.
  public var memory: Int?
  /// Further options of `sbatch`, such as `--partition=long`.
  public var further: [String]
  /// How many seconds before a time limit a task is asked to stop and queue itself again.
  public var warning: Int
  /// How often a task may be queued again.
  public var requeues: Int

  /// States what is wanted.
  public init(
    throttle: Int? = nil, processors: Int = 1, memory: Int? = nil, further: [String] = [],
    warning: Int = 120, requeues: Int = 100
  ) {
    (self.throttle, self.processors, self.memory) = (throttle, processors, memory)
    (self.further, self.warning, self.requeues) = (further, warning, requeues)
  }
}

/// A submission, as its folder keeps it.
struct SlurmSubmission {
  /// An array and the tasks that it stands for.
  struct Array {
    let job: Int
    /// The line of `tasks.txt` before its first element.
    let offset: Int
    let count: Int
  }

  let path: String
  /// The tasks' ids, one per line.
  let ids: [String]
  var arrays: [Array] = []

  /// The place of each task in the queue. A crash between `sbatch` and the note of its number
  /// leaves elements that are not known here: they do their tasks all the same, and the lock of
  /// each task keeps it from being done twice.
  var elements: [(id: String, line: Int, element: Slurm.Element)] {
    arrays.flatMap { array in
      zip(1..., ids.dropFirst(array.offset).prefix(array.count)).map { index, id in
        (id, array.offset + index, Slurm.Element(job: array.job, index: index))
      }
    }
  }

  /// Where an element writes the exit code of its task.
  func exitPath(line: Int) -> String { "\(path)/exit/\(line)" }

  // MARK: Files

  /// Writes script and list into a folder of their own; the caller sees to it that no two
  /// processes do so at once.
  ///
  /// - Throws: `FileWriteError`, ``SweepError``.
  init(_ folder: SweepFolder, name: String, ids: [String], _ options: SlurmOptions) throws {
    path = "\(folder.slurmPath)/\((Self.numbers(folder).last ?? 0) + 1)"
    self.ids = ids
    for part in ["exit", "out"] { try AtomicFile.write("", to: "\(path)/\(part)/.keep") }
    try AtomicFile.write(ids.map { $0 + "\n" }.joined(), to: path + "/tasks.txt")
    try AtomicFile.write(script(folder, name: name, options), to: path + "/batch.sh")
  }

  private init(reading path: String) throws {
    self.path = path
    ids = try String(contentsOfFile: path + "/tasks.txt", encoding: .utf8)
      .split(separator: "\n").map(String.init)
    // An unfinished submission has no jobs yet.
    guard FileManager.default.fileExists(atPath: path + "/jobs.json") else { return }
    arrays = try readJSON(path + "/jobs.json") { json in
      var members = try Members(.object(["jobs": json]), at: "submission")
      return try members.list("jobs") { json, place in
        var array = try Members(json, at: place)
        return Array(
          job: try array.take("job"), offset: try array.take("offset"),
          count: try array.take("count"))
      }
    }
  }

  /// All submissions of a sweep, oldest first.
  ///
  /// - Throws: ``RunStoreError`` when one is damaged.
  static func all(_ folder: SweepFolder) throws -> [SlurmSubmission] {
    try numbers(folder).compactMap { number in
      let path = "\(folder.slurmPath)/\(number)"
      guard FileManager.default.fileExists(atPath: path + "/tasks.txt") else { return nil }
      return try SlurmSubmission(reading: path)
    }
  }

  private static func numbers(_ folder: SweepFolder) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.slurmPath)) ?? []
    return names.compactMap { Int($0) }.sorted()
  }

  /// Notes an array that Slurm has taken.
  ///
  /// - Throws: `FileWriteError`.
  mutating func note(_ array: Array) throws {
    arrays.append(array)
    let jobs = arrays.map { array -> JSON in
      .object([
        "count": .integer(array.count), "job": .integer(array.job),
        "offset": .integer(array.offset),
      ])
    }
    try AtomicFile.write(JSON.array(jobs).pretty, to: path + "/jobs.json")
  }

  // MARK: The script

  private func script(_ folder: SweepFolder, name: String, _ options: SlurmOptions) -> String {
    let directives =
      [
        "--job-name=\(RunName.slug(name))", "--requeue", "--open-mode=append",
        "--signal=B:USR1@\(options.warning)", "--cpus-per-task=\(options.processors)",
        "--output=\(path)/out/%A_%a.txt",
      ] + (options.memory.map { ["--mem=\(max(1, $0 >> 20))M"] } ?? []) + options.further
    return """
      #!/bin/sh
      \(directives.map { "#SBATCH \($0)" }.joined(separator: "\n"))
      # One element of an array does the task in line $1 + SLURM_ARRAY_TASK_ID of tasks.txt.
      line=$(($1 + SLURM_ARRAY_TASK_ID))
      folder=\(Self.quoted(path))
      id=$(sed -n "${line}p" "$folder/tasks.txt")
      rm -f "$folder/exit/$line"
      export EIDETIC_THREADS="${SLURM_CPUS_PER_TASK:-1}"

      # Near the time limit Slurm sends USR1 (or what the cluster prefers): the task keeps what it
      # has and is queued again. TERM is the end that somebody else decided: it is not.
      asked="" child=""
      pass_on() {
        asked="${asked:-$1}"
        [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
      }
      trap 'pass_on requeue' USR1 USR2
      trap 'pass_on stop' TERM HUP INT

      \(Self.quoted(ChildProcess.program)) sweep task --plan \(Self.quoted(folder.path)) \\
        --id "$id" --log &
      child=$!
      # A signal ends wait, not the child.
      while :; do
        wait "$child"
        code=$?
        kill -0 "$child" 2>/dev/null || break
      done

      if [ "$asked" = requeue ] && [ "$code" = 130 ]; then
        if [ "${SLURM_RESTART_COUNT:-0}" -lt \(options.requeues) ]; then
          # The element's own name: the job's number alone would queue other elements again.
          exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        fi
        echo "stopped \(options.requeues) times before its end: not queued again"
        code=124
      fi
      echo "$code" >"$folder/exit/$line"
      exit "$code"

      """
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
