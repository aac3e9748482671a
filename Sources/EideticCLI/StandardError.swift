// Standard error, in one order with standard output.

import Foundation

/// Whether lines of standard error can be written over.
var canWriteOver: Bool {
  isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
}

/// Writes to standard error after what standard output still holds, so that a file that takes both
/// has them in order.
func writeError(_ text: String) {
  fflush(nil)
  FileHandle.standardError.write(Data(text.utf8))
}

/// Writes a line to standard error.
func printError(_ text: String) { writeError(text + "\n") }
