// How long trainings took. It is about the machine and what else it did, so it stands in the log and
// not in the result: equal runs are equal files.

import Repro

/// The time of one training by the clock.
public struct TrainingTime: Equatable, Sendable {
  /// The training's name, as its curve has it.
  public var stage: String
  /// The training seed.
  public var seed: Int
  /// How long all processes that worked on it took.
  public var seconds: Double

  /// Creates a time.
  public init(stage: String, seed: Int, seconds: Double) {
    (self.stage, self.seed, self.seconds) = (stage, seed, seconds)
  }

  /// The event of a training that took its time, if this is one; logs of older versions do not say.
  init?(_ event: JSON) {
    guard event["event"] == "stage", case .string(let stage)? = event["stage"],
      case .integer(let seed)? = event["seed"], let seconds = event["took"]?.double
    else { return nil }
    self.init(stage: stage, seed: seed, seconds: seconds)
  }
}

extension Run {
  /// The times of all trainings in the order in which they began; of one that was done twice, since
  /// its seed was stopped behind it, the later. A run without a log has none.
  public func trainingTimes() -> [TrainingTime] {
    var times: [TrainingTime] = []
    for time in (try? events())?.events.compactMap(TrainingTime.init) ?? [] {
      if let known = times.firstIndex(where: { $0.stage == time.stage && $0.seed == time.seed }) {
        times[known] = time
      } else {
        times.append(time)
      }
    }
    return times
  }
}
