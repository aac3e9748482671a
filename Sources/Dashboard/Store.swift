// What the store says, remembered for as long as nobody can tell the difference: many readers ask
// for the same list at once.

import Foundation
import Reporting
import Repro
import RunIndex
import RunStore
import Synchronization

/// The runs below a folder, for any number of readers.
public final class Store: Sendable {
  /// The folder that holds the runs.
  public let root: String
  private let indexPath: @Sendable () -> String?
  private let known = Mutex(Known())
  private let reader = Mutex(Reader())
  private let results = Recent<FileMark, ExperimentResult>(limit: 16)

  /// What was read last.
  private struct Known {
    var summaries: [RunSummary] = []
    var time = -Double.infinity
    var isSlow = false
    var isBeingRead = false
  }

  private struct Reader {
    var index: RunIndex?
    var hasNoIndex = false
  }

  /// Opens a store; the folder need not be there yet.
  ///
  /// - Parameter indexPath: Where the index stands, asked once the folder is there; see
  ///   ``IndexPlace``. Without one, or with one that cannot be used, the folders are read.
  public init(root: String, indexPath: @escaping @Sendable () -> String? = { nil }) {
    (self.root, self.indexPath) = (root, indexPath)
  }

  /// Whether the folder is there.
  package var exists: Bool { FileManager.default.fileExists(atPath: root) }

  /// A store that takes longer to read is read while its readers go on with what is known.
  private static let patience = 0.1
  /// But nobody is shown a list that is older.
  private static let oldest = 60.0

  /// Every folder below the root, by name, as it was at most `age` seconds ago. Of a store that
  /// takes long to read, what was read last; it is then read again, so that the next who asks, or
  /// an open page, learns what is new.
  ///
  /// Folders that are links are left out: they lead out of the store.
  ///
  /// - Throws: ``RunStoreError`` when the root cannot be listed.
  package func summaries(age: Double = 0.5) throws -> [RunSummary] {
    guard exists else { return [] }
    let (last, isToBeRead) = known.withLock { known in
      let past = Self.now - known.time
      let isLate = known.isSlow && past >= age && past < Self.oldest && !known.isBeingRead
      if isLate { known.isBeingRead = true }
      return (past < (known.isSlow ? Self.oldest : age) ? known.summaries : nil, isLate)
    }
    if isToBeRead {
      DispatchQueue.global().async { [self] in
        _ = try? read(age: 0)
        known.withLock { $0.isBeingRead = false }
      }
    }
    return try last ?? read(age: age)
  }

  /// Of readers that ask at once one reads, and the others wait for what it finds.
  private func read(age: Double) throws -> [RunSummary] {
    try reader.withLock { reader in
      if let fresh = known.withLock({ Self.now - $0.time < age ? $0.summaries : nil }) {
        return fresh
      }
      let start = Self.now
      let links = Self.links(in: root)
      let summaries = try read(&reader).filter { !links.contains($0.name) }
      known.withLock { known in
        (known.summaries, known.time) = (summaries, Self.now)
        known.isSlow = known.time - start > Self.patience
      }
      return summaries
    }
  }

  private func read(_ reader: inout Reader) throws -> [RunSummary] {
    if reader.index == nil, !reader.hasNoIndex {
      reader.index = indexPath().flatMap { try? RunIndex(root: root, path: $0) }
      reader.hasNoIndex = reader.index == nil
    }
    if let index = reader.index {
      do { return try index.summaries() } catch is RunIndexError { reader.index = nil }
    }
    return try RunCatalog(root: root).summaries()
  }

  private static func links(in root: String) -> Set<String> {
    guard let folder = opendir(root) else { return [] }
    defer { closedir(folder) }
    var names: Set<String> = []
    while let entry = readdir(folder) {
      guard Int(entry.pointee.d_type) == Int(DT_LNK) else { continue }
      names.insert(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  /// A folder below the root by its name; `nil` when there is none, or a link.
  package func folder(_ name: String) -> RunFolder? {
    var facts = stat()
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\0"),
      lstat(root + "/" + name, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR
    else { return nil }
    return RunFolder(store: self, name: name)
  }

  /// A result as its file says now.
  fileprivate func result(of folder: RunFolder) throws -> ExperimentResult? {
    guard let file = folder.open("result.json") else { return nil }
    return try results.value(FileMark(file, folder.name)) { try folder.run.result() }
  }
}

/// One state of a file.
struct FileMark: Hashable, Sendable {
  private let name: String
  private let numbers: [Int]

  init(_ file: OpenFile, _ name: String) {
    self.name = name
    numbers = [Int(truncatingIfNeeded: file.identity), file.size, file.changed]
  }
}

/// What was made last, so that it need not be made again.
final class Recent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let limit: Int
  private let kept = Mutex<[(key: Key, value: Value)]>([])

  init(limit: Int) { self.limit = limit }

  /// Two who ask for the same at once may both make it.
  func value(_ key: Key, make: () throws -> Value) rethrows -> Value {
    let found = kept.withLock { kept -> Value? in
      guard let place = kept.firstIndex(where: { $0.key == key }) else { return nil }
      let entry = kept.remove(at: place)
      kept.append(entry)
      return entry.value
    }
    if let found { return found }
    let value = try make()
    kept.withLock { kept in
      kept.removeAll { $0.key == key }
      kept.append((key, value))
      if kept.count > limit { kept.removeFirst() }
    }
    return value
  }
}

/// One folder of a store.
package struct RunFolder: Sendable {
  fileprivate let store: Store
  /// Its name.
  package let name: String

  /// The run.
  package var run: Run { Run(path: store.root + "/" + name) }

  /// One of its files; `nil` when there is no such plain file.
  package func open(_ path: String...) -> OpenFile? { OpenFile(root: store.root, [name] + path) }

  /// One of its files by the parts of its path.
  package func open(path: [String]) -> OpenFile? { OpenFile(root: store.root, [name] + path) }

  /// How it stands now.
  package func summary() -> RunSummary { RunSummary(reading: run) }

  /// The result; `nil` when no seed is done.
  ///
  /// - Throws: ``RunStoreError`` for a damaged one.
  package func result() throws -> ExperimentResult? { try store.result(of: self) }

  /// The copy of the script.
  package var script: String? { open("script.lua")?.text() }

  /// The report as it was written.
  package var report: String? { open("report.html")?.text(limit: 64 << 20) }

  /// Files with their sizes, by path; hidden ones and links are left out.
  package func files(limit: Int = 500) -> [(path: String, size: Int)] {
    var found: [(path: String, size: Int)] = []
    var folders = [""]
    while let folder = folders.popLast(), found.count < limit {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: run.path + "/" + folder)) ?? []
      for name in names where !name.hasPrefix(".") {
        let path = folder.isEmpty ? name : folder + "/" + name
        var facts = stat()
        guard lstat(run.path + "/" + path, &facts) == 0 else { continue }
        switch facts.st_mode & S_IFMT {
        case S_IFDIR: folders.append(path)
        case S_IFREG: found.append((path, Int(facts.st_size)))
        default: break
        }
      }
    }
    return found.sorted { $0.path < $1.path }
  }
}
