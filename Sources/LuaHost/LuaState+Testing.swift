// Levers for tests of what cannot be provoked from outside: memory that runs short at a given
// allocation, and a collection at every one.

internal import CLuaShim

extension LuaState {
  /// Starts an interpreter whose n-th allocation, and every later one, fails.
  package convenience init(failingAllocation n: Int) throws {
    try self.init(profile: .open, failAllocation: n)
  }

  /// Lets the n-th allocation from now fail, and the `count - 1` after it. Lua tries each twice.
  package func failAllocation(_ n: Int, count: Int = 2) {
    es_fail_allocation(core.host, Int64(n), Int64(count))
  }

  /// Makes every growth of Lua's heap collect everything first.
  package func collectAlways(_ on: Bool) { es_collect_always(core.host, on ? 1 : 0) }

  /// Values that Swift holds handles on.
  package var liveReferences: Int { Int(es_live_references(core.host)) }
}
