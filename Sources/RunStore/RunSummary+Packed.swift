// A summary as bytes, for an index. What runs of one experiment have in common stands first and is
// unpacked once for all of them: ten thousand summaries take milliseconds.

import Foundation
import Metrics

extension RunSummary {
  /// The version of the bytes; an index drops those of another version.
  package static let packing = 2

  /// The summary without name and path.
  package var packed: [UInt8] {
    var all = Packer()
    all.add(bytes: common.bytes)
    all.add(State.allCases.firstIndex(of: state) ?? 0)
    all.add(reason) { $0.add($1) }
    all.add(seeds) { $0.add($1) }
    all.add(tags) { $0.add($1) }
    all.add(size)
    all.add(manifest) { $0.addOwn($1) }
    for cell in cells {
      all.add(cell.isBinary ? 1 : 0)
      all.add(cell.mean)
      all.add(cell.interval) {
        $0.add($1.low)
        $0.add($1.high)
      }
      all.add(cell.seedMeans) {
        $0.add($1.seed)
        $0.add($1.mean)
      }
    }
    return all.bytes
  }

  private var common: Packer {
    var packer = Packer()
    packer.add(primaryMetric)
    packer.add(cells.map(\.key)) {
      $0.add($1.metric)
      $0.add("\($1.group)")
      $0.add($1.keys)
    }
    packer.add(manifest) { $0.addCommon($1) }
    return packer
  }

  /// Unpacks; `nil` for bytes that are damaged.
  package init?(packed: Data, of run: Run, in parts: CommonParts) {
    self.init(name: run.name, path: run.path, state: .unfinished)
    do {
      try packed.withUnsafeBytes { bytes in
        var all = Unpacker(bytes)
        let common = try parts.part(of: try all.slice())
        let state = try all.integer()
        guard State.allCases.indices.contains(state) else { throw Unpacker.Damage() }
        self.state = State.allCases[state]
        reason = try all.optional { try $0.text() }
        seeds = try all.list { try $0.integer() }
        tags = try all.list { try $0.text() }
        size = try all.integer()
        let isManifest = try all.integer() == 1
        guard isManifest == (common.manifest != nil) else { throw Unpacker.Damage() }
        manifest = try common.manifest.map { try all.manifest(beside: $0) }
        primaryMetric = common.primaryMetric
        cells = try common.keys.map { try all.cell($0) }
        guard all.isAtEnd else { throw Unpacker.Damage() }
      }
    } catch { return nil }
  }
}

/// What summaries have in common, by its bytes.
package final class CommonParts {
  struct Part {
    var primaryMetric: String
    var keys: [CellKey]
    /// With the members that differ from run to run left empty.
    var manifest: Manifest?
  }

  private var last: (bytes: [UInt8], part: Part)?
  private var all: [[UInt8]: Part] = [:]

  package init() {}

  func part(of bytes: UnsafeRawBufferPointer) throws -> Part {
    // Neighbours are mostly alike.
    if let last, Self.areEqual(last.bytes, bytes) { return last.part }
    let key = Array(bytes)
    let part = try all[key] ?? Self.unpacked(bytes)
    all[key] = part
    last = (key, part)
    return part
  }

  private static func areEqual(_ bytes: [UInt8], _ others: UnsafeRawBufferPointer) -> Bool {
    bytes.withUnsafeBytes { bytes in
      guard bytes.count == others.count, let a = bytes.baseAddress, let b = others.baseAddress
      else { return false }
      return memcmp(a, b, bytes.count) == 0
    }
  }

  private static func unpacked(_ bytes: UnsafeRawBufferPointer) throws -> Part {
    var all = Unpacker(bytes)
    return Part(
      primaryMetric: try all.text(),
      keys: try all.list { item in
        let (metric, group) = (try item.text(), try item.text())
        return CellKey(metric: metric, keys: try item.texts(), group: Group(group))
      },
      manifest: try all.optional { try $0.commonManifest() })
  }
}

extension Packer {
  fileprivate mutating func addCommon(_ manifest: Manifest) {
    add(manifest.experiment)
    add(manifest.versions)
    add(manifest.blas)
    add(manifest.threads)
    add(manifest.host)
    add(manifest.directory) { $0.add($1) }
    add(manifest.scriptHash) { $0.add($1) }
    add(manifest.git) { packer, git in
      packer.add(git.commit)
      packer.add(git.branch)
      packer.add(git.changedFiles)
      packer.add(git.untrackedFiles)
      packer.add(git.patchHash) { $0.add($1) }
    }
  }

  fileprivate mutating func addOwn(_ manifest: Manifest) {
    add(manifest.command) { $0.add($1) }
    add(manifest.seeds) { $0.add($1) }
    add(manifest.dataHash)
    add(Int(manifest.time.timeIntervalSince1970))
    add(manifest.parameters)
    add(manifest.ending) { packer, ending in
      packer.add(ending.state.rawValue)
      packer.add(ending.exitCode)
      packer.add(Int(ending.time.timeIntervalSince1970))
      packer.add(ending.seconds)
    }
  }
}

extension Unpacker {
  fileprivate mutating func commonManifest() throws -> Manifest {
    let (experiment, versions) = (try text(), try texts())
    var manifest = Manifest(
      experiment: experiment, command: [], seeds: [], dataHash: "", versions: versions,
      blas: try text(), threads: try integer(), host: try text(),
      time: Date(timeIntervalSince1970: 0))
    manifest.directory = try optional { try $0.text() }
    manifest.scriptHash = try optional { try $0.text() }
    manifest.git = try optional { all in
      GitState(
        commit: try all.text(), branch: try all.text(), changedFiles: try all.integer(),
        untrackedFiles: try all.integer(), patchHash: try all.optional { try $0.text() })
    }
    return manifest
  }

  fileprivate mutating func manifest(beside common: Manifest) throws -> Manifest {
    var manifest = common
    manifest.command = try list { try $0.text() }
    manifest.seeds = try list { try $0.integer() }
    manifest.dataHash = try text()
    manifest.time = try time()
    manifest.parameters = try texts()
    manifest.ending = try optional { all in
      let (word, code) = (try all.text(), try all.integer())
      var ending = Manifest.Ending(
        exitCode: code, time: try all.time(), seconds: try all.double())
      guard let state = Manifest.Ending.State(rawValue: word) else { throw Damage() }
      ending.state = state
      return ending
    }
    return manifest
  }

  private mutating func time() throws -> Date {
    Date(timeIntervalSince1970: Double(try integer()))
  }

  fileprivate mutating func cell(_ key: CellKey) throws -> RunSummary.Cell {
    let isBinary = try integer() == 1
    return RunSummary.Cell(
      key: key, mean: try double(),
      interval: try optional { Interval(low: try $0.double(), high: try $0.double()) },
      seedMeans: try list { SeedMean(seed: try $0.integer(), mean: try $0.double()) },
      isBinary: isBinary)
  }
}
