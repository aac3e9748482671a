// Runs what the tests run, on one thread and without a test library, for tools that cannot follow
// those: valgrind stops at libdispatch's main loop. Prints each part; a crash or a leak is the answer.

import Foundation
import LuaHost
import LuaHostScripts

func fail(_ message: String) -> Never {
  print("FAILED: \(message)")
  exit(1)
}

/// Runs a part in a world of its own and counts what outlives it.
func part(_ name: String, _ world: World, _ body: (World) throws -> Void) {
  do { try body(world) } catch { fail("\(name): \(error)") }
  if world.close() != 0 { fail("\(name): \(world.ledger.live) objects outlive their state") }
}

/// Until the whole script was through; one that catches its errors may be through before.
func sweep(count: Int, atLeast: Int) throws -> Int {
  for n in 1... {
    var isDone = false
    part("allocation \(n)", try World()) { world in
      try world.addGrains()
      world.state.failAllocation(n, count: count)
      isDone = (try? world.run(Scripts.everything)) != nil
      isDone = (try? world.run(Scripts.grains)) != nil && isDone
      world.state.failAllocation(0)
      _ = try world.run("return blob.add(1)")
    }
    if isDone, n >= atLeast { return n }
  }
  return 0
}

do {
  let most = try sweep(count: .max, atLeast: 1)
  print("every allocation fails from the n-th on: \(most) allocations")
  print("only the n-th allocation fails: \(try sweep(count: 2, atLeast: most)) allocations")
  part("collect always", try World()) { world in
    world.state.collectAlways(true)
    _ = try world.run(Scripts.everything)
  }
  for row in Scripts.failing {
    part(row.source, try World()) { world in
      if world.message(row.source) != row.message {
        fail("\(row.source): \(world.message(row.source))")
      }
    }
  }
  print("failing scripts: \(Scripts.failing.count)")
  for source in Scripts.escapes {
    part(source, try World(.sandbox, memoryLimit: 64 << 20)) { _ = $0.message(source) }
  }
  print("escapes: \(Scripts.escapes.count)")
  for seed in 1...5 {
    part("random calls, seed \(seed)", try World(instructionLimit: 5_000_000)) { world in
      try world.state.seedRandom(seed)
      try world.run(Scripts.random)
    }
  }
  print("random calls: 7500")
  for row in Scripts.endless {
    part(row.name, try World(instructionLimit: 50_000)) { _ = $0.message(row.source) }
    part(row.name, try World()) { world in
      world.state.interrupt()
      _ = world.message(row.source)
    }
  }
  print("endless scripts: \(Scripts.endless.count)")
} catch {
  fail("\(error)")
}
