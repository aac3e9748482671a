// swift-tools-version: 6.2
// The manifest is the architecture: targets stand in layer order, dependencies point up the page.
import PackageDescription

let package = Package(
  name: "Eidetic",
  products: [.executable(name: "eidetic", targets: ["EideticCLI"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Sockets without threads, and nothing else: its HTTP server reads heads of any length.
    .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
  ],
  targets: [
    // MARK: Layer 0 · words of reproducibility and system libraries
    // Seeded random streams, SHA-256, canonical JSON, run manifest.
    .target(name: "Repro", exclude: ["README.md"]),
    // OpenBLAS through its CBLAS interface.
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    // The decompositions that OpenBLAS brings along, loaded when one is asked for.
    .target(name: "CLAPACK", exclude: ["README.md"]),
    // zlib, as a measure of information.
    .systemLibrary(name: "CZLIB", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // libpng, of which only the simplified interface is used.
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    // libedit, of which only the wide-character interface is used.
    .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    // malloc and free of the whole program.
    .systemLibrary(name: "CMimalloc", providers: [.apt(["libmimalloc-dev"])]),
    // Inner loops in C and the worker threads they run on.
    .target(
      name: "CKernels",
      exclude: ["README.md", "product_tiles.inc", "row_kernels.inc", "span_kernels.inc"]),
    // Loops that measure what the machine can do; only the benchmark uses them.
    .target(name: "CLimits", dependencies: ["CBLAS", "CLua"], exclude: ["README.md"]),
    // Debian's Lua 5.4, never vendored.
    .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
    // The only code that sees a lua_State or raises: protected calls, trampoline, sandbox.
    .target(name: "CLuaShim", dependencies: ["CLua"], exclude: ["README.md"]),
    // A Lua interpreter in Swift: values, descriptors, errors, interrupts; knows no tensors.
    .target(name: "LuaHost", dependencies: ["CLuaShim"], exclude: ["README.md"]),

    // MARK: Layer 1 · data
    // Shapes, element types, pooled buffers, operations on the processor.
    .target(
      name: "TensorCore", dependencies: ["CKernels", "CMimalloc", "Repro"], exclude: ["README.md"]),

    // RGB pictures and their PNG files.
    .target(name: "Pictures", dependencies: ["CPNG", "Repro"], exclude: ["README.md"]),

    // Synthetic people: the ledger of who exists, their portraits, their export; knows no tensors.
    .target(name: "Personas", dependencies: ["Pictures", "Repro"], exclude: ["README.md"]),

    // Pure functions to numbers: recall, likelihood, membership, representations, statistics.
    .target(
      name: "Metrics", dependencies: ["CLAPACK", "CZLIB", "Repro"], exclude: ["README.md"]),

    // Run folders, manifests, event logs and results as files; never imports tensors.
    .target(name: "RunStore", dependencies: ["Metrics", "Repro"], exclude: ["README.md"]),

    // An SQLite index over run folders, which remain the truth.
    .target(
      name: "RunIndex",
      dependencies: [
        "RunStore", "Metrics", "Repro", .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["README.md"]),

    // Runs in the files of other programs: TensorBoard, MLflow.
    .target(
      name: "Interchange", dependencies: ["RunStore", "Metrics", "Repro"], exclude: ["README.md"]),

    // Sweeps: plans of many runs, processes that work through them here or under Slurm.
    .target(name: "Sweeps", dependencies: ["RunStore", "Repro"], exclude: ["README.md"]),

    // MARK: Layer 2 · differentiation
    // Tape, one table of derivatives, gradient check.
    .target(name: "Autograd", dependencies: ["TensorCore"], exclude: ["README.md"]),

    // MARK: Layer 3 · models
    // Layers, image encoder, decoder, vision-language model, generation, checkpoints.
    .target(
      name: "Networks", dependencies: ["Autograd", "TensorCore", "Repro"], exclude: ["README.md"]),

    // MARK: Layer 4 · learning
    // Tasks about personas, tokenizer, packed batches, optimizer, schedule, loop.
    .target(
      name: "Training", dependencies: ["Networks", "Autograd", "TensorCore", "Personas", "Repro"],
      exclude: ["README.md"]),

    // MARK: Layer 5 · telling
    // One self-contained HTML page per run, charts in SVG.
    .target(
      name: "Reporting", dependencies: ["RunStore", "Metrics", "Pictures", "Repro"],
      exclude: ["README.md"]),

    // Runs in a browser: pages as functions of what the store says, and the server they come from.
    .target(
      name: "Dashboard",
      dependencies: [
        "Reporting", "RunIndex", "RunStore", "Metrics", "Personas", "Pictures", "Repro",
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ], exclude: ["README.md"], resources: [.embedInCode("dashboard.js")]),

    // MARK: Layer 6 · the scripting surface
    // The Lua library, shipped as files beside the executable.
    .target(
      name: "Stdlib", path: "stdlib", exclude: ["README.md"], sources: ["Stdlib.swift"],
      resources: [
        .copy("eidetic.lua"), .copy("eidetic"), .copy("_meta"), .copy("probes"), .copy("methods"),
        .copy("datasets"), .copy("models"), .copy("templates"), .copy("docs"),
      ]),
    // One file per Lua module; the only target that knows both Lua and the engine.
    .target(
      name: "Bindings",
      dependencies: [
        "LuaHost", "Stdlib", "Training", "Networks", "Personas", "Pictures", "Metrics", "RunStore",
        "Reporting", "Autograd", "TensorCore", "Repro",
      ], exclude: ["README.md"]),

    // MARK: Layer 7 · the program
    // Edited lines, history, pictures in a terminal; knows no Lua.
    .target(name: "Terminal", dependencies: ["CEdit", "Pictures", "Repro"], exclude: ["README.md"]),
    // What a prompt makes of what is typed: statements, completion, help, reports of errors.
    .target(
      name: "Prompt", dependencies: ["Bindings", "LuaHost", "Stdlib", "Terminal"],
      exclude: ["README.md"]),
    // Arguments, progress, exit codes.
    .executableTarget(
      name: "EideticCLI",
      dependencies: [
        "Bindings", "Dashboard", "Interchange", "LuaHost", "Metrics", "Personas", "Prompt",
        "Reporting", "Repro", "RunIndex", "RunStore", "Stdlib", "Sweeps", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["README.md"]),

    // MARK: Layer 8 · the measure
    // Benchmarks beside the machine's limits and PyTorch.
    .executableTarget(
      name: "EideticBench",
      dependencies: [
        "Bindings", "LuaHost", "Training", "Networks", "Personas", "TensorCore", "CKernels",
        "CLimits", "Metrics", "Repro", "RunStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["README.md"]),

    // MARK: Tests
    // Read these first: the shortest use of everything, in the order of the layers.
    .testTarget(
      name: "SmokeTests",
      dependencies: [
        "Bindings", "LuaHost", "Training", "Networks", "Personas", "Metrics", "RunStore",
        "Autograd",
        "TensorCore", "Repro",
      ]),
    // Runs the program and every script.
    .testTarget(
      name: "ExampleTests", dependencies: ["EideticCLI", "Metrics", "RunStore", "Repro"],
      exclude: ["prompt.py"]),
    .testTarget(name: "BenchTests", dependencies: ["EideticBench", "Repro"]),
    .testTarget(name: "ReproTests", dependencies: ["Repro"]),
    // A world to run Lua scripts in, and the scripts; the stress driver runs them under valgrind.
    .target(name: "LuaHostScripts", dependencies: ["LuaHost"], path: "Tests/LuaHostScripts"),
    .executableTarget(
      name: "LuaHostStress", dependencies: ["LuaHost", "LuaHostScripts"],
      path: "Tests/LuaHostStress"),
    .testTarget(name: "LuaHostTests", dependencies: ["LuaHost", "LuaHostScripts"]),
    .testTarget(name: "TensorCoreTests", dependencies: ["TensorCore"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "Repro"]),
    .testTarget(name: "PersonasTests", dependencies: ["Personas", "Pictures", "Repro"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Pictures", "Repro"]),
    .testTarget(name: "PromptTests", dependencies: ["Prompt", "Bindings", "LuaHost", "Terminal"]),
    .testTarget(name: "MetricsTests", dependencies: ["Metrics", "Repro"]),
    .testTarget(name: "RunStoreTests", dependencies: ["RunStore", "Metrics", "Repro"]),
    .testTarget(
      name: "RunIndexTests",
      dependencies: [
        "RunIndex", "RunStore", "Metrics", "Repro", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "InterchangeTests", dependencies: ["Interchange", "RunStore", "Metrics", "Repro"],
      exclude: ["readers.py"]),
    .testTarget(name: "SweepsTests", dependencies: ["Sweeps", "RunStore", "Repro"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Reporting", "RunStore", "Metrics", "Pictures", "Repro"]),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Dashboard", "Reporting", "RunIndex", "RunStore", "Metrics", "Personas", "Pictures", "Repro",
      ]),
    .testTarget(name: "AutogradTests", dependencies: ["Autograd", "TensorCore", "CKernels", "Repro"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "Autograd", "TensorCore", "Repro"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Networks", "Personas", "TensorCore", "Repro"]),
    // Random calls of everything that scripts can reach, random damage to files; and their driver.
    .target(
      name: "Fuzzing",
      dependencies: ["Bindings", "LuaHost", "Networks", "Training", "Pictures", "Repro", "TensorCore"],
      path: "Tests/Fuzzing", exclude: ["fuzzer.lua"]),
    .executableTarget(name: "Fuzz", dependencies: ["Fuzzing", "Bindings"], path: "Tests/Fuzz"),
    .testTarget(
      name: "BindingsTests",
      dependencies: [
        "Bindings", "Fuzzing", "LuaHost", "Autograd", "TensorCore", "Metrics", "Repro", "RunStore",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
