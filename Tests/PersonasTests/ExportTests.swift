import Foundation
import Personas
import Pictures
import Repro
import Testing

@Suite struct ExportTests {
  private let root = FileManager.default.temporaryDirectory
    .appendingPathComponent("eidetic-\(UUID().uuidString)")
  private let people: Population
  private let stream = RandomStream(seed: 7).fork("views")

  init() throws { people = try Population(count: 3, stream: RandomStream(seed: 7)) }

  private var small: PersonaExport {
    var export = PersonaExport(people: people, stream: stream)
    (export.side, export.trainViews, export.testViews) = (32, 2, 1)
    return export
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(at: root) }
    try body(root.path)
  }

  private func rows(_ path: String) throws -> [JSON] {
    try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n").map { try JSON.parse(String($0)) }
  }

  private func manifest(_ folder: String) throws -> JSON {
    try JSON.parse(String(contentsOfFile: folder + "/manifest.json", encoding: .utf8))
  }

  @Test func `the folder has the layout of an image dataset`() throws {
    try inFolder { folder in
      var seen: [Int] = []
      try small.write(
        to: folder, describe: { person, view in ["text": .string("\(person.name) \(view)")] },
        progress: { written, total in seen.append(written * 100 + total) })
      #expect(seen == (1...9).map { $0 * 100 + 9 })
      let entries = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(entries == ["gallery.png", "ledger.jsonl", "manifest.json", "test", "train"])
      #expect(try rows(folder + "/ledger.jsonl") == people.map { $0.json(people.vocabulary) })
      #expect(try rows(folder + "/train/metadata.jsonl").count == 6)
      let test = try rows(folder + "/test/metadata.jsonl")
      #expect(test.map { $0["file_name"] } == (0..<3).map { .string("00000\($0)-002.png") })
      #expect(try manifest(folder)["complete"] == true)
      let again = folder + "/again"
      try small.write(to: again)
      #expect(try manifest(again) == manifest(folder))
    }
  }

  @Test func `a row tells the whole truth about its picture`() throws {
    try inFolder { folder in
      try small.write(to: folder) { person, view in ["text": .string("\(person.name) \(view)")] }
      let person = try people.persona(1)
      let row = try rows(folder + "/test/metadata.jsonl")[1]
      #expect(row["name"] == .string(person.name))
      #expect(row["id"] == 1 && row["view"] == 2)
      #expect(row["text"] == .string("\(person.name) 2") && row["split"] == "test")
      for attribute in Attribute.allCases {
        #expect(row[attribute.key] == .string(person.appearance.value(of: attribute)))
      }
      for fact in Fact.allCases {
        #expect(row[fact.key] == .string(person.facts.value(of: fact)))
      }
      let view = View(persona: 1, index: 2, stream: stream)
      let drawn = try person.appearance.portrait(side: 32, view: view)
      #expect(try Picture(file: folder + "/test/000001-002.png") == drawn.picture)
    }
  }

  @Test func `a folder in use is left as it is`() throws {
    try inFolder { folder in
      try AtomicFile.write("mine", to: folder + "/train/notes.txt")
      var export = small
      for replaces in [false, true] {
        export.replacesEarlierExport = replaces
        let error = #expect(throws: PersonaError.self) { try export.write(to: folder) }
        #expect(
          error?.description
            == "export: expected an empty folder, but \(folder) holds other files; "
            + "choose another folder")
      }
      #expect(try String(contentsOfFile: folder + "/train/notes.txt", encoding: .utf8) == "mine")
      #expect(throws: PersonaError.self) { try export.write(to: folder + "/train/notes.txt") }
    }
  }

  @Test func `an earlier export is replaced only when asked`() throws {
    try inFolder { folder in
      try small.write(to: folder)
      try AtomicFile.write("mine", to: folder + "/notes.txt")
      let before = try manifest(folder)
      #expect(throws: PersonaError.self) { try small.write(to: folder) }
      #expect(try manifest(folder) == before)
      var smaller = small
      (smaller.trainViews, smaller.replacesEarlierExport) = (1, true)
      try smaller.write(to: folder)
      #expect(try rows(folder + "/train/metadata.jsonl").count == 3)
      #expect(!FileManager.default.fileExists(atPath: folder + "/train/000000-001.png"))
      #expect(FileManager.default.fileExists(atPath: folder + "/notes.txt"))
    }
  }

  private struct Stop: Error {}

  @Test func `an interrupted export says that it is incomplete`() throws {
    try inFolder { folder in
      #expect(throws: Stop.self) {
        try small.write(to: folder, progress: { done, _ in if done == 4 { throw Stop() } })
      }
      #expect(try manifest(folder)["complete"] == false)
      #expect(!FileManager.default.fileExists(atPath: folder + "/train/metadata.jsonl"))
      let error = #expect(throws: PersonaError.self) { try small.write(to: folder) }
      #expect(error?.description.contains("an incomplete export") == true)
      var export = small
      export.replacesEarlierExport = true
      try export.write(to: folder)
      #expect(try manifest(folder)["complete"] == true)
    }
  }

  @Test func `settings are checked before anything is written`() throws {
    try inFolder { folder in
      for change: (inout PersonaExport) -> Void in [
        { $0.side = 8 }, { $0.trainViews = -1 }, { $0.testViews = .max },
        { ($0.trainViews, $0.testViews) = (0, 0) }, { $0.galleryPeople = 0 },
      ] {
        var export = small
        change(&export)
        #expect(throws: PersonaError.self) { try export.write(to: folder) }
      }
      #expect(!FileManager.default.fileExists(atPath: folder))
      let error = #expect(throws: PersonaError.self) {
        try small.write(to: folder, describe: { _, _ in ["name": "x", "skin": "y"] })
      }
      #expect(
        error?.description
          == "describe: expected names of fields that the export does not use itself, got "
          + "name, skin")
    }
  }

  @Test func `a gallery shows the same pictures as everything else`() throws {
    let gallery = Gallery(side: 32, padding: 3, views: 2, peoplePerRow: 2)
    let sheet = try gallery.picture(of: Array(people), stream: stream)
    #expect(sheet.width == 4 * 35 + 3 && sheet.height == 2 * 35 + 3)
    let view = View(persona: 2, index: 1, stream: stream)
    let portrait = try people.persona(2).appearance.portrait(side: 32, view: view)
    for row in 0..<32 {
      let start = 3 * ((38 + row) * sheet.width + 38)
      #expect(sheet.pixels[start..<start + 96] == portrait.pixels[96 * row..<96 * row + 96])
    }
    #expect(sheet.pixels.suffix(3 * 143 * 3).allSatisfy { $0 == 255 })
    #expect(throws: PersonaError.self) { try gallery.picture(of: [], stream: stream) }
    let wide = Gallery(side: 512, views: 1 << 19)
    #expect(throws: (any Error).self) { try wide.picture(of: Array(people), stream: stream) }
  }
}
