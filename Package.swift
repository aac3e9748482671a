// swift-tools-version: 6.2
// The manifest is the architecture: targets stand in layer order, dependencies point up the page.
import PackageDescription

let package = Package(
  name: "Eidetic",
  targets: [
    // MARK: Layer 0 · words of reproducibility and system libraries
    // Seeded random streams, SHA-256, canonical JSON, run manifest.
    .target(name: "Repro", exclude: ["README.md"]),

    // MARK: Tests
    .testTarget(name: "ReproTests", dependencies: ["Repro"]),
  ],
  swiftLanguageModes: [.v6]
)
