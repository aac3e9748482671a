// People as a folder that other tools load: the Hugging Face `imagefolder` layout. Rows are written
// as they are made, so a million people need no memory; the manifest says whether all are there.

import Foundation
import Pictures
import Repro

/// Writes people, their pictures and their ledger to a folder.
///
/// ```
/// OUT/train/000012-000.png   views that models may learn from
/// OUT/train/metadata.jsonl   one row per picture: file_name, who it shows, every label
/// OUT/test/…                 held-out views of the same people
/// OUT/ledger.jsonl           one row per person
/// OUT/gallery.png            what they look like
/// OUT/manifest.json          settings; "complete" is true only after everything else stands
/// ```
///
/// In Python: `datasets.load_dataset("imagefolder", data_dir="OUT")`.
public struct PersonaExport: Sendable {
  /// The people to write.
  public let people: Population
  /// Decides the views, as in ``View/init(persona:index:stream:strength:)``.
  public let stream: RandomStream
  /// Width and height of each picture in pixels, 16 ... 512.
  public var side = 224
  /// Views 0 ..< `trainViews` of each person go to `train`; 0 or more.
  public var trainViews = 16
  /// The next `testViews` views of each person go to `test`; 0 or more.
  public var testViews = 4
  /// How far views spread, as in ``View/init(_:strength:)``.
  public var strength = 1.0
  /// The number of people in `gallery.png`, 1 or more.
  public var galleryPeople = 8
  /// Whether an earlier export in the folder may be replaced. Anything else is never touched.
  public var replacesEarlierExport = false

  /// Creates an export with the default settings.
  public init(people: Population, stream: RandomStream) {
    (self.people, self.stream) = (people, stream)
  }

  /// Text fields of one picture: called with the person and the number of the view.
  public typealias Description = (Persona, Int) throws -> [String: JSON]

  /// Writes everything.
  ///
  /// When it throws, or the process ends, the manifest says that the folder is incomplete.
  ///
  /// - Parameters:
  ///   - folder: A folder that is missing or empty, or holds an earlier export that may be replaced.
  ///   - describe: Adds fields to a picture's row; by default none.
  ///   - progress: Called after each picture with the number written so far and in all; may throw
  ///     to stop.
  /// - Throws: ``PersonaError`` for a setting or the folder, `FileWriteError` from the disk, or what
  ///   `describe` and `progress` throw.
  public func write(
    to folder: String, describe: Description = { _, _ in [:] },
    progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws {
    try check()
    let place = ExportFolder(path: folder)
    try place.claim(replacing: replacesEarlierExport, manifest: manifest(pixelHash: nil))
    try writeLedger(to: place.path("ledger.jsonl"))
    try gallery().write(to: place.path("gallery.png"))
    let total = people.count * (trainViews + testViews)
    var written = 0
    var hash = SHA256()
    for split in Split.allCases where !views(of: split).isEmpty {
      try LineFile.write(to: place.path("\(split.rawValue)/metadata.jsonl")) { emit in
        for person in people {
          for index in views(of: split) {
            let picture = try draw(person, index)
            hash.update(picture.pixels)
            let name = Self.fileName(person, index)
            try picture.write(to: place.path("\(split.rawValue)/\(name)"))
            try emit(row(person, index, split, name, describe(person, index)))
            written += 1
            try progress(written, total)
          }
        }
      }
    }
    try place.finish(manifest: manifest(pixelHash: hash.hexDigest()))
  }

  // MARK: Parts

  private enum Split: String, CaseIterable {
    case train, test
  }

  private func views(of split: Split) -> Range<Int> {
    split == .train ? 0..<trainViews : trainViews..<trainViews + testViews
  }

  private func draw(_ person: Persona, _ index: Int) throws -> Picture {
    let view = View(persona: person.id, index: index, stream: stream, strength: strength)
    return try person.appearance.portrait(side: side, view: view).picture
  }

  private func gallery() throws -> Picture {
    let shown = try (0..<min(galleryPeople, people.count)).map(people.persona)
    let sheet = Gallery(side: side, views: min(trainViews + testViews, 8), strength: strength)
    return try sheet.picture(of: shown, stream: stream)
  }

  private func writeLedger(to path: String) throws {
    try LineFile.write(to: path) { emit in
      for person in people { try emit(person.json(people.vocabulary)) }
    }
  }

  private static func fileName(_ person: Persona, _ index: Int) -> String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
    return "\(padded(person.id, 6))-\(padded(index, 3)).png"
  }

  private func row(
    _ person: Persona, _ index: Int, _ split: Split, _ name: String, _ described: [String: JSON]
  ) throws -> JSON {
    var fields: [String: JSON] = [
      "file_name": .string(name), "id": .integer(person.id), "name": .string(person.name),
      "first_name": .string(person.firstName), "last_name": .string(person.lastName),
      "view": .integer(index), "split": .string(split.rawValue),
    ]
    for attribute in Attribute.allCases {
      fields[attribute.key] = .string(person.appearance.value(of: attribute))
    }
    for fact in Fact.allCases { fields[fact.key] = .string(person.facts.value(of: fact)) }
    let taken = described.keys.filter { fields[$0] != nil || $0 == "image" }.sorted()
    guard taken.isEmpty else {
      throw PersonaError.badSetting(
        name: "describe", value: taken.joined(separator: ", "),
        expected: "names of fields that the export does not use itself")
    }
    fields.merge(described) { own, _ in own }
    return .object(fields)
  }

  // MARK: Settings

  private func check() throws {
    try Gallery.check("export", "side", side, Portrait.sides)
    try Gallery.check("export", "train views", trainViews, 0..<1 << 20)
    try Gallery.check("export", "test views", testViews, 0..<1 << 20)
    try Gallery.check("export", "views in all", trainViews + testViews, 1..<1 << 20)
    try Gallery.check("export", "people", people.count, 1..<NameSpace.largestCapacity + 1)
    try Gallery.check("export", "gallery people", galleryPeople, 1..<65)
  }

  /// Without a hash of all pixels, the folder is not complete.
  private func manifest(pixelHash: String?) -> JSON {
    [
      "format": .string(ExportFolder.format), "complete": .bool(pixelHash != nil),
      "pixels_sha256": pixelHash.map(JSON.string) ?? .null,
      "people": .integer(people.count), "first_id": .integer(people.ids.lowerBound),
      "universe": .string(Self.hex(people.universeKey)), "views": .string(Self.hex(stream.key)),
      "policy": .string(people.policy.rawValue), "names": .integer(people.names.capacity),
      "attributes": .array(people.vocabulary.active.map { .string($0.key) }),
      "side": .integer(side), "strength": .number(strength),
      "train_views": .integer(trainViews), "test_views": .integer(testViews),
    ]
  }

  private static func hex(_ key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
