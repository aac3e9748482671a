// Calls in both directions, and the values they carry.

import LuaHost
import Testing

@Suite struct CallTests {
  @Test func `native functions compute`() throws {
    let world = try World()
    try world.run(
      """
      print(blob.add(2), blob.add(2, 5), blob.add(3.0))
      local a, b = blob.new(1), blob.new(2)
      print(a:plus(b):get(), (a + b).value, (a - 5).value, (5 - a).value, (-a):get(), #a)
      print(a[2], a[{1, 2}], a(4), a, a.bytes)
      a.value = 9
      print(a.value, blob.most, blob.names[2])
      """)
    #expect(
      world.printed == [
        "3\t7\t4", "3.0\t3.0\t-4.0\t4.0\t-1.0\t0", "3.0\t4.0\t4.0\tBlob(1.0)\t0", "9.0\t7\tb",
      ])
    #expect(world.close() == 0)
  }
}
