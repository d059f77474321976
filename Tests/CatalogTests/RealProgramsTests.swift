// SPDX-License-Identifier: Apache-2.0

import Catalog
import Glibc
import Testing
import Values

/// Compares the catalog with what real programs say.
///
/// KUBEWRIGHT_PROGRAMS names a folder with the five server programs of one release;
/// scripts/end-to-end sets it.
@Suite(.enabled(if: RealPrograms.folder != nil, "KUBEWRIGHT_PROGRAMS names no folder"))
struct RealProgramsTests {
  /// Flags of the published programs that a build without cloud providers lacks.
  static let providerFlags: Set<String> = [
    "azure-container-registry-config", "cloud-provider-gce-l7lb-src-cidrs",
    "cloud-provider-gce-lb-src-cidrs",
  ]

  /// Each flag of `--help` is in the catalog, and each of the catalog in `--help` or, as help hides
  /// what is deprecated, at least not refused.
  @Test(arguments: ServerProgram.allCases)
  func flagsAreThoseOfTheProgram(program: ServerProgram) throws {
    let programs = try #require(RealPrograms.folder.map(RealPrograms.init(folder:)))
    let minor = try #require(programs.minor(of: program))
    let shown = programs.shownFlags(of: program)
    let known = Catalog.standard.flags(of: program, at: minor)
    #expect(shown.subtracting(known).isEmpty, "not in the catalog at \(minor)")
    let refused = known.subtracting(shown).subtracting(Self.providerFlags)
      .filter { programs.refuses($0, of: program) }
    #expect(refused.isEmpty, "in the catalog at \(minor), but the program does not know them")
  }

  /// The admission plugins that the API server lists are the catalog's, and so are the defaults.
  @Test func admissionPluginsAreThoseOfTheAPIServer() throws {
    let programs = try #require(RealPrograms.folder.map(RealPrograms.init(folder:)))
    let minor = try #require(programs.minor(of: .apiServer))
    // The help of the older --admission-control names this flag too.
    let help = programs.output(of: .apiServer, ["--help"]).split(separator: "\n")
    let flag = "--enable-admission-plugins "
    let line = try #require(help.first { $0.drop(while: \.isWhitespace).hasPrefix(flag) })
    let defaults = try #require(line.names(after: "default enabled ones ("))
    let all = try #require(line.names(after: "Comma-delimited list of admission plugins: "))
    #expect(all == Catalog.standard.admissionPlugins(at: minor))
    #expect(defaults == Catalog.standard.defaultAdmissionPlugins(at: minor))
  }
}

/// A folder of server programs, asked on the command line.
struct RealPrograms {
  static var folder: String? {
    getenv("KUBEWRIGHT_PROGRAMS").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  let folder: String

  /// Standard output and error of a run; help is all that these runs do.
  func output(of program: ServerProgram, _ arguments: [String]) -> String {
    let words = ["\(folder)/\(program.rawValue)"] + arguments
    guard let pipe = popen(Shell.command(words) + " 2>&1", "r") else { return "" }
    defer { pclose(pipe) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// From `Kubernetes v1.20.2`.
  func minor(of program: ServerProgram) -> Minor? {
    output(of: program, ["--version"]).split(whereSeparator: \.isWhitespace).lazy
      .compactMap { KubernetesVersion(String($0)) }.first?.minor
  }

  /// The flags that `--help` lists, with the dashes between words that every program accepts.
  func shownFlags(of program: ServerProgram) -> Set<String> {
    var flags: Set<String> = []
    for line in output(of: program, ["--help"]).split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      // `-h, --help` and `-v, --v Level` have the short form first.
      guard line.hasPrefix("  "), let flag = words.prefix(2).first(where: { $0.hasPrefix("--") }),
        words[0].hasPrefix("-")
      else { continue }
      flags.insert(String(flag.dropFirst(2).map { $0 == "_" ? "-" : $0 }))
    }
    return flags
  }

  /// Whether the program calls the flag unknown; it stops at that before it acts on `--help`.
  func refuses(_ flag: String, of program: ServerProgram) -> Bool {
    output(of: program, ["--\(flag)=1", "--help"]).contains("unknown flag: --\(flag)")
  }
}

extension Substring {
  /// The names between `opening` and the end of its list, which are separated by commas.
  fileprivate func names(after opening: String) -> Set<String>? {
    guard let start = ranges(of: opening).first?.upperBound else { return nil }
    let list = self[start...].prefix { $0 != ")" && $0 != "." }
    return Set(list.split(separator: ",").map { String($0.drop { $0 == " " }) })
  }
}
